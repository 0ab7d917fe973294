"""What is constant is computed when the net is converted: the IR gives what the runtime gives for the whole net."""

import numpy as np
import pytest

from cli import nets
from numeric.row import Numbers
from support import executors
from support.compare import worst_error
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")
n = Numbers("folding")
SHAPE = (2, 3, 5, 6)


def one(kind: str, params: str = "") -> str:
    return layer("f", kind, ["c"], ["f"], params=params)


def sliced() -> str:
    return (layer("s", "Slice", ["c"], ["s1", "s2", "s3"], params="slice_param { axis: 3 slice_point: 1 slice_point: 4 }")
            + layer("f", "Concat", ["s3", "s1", "s2"], params="concat_param { axis: 3 }"))  # fmt: skip


# What a frozen input "c" passes through, as far as the blob "f", and the weights.
NETS = {
    "reshape and flatten": (one("Reshape", "reshape_param { shape { dim: 0 dim: -1 } }")
                            + layer("g", "Flatten", ["f"], ["g"]), {}),
    "permute": (one("Permute", "permute_param { order: 0 order: 3 order: 1 order: 2 }"), {}),
    "tile": (one("Tile", "tile_param { axis: 2 tiles: 3 }"), {}),
    "slice and concat": (sliced(), {}),
    "eltwise": (layer("a", "ReLU", ["c"]) + layer("f", "Eltwise", ["c", "a"],
                params="eltwise_param { operation: SUM coeff: 0.5 coeff: -2 }"), {}),
    "eltwise max": (layer("a", "AbsVal", ["c"]) + layer("f", "Eltwise", ["c", "a"], params="eltwise_param { operation: MAX }"), {}),
    "scale": (one("Scale", "scale_param { bias_term: true }"), {"f": [n.normal(3), n.normal(3)]}),
    "scale of rows": (one("Scale", "scale_param { axis: 2 num_axes: 1 }"), {"f": [n.normal(5)]}),
    "batch norm": (one("BatchNorm"), {"f": [n.normal(3), n.uniform(0.5, 2, 3), np.ones(1, np.float32)]}),
    "prelu": (one("PReLU"), {"f": [n.normal(3)]}),
    "relu": (one("ReLU", "relu_param { negative_slope: 0.1 }"), {}),
    "elu": (one("ELU", "elu_param { alpha: 0.7 }"), {}),
    "sigmoid": (one("Sigmoid"), {}),
    "tanh": (one("TanH"), {}),
    "exp": (one("Exp", "exp_param { base: 2 }"), {}),
    "log of abs": (layer("a", "AbsVal", ["c"]) + layer("f", "Log", ["a"]), {}),
    "power": (one("Power", "power_param { power: 2 scale: 0.5 shift: 1 }"), {}),
    "bnll": (one("BNLL"), {}),
    "threshold": (one("Threshold", "threshold_param { threshold: 0.3 }"), {}),
    "swish": (one("Swish", "swish_param { beta: 1.5 }"), {}),
    "relu6": (one("ReLU6"), {}),
    "softmax": (one("Softmax", "softmax_param { axis: 1 }"), {}),
    "convolution": (one("Convolution", "convolution_param { num_output: 6 kernel_h: 3 kernel_w: 2 pad_h: 2 pad_w: 1 stride: 2 "
                        "dilation: 2 group: 3 }"), {"f": [n.normal(6, 1, 3, 2), n.normal(6)]}),
    "inner product": (one("InnerProduct", "inner_product_param { num_output: 4 }"), {"f": [n.normal(4, 90), n.normal(4)]}),
    "inner product, transposed": (one("InnerProduct", "inner_product_param { num_output: 4 axis: 3 transpose: true bias_term: false }"),
                                  {"f": [n.normal(6, 4)]}),
    "max pooling": (one("Pooling", "pooling_param { pool: MAX kernel_size: 3 stride: 2 pad: 1 }"), {}),
    "average pooling": (one("Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }"), {}),
    "global pooling": (one("Pooling", "pooling_param { pool: AVE global_pooling: true }"), {}),
}  # fmt: skip


