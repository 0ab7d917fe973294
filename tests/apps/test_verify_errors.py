"""mo verify: what it cannot read or compare is one message, with the way out."""

import shutil
import subprocess

import numpy as np
import pytest

from apps.verifying import recorded_run, verify
from cli import nets
from support import converter
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")
DIGITS = converter.REPOSITORY / "examples" / "digits"


def messages(done) -> list:
    return [line for line in done.stderr.splitlines() if line.startswith("[ ERROR ]")]


def test_without_the_applications_one_message_says_so(tmp_path, mo):
    alone = tmp_path / "mo"
    shutil.copy(mo, alone)
    for words in (["verify"], ["--input_model", DIGITS / "digits.caffemodel", "--verify", "--output_dir", tmp_path]):
        done = subprocess.run([alone, *map(str, words)], capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "#apps-not-built" in done.stderr
        assert "./mo apps" in done.stderr
        assert not list(tmp_path.glob("*.xml"))


def break_archive(net):
    (net.folder / "in.npz").write_bytes(b"no archive")


def foreign_array(net):
    np.savez(net.folder / "in.npz", image=np.zeros(3))


def wrong_shape(net):
    np.savez(net.folder / "in.npz", data=np.zeros((1, 3, 12, 11), np.float32))


def column_major(net):
    np.savez(net.folder / "in.npz", data=np.asfortranarray(np.zeros((1, 3, 12, 10), np.float32)))


def other_names(net):
    recorded_run(net, {"conv1": "a", "conv2": "b"})


def cut_off(net):
    np.save(net.folder / "short.npy", np.zeros((5, 5), np.float32))
    whole = (net.folder / "short.npy").read_bytes()
    (net.folder / "short.npy").write_bytes(whole[:-9])
    np.savez(net.folder / "in.npz", data=np.zeros((1, 3, 12, 10), np.float32))


WRONG = {
    "an archive that is none": (break_archive, ["--inputs", "in.npz"], 3, "damaged-arrays", "in.npz: this is no archive"),
    "an array of another name": (foreign_array, ["--inputs", "in.npz"], 2, "verify-inputs", 'no array "data"'),
    "an array of another shape": (wrong_shape, ["--inputs", "in.npz"], 2, "verify-inputs", "[1, 3, 12, 11]"),
    "an array in column-major order": (column_major, ["--inputs", "in.npz"], 3, "damaged-arrays", "column-major"),
    "an array that is cut off": (cut_off, ["--inputs", "in.npz", "--recorded", "short.npy"], 3, "damaged-arrays", "fewer"),
    "recorded results without inputs": (other_names, ["--recorded", "out.npz"], 2, "verify-inputs", "--inputs"),
    "recorded results of other names": (other_names, ["--recorded", "out.npz", "--inputs", "in.npz"], 1,
                                        "nothing-to-compare", "no layer"),
    "no image": (lambda net: None, ["--image", DIGITS / "README.md"], 3, "image-not-readable", "README.md"),
    "no such image": (lambda net: None, ["--image", "none.png"], 3, "file-not-found", "none.png"),
    "no such device": (lambda net: None, ["--device", "NPU9"], 2, "no-device", "CPU"),
    "a command that fails": (lambda net: None, ["--caffe", "echo something broke; false"], 1, "executor-failed",
                             "something broke"),
    "a range that is none": (lambda net: None, ["--range", "5,5"], 2, "command-line", "--range"),
    "an IR in ONNX Runtime": (lambda net: None, ["--onnx_runtime", "true"], 2, "command-line", "--onnx_runtime"),
    "an option that is none": (lambda net: None, ["--imag", "x"], 2, "unknown-option", "-image"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_one_message_says_what_is_wrong(case, padded):
    prepare, options, status, code, words = WRONG[case]
    padded.convert()
    prepare(padded)
    done = verify(padded, *options, status=status)
    assert len(messages(done)) == 1
    assert words in done.stderr
    assert f"docs/FAQ.md#{code}" in done.stderr


def test_an_ir_that_the_runtime_refuses(padded):
    xml = padded.convert().xml
    xml.write_text(xml.read_text().replace('type="MaxPool"', 'type="Pool9"'))
    done = verify(padded, status=1)
    assert "#runtime-refuses" in done.stderr
    assert "Pool9" in done.stderr


def test_a_net_that_opencv_cannot_read_is_said_with_the_ways_out(tmp_path):
    text = input_layer("data", (1, 3, 4, 4)) + layer("relu", "ReLU", ["data"], params="relu_param { forks_own_thing: 1 }")
    net = nets.Net(tmp_path, text, {})
    net.convert()
    done = verify(net, status=1)
    assert "#executor-failed" in done.stderr
    assert "forks_own_thing" in done.stderr
    assert "--recorded" in done.stderr


def test_another_net_is_not_compared(padded, tmp_path):
    other = nets.two_inputs(tmp_path / "other")
    other.convert()
    done = verify(padded, xml=other.folder / "ir" / "net.xml", status=2)
    assert "#verify-inputs" in done.stderr
