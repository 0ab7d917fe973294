"""ONNX models as files: options, names, versions, weights beside the model, dynamic sizes, preprocessing, messages."""

import json
import os
import subprocess

import numpy as np
import onnx
import pytest

from cli import nets
from numeric.row import Numbers
from support import converter, executors
from support.compare import cosine, worst_error
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")


@pytest.fixture
def net(tmp_path):
    return nets.padded(tmp_path)


def convert(net, *options, status=0, out="onnx"):
    done = net.convert("--output_format", "onnx", *options, status=status, out=out)
    done.onnx = done.xml.with_suffix(".onnx")
    return done


def run(net, inputs, *options) -> dict:
    return executors.run_onnxruntime(convert(net, *options).onnx, inputs)


def loaded(path) -> onnx.ModelProto:
    onnx.checker.check_model(str(path), full_check=True)
    return onnx.load(path)


def types(model) -> list:
    return [node.op_type for node in model.graph.node]


# -- what is written ---------------------------------------------------------------------------------------------------


def test_one_file_is_written_whose_values_are_the_blobs_and_nodes_the_layers(net):
    done = convert(net)
    assert [p.name for p in done.onnx.parent.iterdir()] == ["net.onnx"]
    assert "ONNX file" in done.stdout and "onnxruntime" in done.stdout
    model = loaded(done.onnx)
    assert [v.name for v in model.graph.input] == ["data"]
    assert [v.name for v in model.graph.output] == ["conv2"]
    nodes = {n.name: list(n.output) for n in model.graph.node}
    assert set(nodes) == {"conv1", "relu1", "pool1", "conv2"}
    # A blob that a layer overwrites in place is what that layer makes of it.
    assert nodes["relu1"] == ["conv1"] and nodes["pool1"] == ["pool1"] and nodes["conv2"] == ["conv2"]
    assert model.producer_name == "mo"


def test_the_model_computes_what_the_ir_computes(net):
    x = {"data": nets.pixels(1, 3, 12, 10)}
    assert worst_error(run(net, x)["conv2"], net.infer(x)["conv2"]) <= 1e-5


@pytest.mark.parametrize("opset", range(11, 22))
def test_opsets(net, opset):
    model = loaded(convert(net, "--onnx_opset", opset).onnx)
    assert {i.domain: i.version for i in model.opset_import} == {"": opset}
    # The oldest version of the file format that has the opset, by ONNX's own table.
    assert model.ir_version == onnx.helper.OP_SET_ID_VERSION_MAP[("ai.onnx", opset)]


def test_opset_17_is_the_default(net):
    assert loaded(convert(net).onnx).opset_import[0].version == 17


def test_the_same_input_gives_the_same_bytes(net):
    assert convert(net, out="a").onnx.read_bytes() == convert(net, out="b").onnx.read_bytes()


def test_weights_beside_the_model(net):
    x = {"data": nets.pixels(1, 3, 12, 10)}
    inside, beside = convert(net, out="inside"), convert(net, "--onnx_external_data", out="beside")
    data = beside.onnx.with_name("net.onnx.data")
    assert data.stat().st_size > 0 and not inside.onnx.with_name("net.onnx.data").exists()
    assert str(data) in beside.stdout
    loaded(beside.onnx)
    results = [executors.run_onnxruntime(done.onnx, x)["conv2"] for done in (inside, beside)]
    assert np.array_equal(*results)


def test_half_precision(net):
    x = {"data": nets.pixels(1, 3, 12, 10)}
    full, half = convert(net, out="full"), convert(net, "--data_type", "FP16", out="half")
    model = loaded(half.onnx)
    weights = [t for t in model.graph.initializer if t.name.endswith("weights_compressed")]
    assert len(weights) == 2 and {t.data_type for t in weights} == {onnx.TensorProto.FLOAT16}
    assert {v.type.tensor_type.elem_type for v in (*model.graph.input, *model.graph.output)} == {onnx.TensorProto.FLOAT}
    wanted = executors.run_onnxruntime(full.onnx, x)["conv2"]
    assert cosine(executors.run_onnxruntime(half.onnx, x)["conv2"], wanted) >= 0.9999


