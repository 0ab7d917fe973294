"""Weights that are no ordinary numbers, and sizes that are none: said with layer and count, or refused with a message."""

import re

import numpy as np
import pytest

from cli import nets
from support import converter
from support.caffemodel import Encoding
from support.compare import worst_error
from support.executors import run_opencv, run_openvino
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")

DATA = input_layer("data", (1, 3, 12, 10))
CONVOLUTIONS = DATA + nets.convolution("one", "data", 4, pad=1) + layer("relu", "ReLU", ["one"]) + nets.convolution("two", "relu", 5)
FORMATS = [("--ir_version", "3"), ("--ir_version", "11"), ("--output_format", "onnx"), ("--data_type", "FP16")]


def weights() -> dict:
    n = nets.Numbers("numbers")
    return {"one": [n.weights(4, 3, 3, 3), n.normal(4)], "two": [n.weights(5, 4, 3, 3), n.normal(5)]}


def made(folder, text, blobs, encoding=None):
    net = nets.Net(folder, text, blobs)
    if encoding is not None:
        nets.caffemodel.write(net.model, text, blobs, encoding)
    return net


def findings(text: str, code: str) -> dict:
    """Tensor name -> count, of the message with that code."""
    message = next(part for part in re.split(r"(?=\[ (?:WARNING|ERROR) \])", text) if f"#{code}" in part)
    return {name: int(count) for name, count in re.findall(r"([\w/]+) \((\d+)\)", message)}


# -- infinities, and what is not a number -------------------------------------------------------------------------------


@pytest.mark.parametrize("options", FORMATS, ids="-".join)
@pytest.mark.parametrize("encoding", [Encoding(), Encoding(values="double"), Encoding(values="half")], ids=lambda e: e.values)
def test_numbers_that_are_none_are_counted_by_layer(tmp_path, options, encoding):
    blobs = weights()
    blobs["one"][0][2, 1, 0, 0] = np.nan
    blobs["two"][0][0, :2, 0, 0] = [np.inf, -np.inf]
    blobs["two"][0][4, 3, 2, 2] = np.nan  # the last
    said = made(tmp_path, CONVOLUTIONS, blobs, encoding).convert(*options).stderr
    found = findings(said, "not-finite-weights")
    assert "4 weights are infinite or not a number" in said
    assert {name.split("/")[0]: count for name, count in found.items()} == {"one": 1, "two": 3}
    assert "fp16-overflow" not in said, "what was infinite before does not overflow"


def test_ordinary_numbers_are_not_mentioned(tmp_path):
    blobs = weights()
    blobs["one"][0][0, 0] = np.float32(3.4028235e38), np.float32(-3.4028235e38), np.float32(1e-45)
    assert "not-finite" not in made(tmp_path, CONVOLUTIONS, blobs).convert().stderr


def test_they_are_counted_through_all_blocks_of_a_long_tensor(tmp_path):
    """Longer than what is written in one go, and an odd number, so that no vector is full at the end."""
    text = input_layer("data", (1, 700)) + layer("fc", "InnerProduct", ["data"], params="inner_product_param { num_output: 901 }")
    values = nets.Numbers("long").normal(901, 700)
    values[::3, 1] = np.inf
    values[900, 699] = np.nan
    said = made(tmp_path, text, {"fc": [values, np.zeros(901, np.float32)]}).convert().stderr
    assert set(findings(said, "not-finite-weights").values()) == {302}


def test_a_fused_factor_that_is_infinite(tmp_path):
    """A variance of 0 without anything added to it: the convolution that takes it over is named."""
    text = (DATA + nets.convolution("conv", "data", 4)
            + layer("bn", "BatchNorm", ["conv"], params="batch_norm_param { use_global_stats: true eps: 0 }"))  # fmt: skip
    n = nets.Numbers("fused")
    variance = np.array([1, 0, 2, 0], np.float32)
    blobs = {"conv": [n.weights(4, 3, 3, 3), n.normal(4)], "bn": [n.normal(4), variance, np.ones(1, np.float32)]}
    found = findings(made(tmp_path, text, blobs).convert().stderr, "not-finite-weights")
    assert {name.split("/")[0] for name in found} == {"conv"} and sum(found.values()) >= 2, found


# -- half precision ------------------------------------------------------------------------------------------------------


def too_large() -> dict:
    blobs = weights()
    blobs["two"][0][0, 0, 0] = 65519.9, 65520.0, -1e6  # the first is still rounded down
    return blobs


