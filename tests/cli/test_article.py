"""The commands of the article on converting Caffe models, with `mo` for the script: each means what it says."""

from xml.etree import ElementTree

import numpy as np
import pytest

from cli import nets
from support import converter, executors
from support.compare import worst_error
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")
NAME = "bvlc_alexnet"


def alexnet(folder, name=NAME, side=227):
    """AlexNet's layers with a few channels each."""
    n = nets.Numbers("alexnet")
    lrn, pool = "lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }", "pooling_param { pool: MAX kernel_size: 3 stride: 2 }"
    text = (input_layer("data", (10, 3, side, side)) + nets.convolution("conv1", "data", 8, 11, more="stride: 4")
            + layer("relu1", "ReLU", ["conv1"], ["conv1"]) + layer("norm1", "LRN", ["conv1"], params=lrn)
            + layer("pool1", "Pooling", ["norm1"], params=pool)
            + nets.convolution("conv2", "pool1", 12, 5, 2, "group: 2") + layer("relu2", "ReLU", ["conv2"], ["conv2"])
            + layer("norm2", "LRN", ["conv2"], params=lrn) + layer("pool2", "Pooling", ["norm2"], params=pool)
            + nets.convolution("conv5", "pool2", 8, 3, 1, "group: 2") + layer("relu5", "ReLU", ["conv5"], ["conv5"])
            + layer("pool5", "Pooling", ["conv5"], params=pool)
            + layer("fc8", "InnerProduct", ["pool5"], params="inner_product_param { num_output: 5 }")
            + layer("prob", "Softmax", ["fc8"]))  # fmt: skip
    return nets.Net(folder, text, {"conv1": [n.weights(8, 3, 11, 11), n.normal(8)],
                                   "conv2": [n.weights(12, 4, 5, 5), n.normal(12)],
                                   "conv5": [n.weights(8, 6, 3, 3), n.normal(8)],
                                   "fc8": [n.weights(5, 288), n.normal(5)]}, name)  # fmt: skip


@pytest.fixture
def net(tmp_path):
    return alexnet(tmp_path)


X = nets.pixels(10, 3, 227, 227)


def run(net, *options, status=0):
    done = converter.run("--input_model", f"{NAME}.caffemodel", *options, cwd=net.folder)
    assert done.returncode == status, done.stdout + done.stderr
    done.xml = net.folder / f"{NAME}.xml"
    return done


def result(xml, inputs, name="prob"):
    return executors.run_openvino(xml, inputs)[name]


def test_debug_log_level(net):
    done = run(net, "--log_level", "DEBUG")
    assert "[ SUCCESS ] Generated IR model." in done.stdout
    assert result(done.xml, {"data": X}).shape == (10, 5)


def test_model_name_and_output_dir(net):
    run(net, "--model_name", "result", "--output_dir", "../models/")
    written = {p.name for p in (net.folder / ".." / "models").iterdir()}
    assert written == {"result.xml", "result.bin", "result.mapping"}


def test_scale_values(net):
    done = run(net, "--scale_values", "[59,59,59]")
    assert worst_error(result(done.xml, {"data": X}), net.infer({"data": X / 59})["prob"]) <= 1e-4


@pytest.fixture
def two(tmp_path):
    return nets.two_inputs(tmp_path / "two")


A, B = nets.pixels(1, 3, 8, 8, seed="a"), nets.pixels(1, 3, 8, 8, seed="b")


def test_scale_values_of_two_inputs(two):
    out = two.infer({"data": A, "rois": B}, "--input", "data,rois", "--scale_values", "[59,59,59],[5,5,5]")["sum"]
    assert worst_error(out, two.infer({"data": A / 59, "rois": B / 5})["sum"]) <= 1e-4


def test_mean_of_one_input_and_scale_of_another(two):
    out = two.infer({"data": A, "rois": B}, "--input", "data,rois", "--mean_values", "data[59,59,59]", "--scale_values",
                    "rois[5,5,5]")["sum"]  # fmt: skip
    assert worst_error(out, two.infer({"data": A - 59, "rois": B / 5})["sum"]) <= 1e-4