def test_equal_constants_are_written_once(tmp_path):
    n = Numbers("twins")
    text = input_layer("data", (1, 3, 8, 8)) + nets.convolution("a", "data", 4) + nets.convolution("b", "data", 4)
    weights = [n.normal(4, 3, 3, 3), n.normal(4)]
    model = loaded(convert(nets.Net(tmp_path, text, {"a": weights, "b": weights})).onnx)
    assert len(model.graph.initializer) == 2


def test_an_input_that_is_an_output_too(tmp_path):
    text = input_layer("data", (1, 3)) + layer("drop", "Dropout", ["data"]) + layer("relu", "ReLU", ["data"])
    net = nets.Net(tmp_path, text, {})
    x = np.array([[-1.0, 2.0, 3.0]], np.float32)
    results = run(net, {"data": x}, "--output", "drop,relu")
    assert np.array_equal(results["drop"], x) and np.array_equal(results["relu"], x.clip(0))


# -- inputs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opset", [11, 17, 21])
def test_a_free_batch(net, opset):
    model = convert(net, "--input_shape", "[?,3,12,10]", "--onnx_opset", opset).onnx
    dims = loaded(model).graph.input[0].type.tensor_type.shape.dim
    assert [d.dim_param or d.dim_value for d in dims] == ["batch", 3, 12, 10]
    x = nets.pixels(5, 3, 12, 10)
    each = np.concatenate([net.infer({"data": image[None]})["conv2"] for image in x])
    assert worst_error(executors.run_onnxruntime(model, {"data": x})["conv2"], each) <= 1e-5


def test_free_sides(net):
    model = convert(net, "--input_shape", "[1,3,?,?]").onnx
    loaded(model)
    for height, width in ((12, 10), (20, 16)):
        x = nets.pixels(1, 3, height, width)
        wanted = net.infer({"data": x}, "--input_shape", f"[1,3,{height},{width}]")["conv2"]
        assert worst_error(executors.run_onnxruntime(model, {"data": x})["conv2"], wanted) <= 1e-5


def test_preprocessing_is_part_of_the_model(net):
    x = {"data": nets.pixels(1, 3, 12, 10)}
    options = ["--mean_values", "[104,117,123]", "--scale_values", "[2,3,4]", "--reverse_input_channels"]
    assert worst_error(run(net, x, *options)["conv2"], net.infer(x, *options)["conv2"]) <= 1e-5
    assert worst_error(run(net, x, *options)["conv2"], run(net, x)["conv2"]) > 1e-2


def test_layout_and_type_of_the_input(net):
    model = convert(net, "--layout", "nchw->nhwc", "--input", "data{u8}").onnx
    assert loaded(model).graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8
    x = np.random.RandomState(1).randint(0, 256, (1, 12, 10, 3)).astype(np.uint8)
    found = executors.onnx_session(model).run(["conv2"], {"data": x})[0]
    wanted = run(net, {"data": np.ascontiguousarray(x.transpose(0, 3, 1, 2), np.float32)})["conv2"]
    assert worst_error(found, wanted) <= 1e-5


# -- the command line --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [["--output_format", "tflite"],
                                     ["--output_format", "onnx", "--onnx_opset", "10"],
                                     ["--output_format", "onnx", "--onnx_opset", "22"],
                                     ["--output_format", "onnx", "--onnx_opset", "new"],
                                     ["--output_format", "onnx", "--ir_version", "10"],
                                     ["--output_format", "onnx", "--generate_deprecated_IR_V7"],
                                     ["--onnx_opset", "17"], ["--onnx_external_data"]])  # fmt: skip
def test_options_that_make_no_sense_together(net, options):
    done = net.convert(*options, status=2)
    assert "#output-format" in done.stderr
    assert not (net.folder / "ir").exists()