def layers_of(xml) -> list:
    return [op.get_type_name() for op in executors.read_ir(xml).get_ops()]


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("fusing", [[], ["--disable_fusing"]], ids=["fused", "unfused"])
def test_frozen_input(name, fusing, tmp_path):
    """The last layer adds a live input of the same shape, so that something is left to infer."""
    text, weights = NETS[name]
    last = "g" if '"g"' in text else "f"
    net = nets.Net(tmp_path, input_layer("c", SHAPE) + text, weights)
    c = n.normal(*SHAPE)
    expected = net.infer({"c": c}, *fusing)[last]
    x = n.normal(*expected.shape)
    whole = nets.Net(tmp_path / "whole", input_layer("c", SHAPE) + text + input_layer("x", expected.shape)
                     + layer("sum", "Eltwise", [last, "x"]), weights)  # fmt: skip
    values = " ".join(repr(float(v)) for v in c.ravel())
    xml = whole.convert("--freeze_placeholder_with_value", f"c->[{values}]", *fusing).xml
    assert sorted(layers_of(xml)) == ["Add", "Constant", "Parameter", "Result"]
    assert worst_error(executors.run_openvino(xml, {"x": x})["sum"], expected + x) <= 1e-5


def test_frozen_input_is_not_rounded_to_half_precision(tmp_path):
    net = nets.Net(tmp_path, input_layer("c", (1, 1)) + input_layer("x", (1, 1)) + layer("sum", "Eltwise", ["c", "x"]), {})
    xml = net.convert("--freeze_placeholder_with_value", "c->[1066.67]", "--data_type", "FP16").xml
    result = executors.run_openvino(xml, {"x": np.zeros((1, 1), np.float32)})["sum"]
    assert result.item() == pytest.approx(1066.67, abs=1e-3)


def ssd(step: str = "") -> str:
    box = "prior_box_param { min_size: %d max_size: %d aspect_ratio: 2 flip: true clip: false variance: 0.1 " + step + " }"
    return (input_layer("data", (1, 3, 32, 32)) + nets.convolution("conv", "data", 4, 3, 1, "stride: 4")
            + layer("pool", "Pooling", ["conv"], params="pooling_param { pool: MAX kernel_size: 2 stride: 2 }")
            + layer("box1", "PriorBox", ["conv", "data"], params=box % (6, 12))
            + layer("box2", "PriorBox", ["pool", "data"], params=box % (12, 24))
            + layer("boxes", "Concat", ["box1", "box2"], params="concat_param { axis: 2 }")
            + layer("twice", "Power", ["boxes"], params="power_param { scale: 2 }")
            + layer("live", "ReLU", ["pool"]))  # fmt: skip


@pytest.mark.parametrize("kind", ["PriorBox", "PriorBoxClustered"])
@pytest.mark.parametrize("data_type", ["FP32", "FP16"])
def test_boxes_of_shapes(kind, data_type, tmp_path):
    text = ssd()
    if kind == "PriorBoxClustered":
        text = text.replace('"PriorBox"', f'"{kind}"').replace("prior_box_param { min_size: 6 max_size: 12 aspect_ratio: 2 flip: true",
            "prior_box_param { width: 6 height: 8 step: 4").replace("prior_box_param { min_size: 12 max_size: 24 aspect_ratio: 2 flip: true",
            "prior_box_param { width: 12 height: 10 step: 8")  # fmt: skip
    net = nets.Net(tmp_path, text, {"conv": [n.normal(4, 3, 3, 3), n.normal(4)]})
    x = {"data": n.normal(1, 3, 32, 32)}
    plain = net.convert("--data_type", data_type, out="plain").xml
    folded = net.convert("--data_type", data_type, "--fold_constants", out="folded").xml
    assert kind in layers_of(plain)
    assert kind not in layers_of(folded) and "Concat" not in layers_of(folded)
    expected, result = executors.run_openvino(plain, x), executors.run_openvino(folded, x)
    assert worst_error(result["twice"], expected["twice"]) <= 1e-6
    assert worst_error(result["live"], expected["live"]) <= 1e-6


def test_boxes_of_an_unknown_size_stay(tmp_path):
    net = nets.Net(tmp_path, ssd(), {"conv": [n.normal(4, 3, 3, 3), n.normal(4)]})
    xml = net.convert("--fold_constants", "--input_shape", "[1,3,?,?]").xml
    assert "PriorBox" in layers_of(xml)
