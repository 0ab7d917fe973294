"""--input and --output cut the net: at layers, at ports, at blobs, in front of what cannot be converted."""

import numpy as np
import pytest

from cli import nets
from support import converter, executors
from support.compare import worst_error
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")


def chain(folder):
    """conv1, ReLU in place, conv2, a sum of conv2 and its own ReLU, and a slice of that."""
    n = nets.Numbers("chain")
    text = (input_layer("data", (1, 3, 8, 8)) + nets.convolution("conv1", "data", 4, pad=1)
            + layer("relu1", "ReLU", ["conv1"], ["conv1"]) + nets.convolution("conv2", "conv1", 4, pad=1)
            + layer("tanh", "TanH", ["conv2"]) + layer("sum", "Eltwise", ["conv2", "tanh"], ["total"])
            + layer("slice", "Slice", ["total"], ["left", "right"], "slice_param { axis: 1 slice_point: 1 }")
            + layer("end", "Sigmoid", ["right"]) + layer("other", "AbsVal", ["left"]))  # fmt: skip
    return nets.Net(folder, text, {"conv1": [n.normal(4, 3, 3, 3), n.normal(4)],
                                   "conv2": [n.normal(4, 4, 3, 3), n.normal(4)]})  # fmt: skip


@pytest.fixture
def net(tmp_path):
    return chain(tmp_path)


X = nets.pixels(1, 3, 8, 8) / 100


def inputs_of(xml) -> dict:
    return {p.any_name: tuple(p.shape) for p in executors.read_ir(xml).inputs}


def test_outputs_in_the_middle(net):
    """conv1 is the layer's own result, though a layer in place writes the blob again."""
    both = net.infer({"data": X}, "--output", "conv1,relu1")
    assert len(both) >= 2
    conv1 = net.infer({"data": X}, "--output", "conv1")["conv1"]
    assert conv1.min() < 0
    relu1 = next(iter(net.infer({"data": X}, "--output", "relu1").values()))
    assert np.array_equal(relu1, np.maximum(conv1, 0))


def test_intermediate_and_later_output_together(net):
    whole = net.infer({"data": X}, "--output", "conv2,total")
    assert worst_error(whole["total"], whole["conv2"] + np.tanh(whole["conv2"])) <= 1e-5


def test_output_ports(net):
    total = net.infer({"data": X}, "--output", "sum")["total"]
    assert worst_error(net.infer({"data": X}, "--output", "slice:1")["right"], total[:, 1:]) <= 1e-6
    assert worst_error(net.infer({"data": X}, "--output", "0:end")["right"], total[:, 1:]) <= 1e-6
    assert set(net.infer({"data": X}, "--output", "slice")) == {"left", "right"}


def test_output_of_an_input(net):
    model = executors.compiled(net.convert("--output", "data").xml)
    assert np.array_equal(model({"data": X})[0], X)


def test_what_is_not_needed_is_left_out(net):
    xml = net.convert("--output", "conv1").xml
    assert "conv2" not in xml.read_text()
    assert "relu1" not in xml.read_text()


def test_input_in_the_middle(net):
    """The shape is that of the whole net at that place."""
    xml = net.convert("--input", "conv2").xml
    assert inputs_of(xml) == {"conv2/placeholder_port_0": (1, 4, 8, 8)}
    middle = net.infer({"data": X}, "--output", "relu1")
    whole, rest = net.infer({"data": X}), net.infer({"conv2/placeholder_port_0": middle["conv1"]}, "--input", "conv2")
    for name in ("end", "other"):
        assert worst_error(rest[name], whole[name]) <= 1e-5


def test_input_with_a_shape(net):
    assert inputs_of(net.convert("--input", "conv2", "--input_shape", "[2,4,5,6]").xml) == {
        "conv2/placeholder_port_0": (2, 4, 5, 6)
    }
    assert inputs_of(net.convert("--input", "conv2[2,4,5,6]").xml) == {"conv2/placeholder_port_0": (2, 4, 5, 6)}


def test_input_ports_and_outputs_of_layers(net):
    whole = net.infer({"data": X})
    conv2 = net.infer({"data": X}, "--output", "conv2")["conv2"]
    feeds = {"sum/placeholder_port_0": conv2, "sum/placeholder_port_1": np.tanh(conv2)}
    for names in ("0:sum,1:sum", "sum"):
        assert worst_error(net.infer(feeds, "--input", names)["end"], whole["end"]) <= 1e-5
    behind = net.infer({"conv2/placeholder_out_port_0": conv2}, "--input", "conv2:0")
    assert worst_error(behind["end"], whole["end"]) <= 1e-5


def test_input_at_a_blob(net):
    total = net.infer({"data": X}, "--output", "sum")["total"]
    assert worst_error(net.infer({"total": total}, "--input", "total")["end"], net.infer({"data": X})["end"]) <= 1e-5


def test_input_and_output_together(net):
    xml = net.convert("--input", "conv2", "--output", "tanh").xml
    assert inputs_of(xml) == {"conv2/placeholder_port_0": (1, 4, 8, 8)}
    assert len(executors.read_ir(xml).outputs) == 1