def test_the_site_s_version_of_ir_does_not_matter(net):
    plain = convert(net, out="plain").onnx.read_bytes()
    command = [converter.binary(), "--input_model", net.model, "--output_dir", net.folder / "env", "--output_format", "onnx"]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "MO_IR_VERSION": "7"})
    assert (net.folder / "env" / "net.onnx").read_bytes() == plain


def test_the_report_names_the_files(net):
    done = convert(net, "--report", "report.json", "--onnx_external_data")
    said = json.loads((net.folder / "report.json").read_text())
    assert said["files"] == {"onnx": str(done.onnx), "weights": str(done.onnx) + ".data"}
    assert [t["name"] for t in said["outputs"]] == ["conv2"]


# -- what ONNX cannot say ----------------------------------------------------------------------------------------------


WARP = """
type = "Warp"
bottoms = 2
outputs = ["same(0)"]
[parameters]
reach = { path = "warp_param.reach", type = "int" }
[layer]
type = "Warp"
version = "mine"
attributes = { reach = "reach" }
"""


def test_layers_without_operators_are_named_in_one_warning(tmp_path):
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers" / "warp.toml").write_text(WARP)
    text = input_layer("a", (1, 2, 8, 8)) + input_layer("b", (1, 2, 8, 8))
    for name, bottoms in (("first", ["a", "b"]), ("second", ["b", "a"])):
        text += layer(name, "Warp", bottoms, params="warp_param { reach: 3 }")
    done = convert(nets.Net(tmp_path, text, {}), "--extensions", tmp_path / "layers")
    assert done.stderr.count("#onnx-foreign-operator") == 1
    assert "first, second" in done.stderr and "mine.Warp" in done.stderr
    model = onnx.load(done.onnx)
    assert {(n.domain, n.op_type) for n in model.graph.node} == {("mine", "Warp")}
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in model.graph.node[0].attribute}
    assert attributes == {"reach": 3}
    assert {i.domain for i in model.opset_import} == {"", "mine"}


# -- spellings that some runtime needs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("kernel", "pad", "wanted"), [(1, 1, ["Pad", "Conv"]), (1, 0, ["Conv"]), (3, 1, ["Conv"])])
def test_a_1x1_convolution_has_no_pads(tmp_path, kernel, pad, wanted):
    """OpenCV 5.0.0 computes nonsense of them."""
    n = Numbers("pads")
    params = f"convolution_param {{ num_output: 4 kernel_size: {kernel} pad: {pad} }}"
    text = input_layer("data", (2, 3, 5, 6)) + layer("conv", "Convolution", ["data"], params=params)
    net = nets.Net(tmp_path, text, {"conv": [n.normal(4, 3, kernel, kernel), n.normal(4)]})
    assert types(loaded(convert(net).onnx)) == wanted
    x = {"data": n.normal(2, 3, 5, 6)}
    assert worst_error(run(net, x)["conv"], net.infer(x)["conv"]) <= 1e-5


def test_nothing_is_gathered_from_a_list_without_elements(tmp_path):
    """OpenCV 5.0.0 crashes there: before the first detection, a row that closes the list stands in it."""
    text = input_layer("loc", (1, 8)) + input_layer("conf", (1, 4)) + input_layer("boxes", (1, 2, 8))
    params = "detection_output_param { num_classes: 2 keep_top_k: 5 confidence_threshold: 0.5 nms_param { nms_threshold: 0.5 } }"
    text += layer("out", "DetectionOutput", ["loc", "conf", "boxes"], params=params)
    path = convert(nets.Net(tmp_path, text, {})).onnx
    model = loaded(path)
    makers = {output: node for node in model.graph.node for output in node.output}
    for node in model.graph.node:
        if node.op_type == "GatherND":
            places = makers[node.input[1]]
            assert places.op_type == "Concat", node.name
    boxes = np.array([[[0.1, 0.1, 0.5, 0.5, 0.4, 0.4, 0.9, 0.9], [0.1] * 8]], np.float32)
    inputs = {"loc": np.zeros((1, 8), np.float32), "boxes": boxes}
    none = executors.run_onnxruntime(path, inputs | {"conf": np.float32([[0.8, 0.2, 0.7, 0.3]])})["out"]
    assert np.array_equal(none, np.full((1, 1, 1, 7), -1, np.float32))
    one = executors.run_onnxruntime(path, inputs | {"conf": np.float32([[0.8, 0.2, 0.3, 0.7]])})["out"]
    assert np.allclose(one, [[[[0, 1, 0.7, 0.4, 0.4, 0.9, 0.9]]]], atol=1e-6)