@pytest.mark.parametrize("options", [(), ("--ir_version", "3"), ("--output_format", "onnx")], ids=["v11", "v3", "onnx"])
def test_overflow_ends_the_conversion(tmp_path, options):
    net = made(tmp_path, CONVOLUTIONS, too_large())
    said = net.convert("--data_type", "FP16", *options, status=1).stderr
    assert "2 weights became infinity in FP16" in said and "--allow_fp16_overflow" in said and "#fp16-overflow" in said
    assert {name.split("/")[0]: count for name, count in findings(said, "fp16-overflow").items()} == {"two": 2}
    assert not list((tmp_path / "ir").glob("*")), "nothing is written"
    net.convert(*options)  # in FP32 nothing overflows


def test_overflow_that_is_allowed(tmp_path):
    done = made(tmp_path, CONVOLUTIONS, too_large()).convert("--data_type", "FP16", "--allow_fp16_overflow")
    assert "[ WARNING ]  2 weights became infinity in FP16" in done.stderr
    halves = np.fromfile(done.xml.with_suffix(".bin"), np.float16)
    assert np.isinf(halves).sum() == 2 and np.isposinf(halves).sum() == 1
    assert (halves == 65504).any(), "what is rounded down stays finite"


def test_overflow_when_old_ir_is_narrowed(tmp_path):
    net = made(tmp_path, CONVOLUTIONS, too_large())
    old = net.convert("--ir_version", "3", out="old").xml
    options = ["--upgrade_ir", old, "--data_type", "FP16", "--output_dir", tmp_path / "new"]
    done = converter.run(*options)
    assert done.returncode == 1 and "#fp16-overflow" in done.stderr and not list((tmp_path / "new").glob("*"))
    assert converter.run(*options, "--allow_fp16_overflow").returncode == 0


def test_denormals_keep_their_bits(tmp_path):
    blobs = weights()
    small = np.array([1e-45, -1e-45, 1.1754942e-38, -0.0], np.float32)
    blobs["one"][1][:] = small
    xml = made(tmp_path, CONVOLUTIONS, blobs).convert("--ir_version", "3").xml
    assert small.tobytes() in xml.with_suffix(".bin").read_bytes()


def test_denormals_of_half_precision(tmp_path):
    """Half precision has denormals of its own; below half of its smallest everything is zero, and counted."""
    blobs = weights()
    blobs["one"][1][:] = 6e-8, 3e-8, 2.9e-8, 1e-40
    done = made(tmp_path, CONVOLUTIONS, blobs).convert("--data_type", "FP16", "--ir_version", "3")
    assert findings(done.stderr, "fp16-underflow") == {next(iter(findings(done.stderr, "fp16-underflow"))): 2}
    assert np.array([6e-8, 3e-8, 0, 0], np.float16).tobytes() in done.xml.with_suffix(".bin").read_bytes()


# -- statistics and blobs without numbers --------------------------------------------------------------------------------


def test_a_variance_of_zero(tmp_path):
    """`eps` keeps it finite: the same numbers as OpenCV's reader gives."""
    text = (DATA + layer("bn", "BatchNorm", ["data"], params="batch_norm_param { use_global_stats: true }"))
    blobs = {"bn": [np.array([1, 2, 3], np.float32), np.zeros(3, np.float32), np.ones(1, np.float32)]}
    net = made(tmp_path, text, blobs)
    inputs = {"data": nets.pixels(1, 3, 12, 10)}
    done = net.convert()
    wanted = run_opencv(net.text, net.model, inputs, {"bn": "bn"})["bn"]
    assert worst_error(run_openvino(done.xml, inputs)["bn"], wanted) <= 1e-5
    assert "not-finite" not in done.stderr


def test_a_scale_factor_of_zero(tmp_path):
    """Statistics that were never gathered: Caffe takes them as zeros."""
    text = DATA + layer("bn", "BatchNorm", ["data"], params="batch_norm_param { use_global_stats: true }")
    blobs = {"bn": [np.full(3, 7, np.float32), np.full(3, 5, np.float32), np.zeros(1, np.float32)]}
    net = made(tmp_path, text, blobs)
    inputs = {"data": nets.pixels(1, 3, 12, 10)}
    assert worst_error(run_openvino(net.convert().xml, inputs)["bn"], inputs["data"] / np.sqrt(1e-5)) <= 1e-5


