"""Rewrites with and without: both IRs compute what an independent executor does, and the rewrite removes layers."""

import re
from collections import Counter

import numpy as np
import pytest

from cli.nets import Net, convolution
from numeric.row import Numbers
from support.compare import worst_error
from support.executors import run_opencv, run_openvino
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")

SHAPE = (1, 6, 7, 5)
DATA = input_layer("data", SHAPE)


def pixels(name: str, shape=SHAPE) -> np.ndarray:
    return Numbers(name).normal(*shape)


def kinds(xml) -> Counter:
    return Counter(re.findall(r'<layer [^>]*\btype="(\w+)"', xml.read_text()))


def both(net, off, inputs=None, on=()) -> tuple:
    """Layers by type with the rewrite and without, after comparing the numbers of both with OpenCV's."""
    inputs = inputs or {"data": pixels(net.name)}
    wanted = run_opencv(net.text, net.model, inputs, {"out": "out"})["out"]
    counts = []
    for options, folder in ((on, "on"), (off, "off")):
        xml = net.convert(*options, out=folder).xml
        assert worst_error(run_openvino(xml, inputs)["out"], wanted) <= 1e-5, folder
        counts.append(kinds(xml))
    return counts


def split(folder, params="", behind="", biases=(True, True), join="out", sizes=(3, 3), more=None) -> Net:
    """Slice, a convolution of each half, Concat; `behind`: layers that make `out` of `join`."""
    n = Numbers("split")
    text = DATA + layer("halves", "Slice", ["data"], ["h0", "h1"], f"slice_param {{ axis: 1 slice_point: {sizes[0]} }}")
    blobs = dict(more or {})
    for i, bias in enumerate(biases):
        own = params if isinstance(params, str) else params[i]
        text += convolution(f"conv{i}", f"h{i}", 4, pad=1, more=own + ("" if bias else " bias_term: false"))
        blobs[f"conv{i}"] = [n.weights(4, sizes[i], 3, 3), n.normal(4)][: 1 + bias]
    return Net(folder, text + layer(join, "Concat", ["conv0", "conv1"]) + behind, blobs)


def test_split_convolutions_become_a_grouped_one(tmp_path):
    on, off = both(split(tmp_path, "stride: 2"), ["--disable_gfusing"])
    assert (on["GroupConvolution"], on["Convolution"], on["VariadicSplit"], on["Concat"]) == (1, 0, 0, 0)
    assert (off["GroupConvolution"], off["Convolution"], off["VariadicSplit"], off["Concat"]) == (0, 2, 1, 1)


def test_split_convolutions_of_which_one_has_a_bias(tmp_path):
    on, _ = both(split(tmp_path, biases=(False, True)), ["--disable_fusing"])
    assert (on["GroupConvolution"], on["Convolution"]) == (1, 0)


def test_a_scale_behind_split_convolutions_is_fused_too(tmp_path):
    behind = layer("out", "Scale", ["join"], params="scale_param { bias_term: true }")
    n = Numbers("behind")
    on, off = both(split(tmp_path, behind=behind, join="join", more={"out": [n.uniform(0.5, 2, 8), n.normal(8)]}),
                   ["--disable_gfusing"])  # fmt: skip
    assert (on["GroupConvolution"], on["Multiply"], on["Add"]) == (1, 0, 1)
    assert (off["Convolution"], off["Multiply"]) == (2, 1)


@pytest.mark.parametrize(
    "arguments",
    [{"params": ("stride: 1", "stride: 1 dilation: 1 pad: 2 ")}, {"sizes": (2, 4)}],
    ids=["different padding", "different sizes"],
)
def test_unlike_convolutions_stay_apart(tmp_path, arguments):
    if "params" in arguments:  # the second pads more and has a larger kernel by it
        n = Numbers("unlike")
        text = (DATA + layer("halves", "Slice", ["data"], ["h0", "h1"], "slice_param { axis: 1 }")
                + convolution("conv0", "h0", 4, kernel=3, pad=1) + convolution("conv1", "h1", 4, kernel=1)
                + layer("out", "Concat", ["conv0", "conv1"]))  # fmt: skip
        net = Net(tmp_path, text, {"conv0": [n.weights(4, 3, 3, 3), n.normal(4)],
                                   "conv1": [n.weights(4, 3, 1, 1), n.normal(4)]})  # fmt: skip
    else:
        net = split(tmp_path, **arguments)
    on, _ = both(net, ["--disable_gfusing"])
    assert (on["GroupConvolution"], on["Convolution"]) == (0, 2)


def test_finegrain_fusing_keeps_split_convolutions(tmp_path):
    on, _ = both(split(tmp_path), [], on=["--finegrain_fusing", "conv1"])
    assert (on["GroupConvolution"], on["Convolution"]) == (0, 2)


def test_power_is_multiplied_into_weights(tmp_path):
    n = Numbers("power")
    text = (DATA + convolution("conv", "data", 4, pad=1)
            + layer("out", "Power", ["conv"], params="power_param { scale: -1.5 shift: 0.25 }"))  # fmt: skip
    net = Net(tmp_path, text, {"conv": [n.weights(4, 6, 3, 3), n.normal(4)]})
    on, off = both(net, ["--disable_fusing"])
    assert (on["Multiply"], on["Add"]) == (0, 1)
    assert (off["Multiply"], off["Add"]) == (1, 2)
    kept, _ = both(net, [], on=["--finegrain_fusing", "out"])
    assert (kept["Multiply"], kept["Add"]) == (1, 2)


