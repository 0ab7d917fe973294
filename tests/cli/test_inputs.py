"""Shapes, batches, types, layouts and frozen values of inputs."""

import numpy as np
import pytest

from cli import nets
from support import executors
from support.compare import worst_error
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")


@pytest.fixture
def net(tmp_path):
    return nets.padded(tmp_path)


def shapes(xml) -> dict:
    return {p.any_name: str(p.partial_shape) for p in executors.read_ir(xml).inputs}


@pytest.mark.parametrize("text", ["[2,3,20,18]", "(2,3,20,18)", " [ 2, 3, 20, 18 ] "])
def test_shape(net, text):
    assert shapes(net.convert("--input_shape", text).xml) == {"data": "[2,3,20,18]"}


def test_batch_beside_a_shape(net):
    assert shapes(net.convert("--input_shape", "[1,3,20,18]", "-b", "8").xml) == {"data": "[8,3,20,18]"}


@pytest.mark.parametrize("version", ["10", "11"])
def test_unknown_dimensions(net, version):
    done = net.convert("--input_shape", "[?,3,1..40,-1]", "--ir_version", version)
    assert shapes(done.xml) == {"data": "[?,3,1..40,?]"}
    x = nets.pixels(2, 3, 20, 18)
    fixed = net.infer({"data": x}, "--input_shape", "[2,3,20,18]")["conv2"]
    assert worst_error(executors.run_openvino(done.xml, {"data": x})["conv2"], fixed) <= 1e-5


def test_unknown_dimensions_in_input_and_batch(net):
    done = net.convert("--input", "data[..4,3,12..,10]", "-b", "2")
    assert shapes(done.xml) == {"data": "[2,3,12..,10]"}


def test_legacy_ir_needs_every_dimension(net):
    assert "undefined-dimension" in net.convert("--input_shape", "[?,3,12,10]", "--ir_version", "3", status=2).stderr


def reshaping(folder, dims: str, batch: int = 1):
    n = nets.Numbers("reshaping")
    text = (input_layer("data", (batch, 3, 4, 4)) + nets.convolution("c", "data", 2, pad=1)
            + layer("r", "Reshape", ["c"], params=f"reshape_param {{ shape {{ {dims} }} }}")
            + layer("s", "Sigmoid", ["r"]))  # fmt: skip
    return nets.Net(folder, text, {"c": [n.normal(2, 3, 3, 3), n.normal(2)]})


@pytest.mark.parametrize("dims", ["dim: 1 dim: 32", "dim: 1 dim: -1", "dim: 1 dim: 2 dim: 16", "dim: 1 dim: 0 dim: -1"])
def test_batch_that_a_reshape_repeats(tmp_path, dims):
    net, x = reshaping(tmp_path, dims), nets.pixels(3, 3, 4, 4) / 100
    done = net.convert("-b", "3")
    assert "layer \"r\"" in done.stderr or "r (" in done.stderr or '"r"' in done.stderr, done.stderr
    assert "batch-in-reshape" in done.stderr
    out = executors.run_openvino(done.xml, {"data": x})["s"]
    single = np.concatenate([net.infer({"data": x[i : i + 1]})["s"] for i in range(3)])
    assert worst_error(out, single) <= 1e-5


def test_batch_that_a_reshape_takes_apart_is_refused(tmp_path):
    net = reshaping(tmp_path, "dim: 4 dim: 8")
    assert "bad-shape" in net.convert("-b", "3", status=1).stderr


def test_batch_of_an_input_that_has_none(tmp_path):
    text = (input_layer("data", (1, 3, 4, 4)) + input_layer("boxes", (300, 5)) + layer("a", "ReLU", ["data"])
            + layer("b", "ReLU", ["boxes"]))  # fmt: skip
    stderr = nets.Net(tmp_path, text, {}).convert("-b", "2", status=2).stderr
    assert "batch-not-applicable" in stderr
    assert "boxes" in stderr


def test_one_shape_for_two_inputs_is_refused(tmp_path):
    stderr = nets.two_inputs(tmp_path).convert("--input_shape", "[1,3,8,8]", status=2).stderr
    assert "input-shape-count" in stderr
    assert "rois" in stderr


def test_frozen_input(tmp_path):
    net, a = nets.two_inputs(tmp_path), nets.pixels(1, 3, 8, 8, seed="a")
    frozen = np.arange(192, dtype=np.float32).reshape(1, 3, 8, 8) / 8
    expected = net.infer({"data": a, "rois": frozen})["sum"]
    values = " ".join(str(v) for v in frozen.ravel())
    for options in (["--freeze_placeholder_with_value", f"rois->[{values}]"], ["--input", f"data,rois->[{values}]"]):
        done = net.convert(*options)
        assert set(shapes(done.xml)) == {"data"}
        assert worst_error(executors.run_openvino(done.xml, {"data": a})["sum"], expected) <= 1e-5


@pytest.mark.parametrize(("value", "code"), [("rois->[1 2]", "freeze-value"), ("rois", "freeze-value"),
                                             ("rois->[a]", "freeze-value"), ("roi->[1]", "unknown-node")])  # fmt: skip
def test_frozen_values_that_do_not_fit(tmp_path, value, code):
    assert code in nets.two_inputs(tmp_path).convert("--freeze_placeholder_with_value", value, status=2).stderr


def test_types(net):
    x = nets.pixels(1, 3, 12, 10).astype(np.uint8)
    done = net.convert("--input", "data{u8}", "-ms", "[100,101,102]")
    model = executors.compiled(done.xml)
    assert model.input(0).element_type.get_type_name() == "u8"
    expected = net.infer({"data": x.astype(np.float32) - np.reshape(np.float32([100, 101, 102]), (1, 3, 1, 1))})
    assert worst_error(np.array(model({"data": x})[0]), expected["conv2"]) <= 1e-5


@pytest.mark.parametrize("options", [["--layout", "nchw->nhwc"], ["--layout", "data(nchw->nhwc)"],
                                     ["--source_layout", "[n,c,h,w]", "--target_layout", "nhwc"]])  # fmt: skip
def test_another_layout(net, options):
    x = nets.pixels(1, 3, 12, 10)
    done = net.convert(*options, "--reverse_input_channels", "-ms", "[1,2,3]")
    expected = net.infer({"data": x}, "--reverse_input_channels", "-ms", "[1,2,3]")["conv2"]
    out = executors.run_openvino(done.xml, {"data": np.transpose(x, (0, 2, 3, 1))})["conv2"]
    assert worst_error(out, expected) <= 1e-5
    assert "N,H,W,C" in str(executors.read_ir(done.xml).input(0).get_node().layout)


def test_layout_alone_is_noted(net):
    assert "N,C,H,W" in str(executors.read_ir(net.convert("--layout", "nchw").xml).input(0).get_node().layout)


@pytest.mark.parametrize("options", [["--layout", "nc"], ["--layout", "nchw->nhwd"], ["--layout", "n-hw"],
                                     ["--target_layout", "nchw->nhwc"], ["--layout", ""]])  # fmt: skip
def test_layouts_that_do_not_fit(net, options):
    assert "layout-syntax" in net.convert(*options, status=2).stderr
