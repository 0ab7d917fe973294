"""hello_classification names the digit on an image, and says what is wrong with what it cannot use."""

import re

import numpy as np
import pytest

from support import apps, converter, executors

DIGITS = converter.REPOSITORY / "examples" / "digits"
LABELS = dict(line.split() for line in (DIGITS / "labels.txt").read_text().splitlines())
IMAGES = list(LABELS)[:6]
SAMPLES = ["hello_classification", "hello_classification.py"]


@pytest.fixture(scope="module")
def digits(tmp_path_factory, mo):
    """The IR that takes bytes, with names of its classes."""
    folder = tmp_path_factory.mktemp("digits")
    done = converter.run("--input_model", DIGITS / "digits.caffemodel", "--scale", 255, "--output_dir", folder)
    assert done.returncode == 0, done.stderr
    (folder / "digits.labels").write_text("".join(f"number {i}\n" for i in range(10)))
    return folder / "digits.xml"


def best(text: str) -> list:
    """(class, probability, label) of the lines below the heading."""
    return [(int(c), float(p), n) for c, p, n in re.findall(r"^(\d+) +(\d\.\d+) +(.*)$", text, flags=re.MULTILINE)]


@pytest.mark.parametrize("sample", SAMPLES)
def test_classes_are_those_of_the_python_runtime(sample, digits):
    import cv2

    for name in IMAGES:
        done = apps.run(sample, digits, DIGITS / name)
        assert done.returncode == 0, done.stderr
        found = best(done.stdout)
        image = cv2.imread(str(DIGITS / name), cv2.IMREAD_GRAYSCALE)
        expected = executors.run_openvino(digits, {"data": image[None, None].astype(np.float32)})["prob"][0]
        assert [c for c, _, _ in found][0] == int(expected.argmax()) == int(LABELS[name])
        assert [n for _, _, n in found] == [f"number {c}" for c, _, _ in found]
        # The sample lets the processor use its 16-bit units, if it has any.
        np.testing.assert_allclose([p for _, p, _ in found], np.sort(expected)[::-1][: len(found)], atol=2e-3)


@pytest.mark.parametrize("names", [3, 11])
@pytest.mark.parametrize("sample", SAMPLES)
def test_labels_of_another_model_are_said(sample, names, digits, tmp_path):
    for suffix in (".xml", ".bin"):
        (tmp_path / f"net{suffix}").write_bytes(digits.with_suffix(suffix).read_bytes())
    (tmp_path / "net.labels").write_text("a name\n" * names)
    done = apps.run(sample, tmp_path / "net.xml", DIGITS / "images" / "000.png")
    assert done.returncode == 0
    warnings = [line for line in done.stderr.splitlines() if "WARNING" in line]
    assert len(warnings) == 1
    assert f"{names} names for 10 classes" in warnings[0]


@pytest.mark.parametrize("sample", SAMPLES)
def test_one_image_goes_into_a_model_of_many(sample, digits, tmp_path):
    done = converter.run("--input_model", DIGITS / "digits.caffemodel", "--scale", 255, "--output_dir", tmp_path, "--batch", 4)
    assert done.returncode == 0, done.stderr
    image = DIGITS / "images" / "000.png"
    many, one = (apps.run(sample, xml, image) for xml in (tmp_path / "digits.xml", digits))
    assert many.returncode == 0, many.stderr
    assert [row[0] for row in best(many.stdout)] == [row[0] for row in best(one.stdout)]


WRONG = {
    "no image that can be read": lambda xml: [xml, DIGITS / "README.md"],
    "there is no such file": lambda xml: [xml.with_name("other.xml"), DIGITS / "images" / "000.png"],
    "there is no device NPU9 here, but: CPU": lambda xml: [xml, DIGITS / "images" / "000.png", "NPU9"],
    "usage": lambda xml: [xml],
}


@pytest.mark.parametrize("message", WRONG)
@pytest.mark.parametrize("sample", SAMPLES)
def test_one_message_says_what_is_wrong(sample, message, digits):
    done = apps.run(sample, *WRONG[message](digits))
    assert done.returncode == 1
    assert message in done.stderr
    assert sum("ERROR" in line for line in done.stderr.splitlines()) == 1  # libraries of the runtime may say things of their own
