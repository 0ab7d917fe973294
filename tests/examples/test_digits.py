"""examples/digits: the committed files say what the READMEs say, and the converted net says the same."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DIGITS = REPOSITORY / "examples" / "digits"
MO = Path(os.environ.get("MO_BINARY", REPOSITORY / "build" / "release" / "bin" / "mo"))

sys.path.insert(0, str(DIGITS))
import caffemodel  # noqa: E402
import classify  # noqa: E402
import network  # noqa: E402


@pytest.fixture(scope="module")
def test_set():
    return classify.test_set()


@pytest.fixture(scope="module")
def blobs():
    return caffemodel.read_blobs((DIGITS / "digits.caffemodel").read_bytes())


@pytest.fixture(scope="module")
def trained(test_set, blobs):
    """Probabilities that the trainer's own forward gives with the committed weights."""
    return network.forward(blobs, test_set[0])


def convert(folder: Path, *options) -> Path:
    command = [MO, "--input_model", DIGITS / "digits.caffemodel", "--output_dir", folder, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "digits.xml"


def stated_accuracies() -> list:
    texts = [(folder / "README.md").read_text() for folder in (REPOSITORY, DIGITS)]
    return [value for text in texts for value in re.findall(r"test images right: accuracy (\d\.\d+)", text)]


def test_readmes_state_the_accuracy_of_the_committed_weights(test_set, trained):
    accuracy = (trained.argmax(axis=1) == test_set[1]).mean()
    assert accuracy > 0.98
    stated = stated_accuracies()
    assert len(stated) >= 2
    assert set(stated) == {f"{accuracy:.4f}"}


def test_prototxt_is_what_the_script_writes(blobs):
    assert (DIGITS / "digits.prototxt").read_text() == caffemodel.text("digits", network.layers(blobs))


def test_caffemodel_is_what_the_script_writes(blobs):
    assert (DIGITS / "digits.caffemodel").read_bytes() == caffemodel.binary("digits", network.layers(blobs))


def test_opencv_reads_the_same_net(test_set, trained):
    import cv2

    net = cv2.dnn.readNetFromCaffe(str(DIGITS / "digits.prototxt"), str(DIGITS / "digits.caffemodel"))
    for image, expected in zip(test_set[0][:20], trained):
        net.setInput(image[None])
        np.testing.assert_allclose(net.forward()[0], expected, atol=1e-5)


def test_ir_gives_the_numbers_of_the_trainer(tmp_path, test_set, trained):
    found = classify.probabilities(convert(tmp_path), test_set[0])
    np.testing.assert_allclose(found, trained, atol=1e-5)


def test_half_precision_ir_agrees(tmp_path, test_set, trained):
    found = classify.probabilities(convert(tmp_path, "--data_type", "FP16"), test_set[0])
    assert (found.argmax(axis=1) == trained.argmax(axis=1)).mean() > 0.995
    np.testing.assert_allclose(found, trained, atol=2e-2)


def test_classify_prints_the_stated_accuracy(tmp_path):
    command = [sys.executable, DIGITS / "classify.py", convert(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(f"test images right: accuracy {stated_accuracies()[0]}")