# -- regions -----------------------------------------------------------------------------------------------------------


def regions(folder, min_size, *options):
    """Regions of 12 x 16 cells, pooled, and two numbers of each."""
    n = Numbers("regions")
    text = input_layer("scores", (1, 18, 12, 16)) + input_layer("deltas", (1, 36, 12, 16))
    text += input_layer("im_info", (1, 3)) + input_layer("maps", (1, 2, 12, 16))
    text += layer("rois", "Proposal", ["scores", "deltas", "im_info"],
                  params=f"proposal_param {{ feat_stride: 16 base_size: 16 min_size: {min_size} ratio: 0.5 ratio: 1 ratio: 2 "
                         "scale: 8 scale: 16 scale: 32 pre_nms_topn: 1000 post_nms_topn: 50 nms_thresh: 0.7 }")  # fmt: skip
    text += layer("pool", "ROIPooling", ["maps", "rois"],
                  params="roi_pooling_param { pooled_h: 3 pooled_w: 3 spatial_scale: 0.0625 }")  # fmt: skip
    text += layer("fc", "InnerProduct", ["pool"], params="inner_product_param { num_output: 2 }")
    net = nets.Net(folder, text, {"fc": [n.normal(2, 18), n.normal(2)]})
    model = loaded(convert(net, *options).onnx)
    dims = model.graph.output[0].type.tensor_type.shape.dim
    assert not dims[0].HasField("dim_value") and dims[1].dim_value == 2
    x = {"scores": n.uniform(0, 1, 1, 18, 12, 16), "deltas": 0.3 * n.normal(1, 36, 12, 16),
         "im_info": np.float32([[192, 256, 1]]), "maps": n.normal(1, 2, 12, 16)}  # fmt: skip
    return run(net, x, *options)["fc"], net.infer(x)["fc"]


def test_as_many_rows_as_regions_also_behind_them(tmp_path):
    found, in_ir = regions(tmp_path, 100)
    assert 1 < len(found) < 50 and in_ir.shape == (50, 2)
    assert worst_error(found, in_ir[: len(found)]) <= 1e-4


def test_one_row_where_no_region_is_large_enough(tmp_path):
    assert regions(tmp_path, 1000)[0].shape == (1, 2)


def test_boxes_of_an_image_of_unknown_size_are_refused(tmp_path):
    text = input_layer("data", (1, 3, 8, 8)) + layer("pool", "Pooling", ["data"], params="pooling_param { kernel_size: 2 stride: 2 }")
    text += layer("boxes", "PriorBox", ["pool", "data"], params="prior_box_param { min_size: 2 }")
    net = nets.Net(tmp_path, text, {})
    done = convert(net, "--input_shape", "[1,3,?,?]", status=1)
    assert "#not-in-onnx" in done.stderr and "boxes" in done.stderr and "--input_shape" in done.stderr
    assert not (net.folder / "onnx").exists()
    convert(net)


@pytest.mark.parametrize(("opset", "forms"), [(11, "attribute"), (17, "input"), (18, "input")])
def test_axes_stand_where_the_opset_wants_them(tmp_path, opset, forms):
    text = input_layer("data", (2, 3, 4, 4)) + layer("sum", "Reduction", ["data"], params="reduction_param { axis: 1 }")
    model = loaded(convert(nets.Net(tmp_path, text, {}), "--onnx_opset", opset).onnx)
    node = next(n for n in model.graph.node if n.op_type == "ReduceSum")
    assert (len(node.input) == 2) == (forms == "input")
    assert any(a.name == "axes" for a in node.attribute) == (forms == "attribute")
