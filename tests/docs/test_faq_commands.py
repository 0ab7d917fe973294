"""The FAQ's commands are run: one that is a remedy succeeds, one that shows what is wrong fails with its entry's message."""

import re

import numpy as np
import pytest

from cli import nets
from docs.pages import FAQ, all_commands, make_place, shell
from numeric.row import Numbers
from support import executors
from support.prototxt import input_layer, layer

NOT_RUN = {
    "ls -l net.caffemodel": "shows what the message is about",
    "validation_app -t OD -m classifier.xml ...": "shortened",
    "validation_app -d GPU ...": "shortened",
    "validation_app -ppType None ...": "shortened",
}
ENTRIES = dict(zip(*[iter(re.split(r"^## (\S+)\n", FAQ.read_text(), flags=re.MULTILINE)[1:])] * 2))

pytestmark = pytest.mark.usefixtures("mo")


def regions(folder, stem="net"):
    """An image and `im_info`."""
    text = (input_layer("data", (1, 3, 40, 40)) + input_layer("im_info", (1, 3)) + nets.convolution("conv", "data", 2)
            + layer("pool", "Pooling", ["conv"], params="pooling_param { pool: AVE global_pooling: true }")
            + layer("flat", "Flatten", ["pool"]) + layer("all", "Concat", ["flat", "im_info"]))  # fmt: skip
    n = Numbers("regions")
    nets.Net(folder, text, {"conv": [n.normal(2, 3, 3, 3), n.normal(2)]}, stem)


def chain(folder):
    """conv1, pool5, conv2 of 256 channels, conv3, slice."""
    text = (input_layer("data", (1, 3, 20, 20)) + nets.convolution("conv1", "data", 4)
            + layer("pool5", "Pooling", ["conv1"], params="pooling_param { pool: MAX kernel_size: 2 stride: 2 }")
            + nets.convolution("conv2", "pool5", 256, 1) + nets.convolution("conv3", "conv2", 4, 1)
            + layer("slice", "Slice", ["conv3"], ["slice1", "slice2"], "slice_param { axis: 1 }"))  # fmt: skip
    n = Numbers("chain")
    nets.Net(folder, text, {"conv1": [n.normal(4, 3, 3, 3), n.normal(4)], "conv2": [n.normal(256, 4, 1, 1), n.normal(256)],
                            "conv3": [n.normal(4, 256, 1, 1), n.normal(4)]})  # fmt: skip


def image_and_mask(folder):
    """`data` of three channels and `rois` of one."""
    text = input_layer("data", (1, 3, 8, 8)) + input_layer("rois", (1, 1, 8, 8)) + layer("all", "Concat", ["data", "rois"])
    nets.Net(folder, text, {})


def recorded(folder):
    net = nets.padded(folder)
    net.convert(out=".")
    inputs = {"data": nets.pixels(1, 3, 12, 10) - 128}
    np.savez(folder / "inputs.npz", **inputs)
    np.savez(folder / "blobs.npz", **executors.run_opencv(net.text, net.model, inputs, {"pool1": "pool1", "conv2": "conv2"}))


NETS = {
    "input-shape-count": lambda folder: regions(folder, "rcnn"),
    "freeze-value": regions,
    "unknown-node": chain, "bad-port": chain, "shape-at-cut-unknown": chain,
    "port-needed": nets.two_inputs, "other-inputs-needed": nets.two_inputs, "mean-file-inputs": nets.two_inputs,
    "mean-scale-count": image_and_mask,
    "channels-not-reversed": lambda folder: nets.Net(folder, nets.padded(folder, channels=1).text,
                                                     {"conv1": [np.zeros((6, 1, 3, 3)), np.zeros(6)],
                                                      "conv2": [np.zeros((4, 6, 3, 3)), np.zeros(4)]}, "lenet"),
    "mean-file-size": lambda folder: nets.mean_file(folder / "mean256.binaryproto", nets.pixels(1, 3, 256, 256)),
    "executor-failed": recorded, "verify-inputs": recorded,
}  # fmt: skip


@pytest.mark.parametrize("entry", [entry for entry, text in ENTRIES.items() if set(all_commands(text)) - set(NOT_RUN)])
def test_commands_of_the_entry(entry, tmp_path):
    make_place(tmp_path)
    nets.padded(tmp_path).convert(out=".")
    nets.padded(tmp_path).convert(out="ir")
    NETS.get(entry, lambda folder: None)(tmp_path)
    for command in all_commands(ENTRIES[entry]):
        if command not in NOT_RUN:
            done = shell(command, tmp_path)
            assert done.returncode == 0 or f"docs/FAQ.md#{entry}\n" in done.stderr, f"{command}\n{done.stdout}{done.stderr}"


def test_every_exception_is_a_command_of_the_page():
    assert len(ENTRIES) > 60
    assert set(NOT_RUN) - set(all_commands(FAQ.read_text())) == set()
