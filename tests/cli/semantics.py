"""Nets with options that change what is fed or what is left of them, each with what the plain net computes instead."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cli import nets
from numeric.row import Numbers
from support import executors
from support.compare import worst_error
from support.prototxt import input_layer, layer

A, B = nets.pixels(1, 3, 8, 8, seed="a"), nets.pixels(1, 3, 8, 8, seed="b")
X = nets.pixels(1, 3, 12, 10)
IMAGE = nets.pixels(3, 16, 16, seed="mean image")
SCALES = np.reshape(np.float32([2, 3, 59]), (1, 3, 1, 1))


@dataclass
class Meaning:
    """`options` with the inputs `feed` give what the net without options gives for `plain` at its blob `top`."""

    name: str
    net: object  # makes the net in a folder
    options: list
    feed: dict
    plain: dict
    top: str
    plain_options: list = field(default_factory=list)
    bound: float = 1e-4


def frozen(array: np.ndarray) -> str:
    return "[" + " ".join(repr(float(v)) for v in array.ravel()) + "]"


def pinned(folder: Path, batch: int = 1) -> nets.Net:
    """A Reshape repeats the prototxt's batch."""
    n = Numbers("pinned")
    text = (input_layer("data", (batch, 3, 12, 10)) + nets.convolution("conv1", "data", 4)
            + layer("flat", "Reshape", ["conv1"], params=f"reshape_param {{ shape {{ dim: {batch} dim: 320 }} }}")
            + layer("ip", "InnerProduct", ["flat"], params="inner_product_param { num_output: 5 }"))  # fmt: skip
    return nets.Net(folder, text, {"conv1": [n.normal(4, 3, 3, 3), n.normal(4)], "ip": [n.normal(5, 320), n.normal(5)]})


def mean_file(folder: Path) -> Path:
    return nets.mean_file(folder / "mean.binaryproto", IMAGE[None])


def with_mean_file(folder: Path) -> nets.Net:
    net = nets.padded(folder)
    mean_file(folder)
    return net


def inner(x: np.ndarray) -> np.ndarray:
    """What is fed behind the cut: any image of conv2's input."""
    return Numbers("inner").uniform(0, 1, *x)


FOUR = nets.pixels(4, 3, 12, 10, seed="four")

MEANINGS = [
    Meaning("two inputs by position", nets.two_inputs, ["--input", "data,rois", "--mean_values", "[1,2,3],[4,5,6]",
            "--scale_values", "[2,3,59],[5,5,5]"], {"data": A, "rois": B},
            {"data": (A - np.reshape([1, 2, 3], (1, 3, 1, 1))) / SCALES,
             "rois": (B - np.reshape([4, 5, 6], (1, 3, 1, 1))) / 5}, "sum"),
    Meaning("two inputs by name", nets.two_inputs, ["--mean_values", "rois[4,5,6]", "--scale_values", "data[2,3,59]"],
            {"data": A, "rois": B}, {"data": A / SCALES, "rois": B - np.reshape([4, 5, 6], (1, 3, 1, 1))}, "sum"),
    Meaning("one scale for two inputs", nets.two_inputs, ["--scale", "5"], {"data": A, "rois": B},
            {"data": A / 5, "rois": B / 5}, "sum"),
    Meaning("frozen input in front of a convolution", nets.two_inputs, ["--freeze_placeholder_with_value",
            f"rois->{frozen(B)}"], {"data": A}, {"data": A, "rois": B}, "sum"),
    Meaning("frozen input with a mean", nets.two_inputs, ["--input", f"data,rois->{frozen(B)}", "--mean_values",
            "data[1,2,3]"], {"data": A}, {"data": A - np.reshape([1, 2, 3], (1, 3, 1, 1)), "rois": B}, "sum"),
    Meaning("batch", nets.padded, ["--batch", "4"], {"data": FOUR}, {"data": FOUR}, "conv2",
            ["--input_shape", "[4,3,12,10]"]),
    Meaning("batch that a Reshape repeats", pinned, ["--batch", "4"], {"data": FOUR}, {"data": FOUR}, "ip",
            ["--input_shape", "[4,3,12,10]"]),
    Meaning("input in the middle", nets.padded, ["--input", "conv2", "--mean_values", "data[1,2,3]"],
            {"conv2/placeholder_port_0": inner((1, 6, 6, 5))}, {"pool1": inner((1, 6, 6, 5))}, "conv2",
            ["--input", "pool1:0"]),
    Meaning("output in the middle", nets.padded, ["--output", "pool1", "--scale", "3"], {"data": X}, {"data": X / 3},
            "pool1", ["--output", "pool1"]),
    Meaning("mean file at offsets", with_mean_file, ["--mean_file", "mean.binaryproto", "--mean_file_offsets", "(1,4)"],
            {"data": X}, {"data": X - IMAGE[None, :, 1:13, 4:14]}, "conv2"),
    Meaning("mean beside the layers", nets.padded, ["--mean_values", "[1,2,3]", "--scale", "2", "--move_to_preprocess"],
            {"data": X}, {"data": (X - np.reshape([1, 2, 3], (1, 3, 1, 1))) / 2}, "conv2"),
    Meaning("half precision", nets.padded, ["--data_type", "FP16", "--reverse_input_channels", "--mean_values", "[1,2,3]"],
            {"data": X}, {"data": X[:, ::-1] - np.reshape([1, 2, 3], (1, 3, 1, 1))}, "conv2", bound=5e-3),
]  # fmt: skip


def expected(meaning: Meaning, net: nets.Net) -> np.ndarray:
    plain = {}
    xml = net.convert("--disable_fusing", *meaning.plain_options, out="plain").xml
    for port, value in zip(executors.read_ir(xml).inputs, meaning.plain.values(), strict=True):
        plain[port.any_name] = value.astype(np.float32)
    return executors.run_openvino(xml, plain)[meaning.top]


def error_of(meaning: Meaning, folder: Path, version: int, run) -> float:
    """`run`: IR and inputs to results by name."""
    net = meaning.net(folder)
    want = expected(meaning, net)
    xml = net.convert("--ir_version", version, *meaning.options, out=f"v{version}").xml
    got = run(xml, {name: value.astype(np.float32) for name, value in meaning.feed.items()})[meaning.top]
    assert got.shape == want.shape, (got.shape, want.shape)
    return worst_error(got, want)