@pytest.mark.parametrize("shape", [(0,), (4, 0, 3, 3), (4, 3, 3, 0), ()], ids=str)
@pytest.mark.parametrize("options", FORMATS[:3], ids="-".join)
def test_a_blob_without_numbers(tmp_path, shape, options):
    blobs = weights() | {"one": [np.zeros(shape, np.float32), np.zeros(4, np.float32)]}
    said = made(tmp_path, CONVOLUTIONS, blobs).convert(*options, status=1).stderr
    assert 'layer "one"' in said and not list((tmp_path / "ir").glob("*"))


# -- sizes ---------------------------------------------------------------------------------------------------------------

HUGE = (2**31, 2**32, 2**62, 2**63 - 1, 2**63, 2**64)
NETS = {
    "input": lambda n: f'layer {{ name: "data" type: "Input" top: "data" input_param {{ shape {{ dim: 1 dim: 3 dim: {n} dim: {n} }} }} }}'
    + nets.convolution("conv", "data", 4),
    "num_output": lambda n: DATA + nets.convolution("conv", "data", n),
    "kernel": lambda n: DATA + nets.convolution("conv", "data", 4, kernel=n),
    "group": lambda n: DATA + nets.convolution("conv", "data", 4, more=f"group: {n}"),
    "pooling": lambda n: DATA + layer("conv", "Pooling", ["data"], params=f"pooling_param {{ kernel_size: {n} }}"),
    "pad": lambda n: DATA + layer("conv", "Pooling", ["data"], params=f"pooling_param {{ kernel_size: 2 pad: {n} }}"),
    "inner product": lambda n: DATA + layer("conv", "InnerProduct", ["data"], params=f"inner_product_param {{ num_output: {n} }}"),
    "upsample": lambda n: DATA + layer("conv", "Upsample", ["data"], params=f"upsample_param {{ scale: {n} }}"),
    "reshape": lambda n: DATA + layer("conv", "Reshape", ["data"], params=f"reshape_param {{ shape {{ dim: {n} }} }}"),
    "tile": lambda n: DATA + layer("conv", "Tile", ["data"], params=f"tile_param {{ tiles: {n} }}"),
}


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("size", HUGE, ids=str)
def test_sizes_beyond_31_bits(tmp_path, name, size):
    """Refused with the place; at most one that a runtime could hold in 64 bits is written, as it stands."""
    n = nets.Numbers("huge")
    blobs = {"conv": [n.normal(4, 3, 3, 3), n.normal(4)]} if name in ("input", "num_output", "kernel", "group", "inner product") else {}
    net = made(tmp_path, NETS[name](size), blobs)
    done = converter.run("--input_model", net.model, "--input_proto", net.prototxt, "-o", tmp_path / "ir", timeout=60)
    if done.returncode == 0:
        assert name in ("tile", "upsample", "input") and size < 2**62
        assert re.search(rf"<dim>{'[0-9]' * len(str(size))}", (tmp_path / "ir" / "net.xml").read_text())
        return
    assert done.returncode == 1 and "[ ERROR ]" in done.stderr, done.stderr
    assert "net.prototxt:" in done.stderr or 'layer "' in done.stderr, done.stderr
    assert not list((tmp_path / "ir").glob("*"))


@pytest.mark.parametrize("name", ("num_output", "kernel", "group", "pooling", "inner product"))
def test_sizes_of_zero(tmp_path, name):
    n = nets.Numbers("zero")
    net = made(tmp_path, NETS[name](0), {"conv": [n.normal(4, 3, 3, 3), n.normal(4)]} if name != "pooling" else {})
    said = net.convert(status=1).stderr
    assert 'layer "' in said and not list((tmp_path / "ir").glob("*"))


def test_a_dim_of_zero_is_one_that_the_prototxt_leaves_open(tmp_path):
    n = nets.Numbers("zero")
    net = made(tmp_path, NETS["input"](0), {"conv": [n.normal(4, 3, 3, 3), n.normal(4)]})
    assert "<dim>-1</dim>" in net.convert().xml.read_text()
    assert "#undefined-dimension" in net.convert("--ir_version", "3", status=2, out="old").stderr


@pytest.mark.parametrize("size", (0, 2**31, 2**62))
def test_input_shapes_of_the_command_line(tmp_path, size):
    net = made(tmp_path, CONVOLUTIONS, weights())
    done = converter.run("--input_model", net.model, "--input_shape", f"[1,3,{size},{size}]", "-o", tmp_path / "ir", cwd=tmp_path)
    assert done.returncode in (1, 2) and "[ ERROR ]" in done.stderr and not list((tmp_path / "ir").glob("*"))