def test_a_layer_nobody_knows_can_be_cut_off(tmp_path):
    text = chain(tmp_path).text + layer("odd", "NobodyKnows", ["end"]) + layer("last", "ReLU", ["odd"])
    n = nets.Numbers("chain")
    net = nets.Net(tmp_path / "odd", text, {"conv1": [n.normal(4, 3, 3, 3), n.normal(4)],
                                            "conv2": [n.normal(4, 4, 3, 3), n.normal(4)]})  # fmt: skip
    assert "unsupported-layer" in net.convert(status=1).stderr
    net.convert("--output", "end")
    assert "shape-at-cut-unknown" in net.convert("--input", "last", status=2).stderr
    assert inputs_of(net.convert("--input", "last[1,3,8,8]").xml) == {"last/placeholder_port_0": (1, 3, 8, 8)}


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--output", "conv3"], "unknown-node", "conv"),
        (["--input", "dta"], "unknown-node", 'did you mean "data"?'),
        (["--output", "slice:2"], "bad-port", "the last is 1"),
        (["--input", "2:sum[1,4,8,8]"], "bad-port", "the last is 1"),
        (["--input", "0:data"], "port-on-input", "data"),
        (["--input", "sum[1,4,8,8]"], "port-needed", "0:sum"),
        (["--input", "0:sum"], "other-inputs-needed", "missing: data"),
    ],
)
def test_messages(net, options, code, said):
    stderr = net.convert(*options, status=2).stderr
    assert code in stderr
    assert said in stderr


RENAMINGS = (input_layer("data", (1, 2, 3, 4)) + layer("kept", "Dropout", ["data"]) + layer("relu", "ReLU", ["data"])
             + layer("drop", "Dropout", ["relu"]) + layer("tanh", "TanH", ["relu"])
             + layer("same", "Permute", ["tanh"], params="permute_param { order: 0 order: 1 }")
             + layer("split", "Split", ["tanh"], ["left", "right"]) + layer("end", "Sigmoid", ["left"]))  # fmt: skip


@pytest.mark.parametrize("version", ["11", "10", "7", "3"])
def test_an_output_may_be_another_output_by_name(tmp_path, version):
    """Caffe gives what no layer reads, also what only passes on a blob that others read."""
    x = nets.pixels(1, 2, 3, 4) / 100 - 1
    net = nets.Net(tmp_path, RENAMINGS, {})
    relu = np.maximum(x - 0.5, 0)
    wanted = {"kept": x - 0.5, "drop": relu, "same": np.tanh(relu), "right": np.tanh(relu), "end": 1 / (1 + np.exp(-np.tanh(relu)))}
    options = ["--mean_values", "[0.5,0.5]", "--ir_version", version]
    if version in ("11", "10"):
        got = net.infer({"data": x}, *options)
    else:
        xml = net.convert(*options).xml
        assert converter.run("--upgrade_ir", xml, "--output_dir", tmp_path, "--model_name", "up").returncode == 0
        got = executors.run_openvino(tmp_path / "up.xml", {"data": x})
        del wanted["right"]  # outputs are layers: one for both names of the blob
    assert set(wanted) <= set(got)
    for name, value in wanted.items():
        assert worst_error(got[name], value) <= 1e-5, name


def test_asked_for_what_passes_an_input_on(tmp_path):
    x = nets.pixels(1, 2, 3, 4) / 100
    got = nets.Net(tmp_path, RENAMINGS, {}).infer({"data": x}, "--output", "kept,relu", "--mean_values", "[0.5,0.5]")
    assert worst_error(got["kept"], x - 0.5) <= 1e-6
    assert worst_error(got["relu"], np.maximum(x - 0.5, 0)) <= 1e-6


def test_a_layer_in_place_behind_what_passes_an_input_on(tmp_path):
    """The input keeps its own name, not the other that was for a moment one of it."""
    text = (input_layer("data", (1, 2, 3, 4)) + layer("drop", "Dropout", ["data"]) + layer("relu", "ReLU", ["drop"], ["drop"])
            + layer("end", "TanH", ["data"]))  # fmt: skip
    x = nets.pixels(1, 2, 3, 4) / 100 - 1
    net = nets.Net(tmp_path, text, {})
    got = net.infer({"data": x})
    assert worst_error(got["drop"], np.maximum(x, 0)) <= 1e-6 and worst_error(got["end"], np.tanh(x)) <= 1e-5
    assert set(inputs_of(net.convert().xml)) == {"data"}


OVERWRITTEN = (input_layer("data", (1, 2, 3, 4)) + layer("relu", "ReLU", ["data"])
               + layer("same", "Concat", ["relu"]) + layer("tanh", "TanH", ["relu"], ["relu"]))  # fmt: skip


@pytest.mark.parametrize("version, names", [("11", ("same", "relu")), ("10", ("relu", "tanh"))])
def test_an_output_of_a_layer_whose_blob_is_overwritten(tmp_path, version, names):
    """In v10 outputs are layers: the runtime refuses another tensor of the layer's name."""
    x = nets.pixels(1, 2, 3, 4) / 100 - 1
    got = nets.Net(tmp_path, OVERWRITTEN, {}).infer({"data": x}, "--ir_version", version)
    assert worst_error(got[names[0]], np.maximum(x, 0)) <= 1e-6
    assert worst_error(got[names[1]], np.tanh(np.maximum(x, 0))) <= 1e-6


def test_the_name_of_an_output_in_onnx(tmp_path):
    """Of all the names of a tensor that of the blob which nothing reads."""
    text = (input_layer("data", (1, 2, 3, 4)) + layer("relu", "ReLU", ["data"]) + layer("out", "Concat", ["relu"])
            + layer("same", "Concat", ["relu"]) + layer("end", "TanH", ["same"]))  # fmt: skip
    net = nets.Net(tmp_path, text, {})
    net.convert("--output_format", "onnx")
    x = nets.pixels(1, 2, 3, 4) / 100 - 1
    got = executors.run_onnxruntime(tmp_path / "ir" / "net.onnx", {"data": x})
    assert set(got) == {"out", "end"} and np.array_equal(got["out"], np.maximum(x, 0))