def test_power_before_an_unpadded_convolution_goes_forward(tmp_path):
    n = Numbers("power forward")
    text = (DATA + layer("power", "Power", ["data"], params="power_param { scale: 0.0039 shift: -0.5 }")
            + convolution("out", "power", 4))  # fmt: skip
    on, off = both(Net(tmp_path, text, {"out": [n.weights(4, 6, 3, 3), n.normal(4)]}), ["--disable_fusing"])
    assert (on["Multiply"], on["Add"]) == (0, 1)
    assert (off["Multiply"], off["Add"]) == (1, 2)


def test_power_alone_keeps_its_numbers_in_fp16(tmp_path):
    """Its parameters are none of the weights that FP16 rounds."""
    net = Net(tmp_path, DATA + layer("out", "Power", ["data"], params="power_param { scale: 0.0039215686 }"), {})
    x = pixels("exact")
    half = run_openvino(net.convert("--data_type", "FP16").xml, {"data": x})["out"]
    assert worst_error(half, x * np.float32(0.0039215686)) <= 1e-6


def eltwise(folder, operation, values, params="") -> Net:
    n = Numbers("constant eltwise")
    shape = (1, 4, 7, 5)
    text = (DATA + convolution("conv", "data", 4, pad=1)
            + layer("number", "Parameter", [], params="parameter_param { shape { dim: 1 dim: 4 dim: 7 dim: 5 } }")
            + layer("out", "Eltwise", ["conv", "number"],
                    params=f"eltwise_param {{ operation: {operation} {params} }}"))  # fmt: skip
    return Net(folder, text, {"conv": [n.weights(4, 6, 3, 3), n.normal(4)],
                              "number": [np.broadcast_to(values, shape)]})  # fmt: skip


CHANNELS = np.float32([0.5, -2, 3, 0.25]).reshape(1, 4, 1, 1)


@pytest.mark.parametrize(
    "operation, params, formula",
    [("SUM", "", lambda y, c: y + c), ("SUM", "coeff: 2 coeff: -3", lambda y, c: 2 * y - 3 * c), ("PROD", "", lambda y, c: y * c)],
    ids=["sum", "sum with coefficients", "product"],
)
@pytest.mark.parametrize("values", [CHANNELS, np.float32(1.75)], ids=["channels", "one number"])
def test_eltwise_with_a_constant_goes_into_weights(tmp_path, operation, params, formula, values):
    net = eltwise(tmp_path, operation, values, params)
    x = pixels("x")
    bare = net.text[: net.text.index('layer { name: "number"')]
    y = run_opencv(bare, net.model, {"data": x}, {"conv": "conv"})["conv"]
    for options, left in (((), (0, 1)), (("--disable_fusing",), None), (("--finegrain_fusing", "out"), None)):
        xml = net.convert(*options).xml
        assert worst_error(run_openvino(xml, {"data": x})["out"], formula(y, values)) <= 1e-5, options
        count = kinds(xml)
        if left:
            assert (count["Multiply"], count["Add"]) == left, "the bias alone is left"
        else:
            assert count["Multiply"] + count["Add"] >= 2


def test_eltwise_with_a_constant_image_stays(tmp_path):
    values = Numbers("image").normal(1, 4, 7, 5)
    net = eltwise(tmp_path, "PROD", values)
    assert kinds(net.convert().xml)["Multiply"] == 1


def test_reshapes_in_a_row_become_one(tmp_path):
    first = layer("a", "Reshape", ["data"], params="reshape_param { shape { dim: 0 dim: 2 dim: 3 dim: -1 } }")
    second = layer("b", "Flatten", ["a"], params="flatten_param { axis: 2 }")
    third = layer("out", "Reshape", ["b"], params="reshape_param { shape { dim: 0 dim: 5 dim: 42 } }")
    net = Net(tmp_path, DATA + first + second + third, {})
    on, kept = both(net, ["--finegrain_fusing", "^a$,^b$"])
    assert (on["Reshape"], kept["Reshape"]) == (1, 3)


IDENTITIES = {
    "reshape": layer("same", "Reshape", ["conv"], params="reshape_param { shape { dim: 0 dim: 4 dim: 7 dim: 5 } }"),
    "tile": layer("same", "Tile", ["conv"], params="tile_param { tiles: 1 }"),
    "concat": layer("same", "Concat", ["conv"]),
    "slice": layer("same", "Slice", ["conv"]),
    "pooling": layer("same", "Pooling", ["conv"], params="pooling_param { pool: MAX kernel_size: 1 stride: 1 }"),
}


@pytest.mark.parametrize("kind", IDENTITIES)
def test_layers_that_change_nothing_go(tmp_path, kind):
    n = Numbers("identities")
    plain = DATA + convolution("conv", "data", 4, pad=1)
    weights = {"conv": [n.weights(4, 6, 3, 3), n.normal(4)]}
    net = Net(tmp_path, plain + IDENTITIES[kind] + layer("out", "ReLU", ["same"]), weights)
    bare = Net(tmp_path, plain + layer("out", "ReLU", ["conv"]), weights, "bare")
    x = {"data": pixels("identities")}
    wanted = run_opencv(bare.text, bare.model, x, {"out": "out"})["out"]
    gone, kept = net.convert().xml, net.convert("--finegrain_fusing", "same", out="kept").xml
    for xml in (gone, kept):
        assert worst_error(run_openvino(xml, x)["out"], wanted) <= 1e-5
    assert kinds(gone) == kinds(bare.convert(out="bare").xml)
    assert sum(kinds(kept).values()) > sum(kinds(gone).values())


def test_an_identity_between_input_and_output_stays(tmp_path):
    """The engines want an operation there, and two outputs of one value keep their two names."""
    net = Net(tmp_path, DATA + IDENTITIES["tile"].replace('"conv"', '"data"'), {})
    x = pixels("between")
    assert np.array_equal(run_openvino(net.convert().xml, {"data": x})["same"], x)