def test_input_shape_output_scale_and_batch(net):
    """The batch takes the place of the shape's first dimension."""
    done = run(net, "--input", "data", "--input_shape", "[1,3,224,224]", "--output", "pool5", "-s", "5", "-b", "8")
    model = executors.read_ir(done.xml)
    assert [tuple(p.shape) for p in model.inputs] == [(8, 3, 224, 224)]
    assert [p.any_name for p in model.outputs] == ["pool5"]
    x = nets.pixels(8, 3, 224, 224)
    plain = net.convert("--input_shape", "[8,3,224,224]", "--output", "pool5").xml
    assert worst_error(result(done.xml, {"data": x}, "pool5"), result(plain, {"data": x / 5}, "pool5")) <= 1e-4


def test_no_fusing(net):
    done = run(net, "--disable_fusing", "--disable_gfusing")
    assert worst_error(result(done.xml, {"data": X}), net.infer({"data": X})["prob"]) <= 1e-5


def test_reversed_channels_mean_and_fp16(net):
    done = run(net, "--reverse_input_channels", "--mean_values", "[255,255,255]", "--data_type", "FP16")
    consts = [e for e in ElementTree.parse(done.xml).iterfind("./layers/layer[@type='Const']/data")]
    assert any(e.get("element_type") == "f16" for e in consts)
    assert worst_error(result(done.xml, {"data": X}), net.infer({"data": X[:, ::-1] - 255})["prob"]) <= 2e-2


def test_extensions_and_mean_file(net):
    for folder in ("a", "b"):
        (net.folder / folder).mkdir()
    image = nets.pixels(3, 256, 256, seed="mean")
    nets.mean_file(net.folder / "binaryproto", image[None])
    done = run(net, "--extensions", "a/,b/", "--mean_file", "binaryproto")
    expected = net.infer({"data": X - image[None, :, 14:241, 14:241]})["prob"]
    assert worst_error(result(done.xml, {"data": X}), expected) <= 1e-4
    assert "file-not-found" in run(net, "--extensions", "a/,c/", status=3).stderr


def test_frozen_placeholder(two):
    values = " ".join(str(v) for v in B.ravel())
    out = two.infer({"data": A}, "--freeze_placeholder_with_value", f"rois->[{values}]")["sum"]
    assert worst_error(out, two.infer({"data": A, "rois": B})["sum"]) <= 1e-5


def test_prototxt_of_another_name(net):
    (net.folder / "elsewhere").mkdir()
    net.prototxt.rename(net.folder / "elsewhere" / "other.prototxt")
    assert "--input_proto" in run(net, status=3).stderr
    done = run(net, "--input_proto", "elsewhere/other.prototxt")
    assert result(done.xml, {"data": X}).shape == (10, 5)


def test_custom_layers_mapping(net):
    """A net without custom layers is converted as it is."""
    (net.folder / "CustomLayersMapping.xml").write_text("<CustomLayers/>\n")
    plain = run(net).xml.with_suffix(".bin").read_bytes()
    done = run(net, "-k", "CustomLayersMapping.xml", "--disable_omitting_optional", "--enable_flattening_nested_params")
    assert done.xml.with_suffix(".bin").read_bytes() == plain
    assert "file-not-found" in run(net, "-k", "missing.xml", status=3).stderr


def test_shapes_of_two_inputs(tmp_path):
    text = (input_layer("data", (1, 3, 224, 224)) + input_layer("rois", (1, 5, 1, 1)) + layer("a", "ReLU", ["data"])
            + layer("b", "ReLU", ["rois"]))  # fmt: skip
    done = nets.Net(tmp_path, text, {}).convert("--input", "data,rois", "--input_shape", "(1,3,227,227),[1,6,1,1]")
    assert {p.any_name: tuple(p.shape) for p in executors.read_ir(done.xml).inputs} == {
        "data": (1, 3, 227, 227),
        "rois": (1, 6, 1, 1),
    }
    assert np.array_equal(executors.run_openvino(done.xml, {"data": X[:1], "rois": X[:1, :1, :6, :1].reshape(1, 6, 1, 1)})["a"],
                          X[:1])  # fmt: skip
