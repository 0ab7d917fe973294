"""mo verify with other executors than OpenCV and the runtime: recorded results, Caffe itself, an old engine, ONNX Runtime."""

import shutil
import sys

import numpy as np
import onnx
import pytest

from apps.verifying import BY_LAYER, arrays, recorded_run, verify
from cli import nets
from support import converter, executors
from support.compare import worst_error
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")


@pytest.mark.parametrize("tops", [{"conv1": "conv1", "relu1": "relu1", "pool1": "pool1", "conv2": "conv2"},
                                  {"relu1": "conv1", "conv2": "conv2"}], ids=["by layer", "by blob"])  # fmt: skip
def test_recorded_results_serve_as_well(tops, padded):
    padded.convert()
    recorded_run(padded, tops)
    report = verify(padded, "--recorded", "out.npz", "--inputs", "in.npz").report
    assert {row["layer"] for row in report["layers"] if "relative" in row} == set(tops)
    folder = padded.folder / "blobs"
    folder.mkdir()
    for name, value in arrays(padded.folder / "out.npz").items():
        np.save(folder / f"{name}.npy", np.float64(value))
    assert verify(padded, "--recorded", "blobs", "--inputs", "in.npz").report["layers"] == report["layers"]


FAKE_CAFFE = '''"""The part of Caffe's Python module that scripts/run_caffe.py uses, on OpenCV."""
import cv2, numpy as np
TEST = 1
def set_mode_cpu(): pass
class Blob:
    def __init__(self): self.data = np.zeros(1, np.float32)
    def reshape(self, *shape): self.data = np.zeros(shape, np.float32)
class Net:
    _layer_names = ["data", "conv1", "relu1", "pool1", "conv2"]
    _tops = [0, 1, 1, 2, 3]
    def _top_ids(self, number): return [self._tops[number]]
    def __init__(self, prototxt, caffemodel, phase):
        self.net = cv2.dnn.readNetFromCaffe(prototxt, caffemodel)
        self.blobs = {name: Blob() for name in ("data", "conv1", "pool1", "conv2")}
    def reshape(self): pass
    def _forward(self, start, end):
        if start > 0:
            self.net.enableFusion(False)
            self.net.setInput(self.blobs["data"].data, "data")
            self.blobs[list(self.blobs)[self._tops[start]]].data = self.net.forward([self._layer_names[start]])[0]
'''


def test_caffe_itself_is_run_by_its_python_module(padded):
    padded.convert()
    (padded.folder / "caffe.py").write_text(FAKE_CAFFE)
    script = converter.REPOSITORY / "scripts" / "run_caffe.py"
    command = f"env PYTHONPATH={padded.folder} {sys.executable} {script}"
    report = verify(padded, "--caffe", command).report
    assert report["verdict"] == "agrees"
    assert report["executor"].startswith("Caffe")
    assert all("relative" in row for row in report["layers"])


OLD_ENGINE = '''import sys, numpy as np
xml, source, target = sys.argv[1:]
assert 'version="4"' in open(xml).read(200)
np.savez(target, conv2=np.load("{expected}")["conv2"] + {error})
'''


@pytest.mark.parametrize("error", [0, 1])
def test_an_old_engine_is_compared_too(error, padded):
    padded.convert("--ir_version", "4")
    verify(padded, "--keep", "kept")
    script = padded.folder / "engine.py"
    script.write_text(OLD_ENGINE.format(expected=padded.folder / "kept" / "caffe.npz", error=error))
    report = verify(padded, "--old_engine", f"{sys.executable} {script}", status=error).report
    assert (report["outputs"][0]["old_engine"]["relative"] == 0) == (error == 0)
    assert report["outputs"][0]["agrees"] == (error == 0)


IN_ONNX_RUNTIME = ("--onnx_runtime", f"{sys.executable} {converter.REPOSITORY / 'scripts' / 'run_onnx.py'}")


def to_onnx(net, *options):
    net.convert("--output_format", "onnx", *options, out="onnx")
    return net.folder / "onnx" / "net.onnx"


@pytest.mark.parametrize("runtime", [(), IN_ONNX_RUNTIME], ids=["openvino", "onnxruntime"])
@pytest.mark.parametrize("options", [["--mean_values", "[104,117,123]", "--scale", "58", "--reverse_input_channels"],
                                     ["--data_type", "FP16"], ["--onnx_external_data", "--onnx_opset", "12"],
                                     ["--input", "data{u8}", "--layout", "nchw->nhwc", "--mean_values", "[104,117,123]"]],
                         ids=lambda options: options[0][2:])  # fmt: skip
def test_onnx_models_are_compared_too(runtime, options, padded):
    path = to_onnx(padded, *options)
    padded.convert()  # its mapping is not the ONNX model's
    shutil.copy(padded.folder / "ir" / "net.mapping", path.with_suffix(".mapping"))
    done = verify(padded, "--keep", "kept", *runtime, xml=path)
    assert "the ONNX model computes what Caffe computes (3 layers compared)" in done.stdout
    # conv1 is overwritten by relu1, whose value has the blob's name.
    assert [row["layer"] for row in done.report["layers"]] == ["relu1", "pool1", "conv2"]
    assert done.report["fused"] == ["conv1"]
    fed = arrays(padded.folder / "kept" / "inputs.npz")["data"]
    kept = arrays(padded.folder / "kept" / "ir.npz")["conv2"]
    if "--layout" in options:
        fed = np.ascontiguousarray(fed.transpose(0, 2, 3, 1).astype(np.uint8))
    assert worst_error(kept, executors.onnx_session(path).run(["conv2"], {"data": fed})[0]) <= 1e-5


@pytest.mark.parametrize("runtime", [(), IN_ONNX_RUNTIME], ids=["openvino", "onnxruntime"])
def test_the_layer_that_is_wrong_in_an_onnx_model_is_named(runtime, padded):
    path = to_onnx(padded)
    model = onnx.load(path)
    node = next(node for node in model.graph.node if node.name == "conv2")
    biases = next(tensor for tensor in model.graph.initializer if tensor.name == node.input[2])
    biases.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(biases) + np.float32(50), biases.name))
    onnx.save(model, path)
    done = verify(padded, *runtime, xml=path, status=1)
    assert 'the ONNX model differs, first at layer "conv2"' in done.stderr
    assert [row["agrees"] for row in done.report["layers"]] == [True, True, False]


def test_a_model_is_verified_right_behind_its_conversion_to_onnx(padded):
    done = padded.convert("--output_format", "onnx", "--verify")
    assert "the ONNX model computes what Caffe computes (3 layers compared)" in done.stdout


def test_where_near_ties_decide_each_layer_is_compared_on_the_numbers_of_the_ir(tmp_path):
    """Two windows' maxima are at another place on the Caffe side, as after roundings: what lies behind differs, yet is right."""
    text = (input_layer("data", (1, 2, 4, 4)) + layer("conv", "ReLU", ["data"])
            + layer("pool", "Pooling", ["conv"], ["pool", "mask"], "pooling_param { kernel_size: 2 stride: 2 }")
            + layer("up", "Upsample", ["pool", "mask"], params="upsample_param { scale: 2 }")
            + layer("out", "Power", ["up"], params="power_param { scale: 3 }"))  # fmt: skip
    net = nets.Net(tmp_path, text, {})
    net.convert()
    by_ir = f"{BY_LAYER} --bottoms {tmp_path / 'kept' / 'ir.npz'}"
    verify(net, "--keep", "kept", "--caffe", BY_LAYER)
    moved = arrays(tmp_path / "kept" / "ir.npz")
    moved["conv"][:, :, 0, :2] = moved["conv"][:, :, 0, 1::-1] + 700  # other maxima, in the other order
    np.savez(tmp_path / "kept" / "ir.npz", **moved)
    verify(net, "--keep", "moved", "--caffe", by_ir, status=1)
    caffe, same = arrays(tmp_path / "moved" / "caffe.npz"), arrays(tmp_path / "kept" / "caffe.npz")
    np.testing.assert_array_equal(caffe["conv"], same["conv"])  # computed of what the IR was fed
    assert caffe["pool"][0, 0, 0, 0] == moved["conv"][0, 0, :2, :2].max() != same["pool"][0, 0, 0, 0]
    np.testing.assert_array_equal(caffe["out"], same["out"])  # of the IR's pool and mask, which are as they were
    verify(net, "--keep", "kept", "--caffe", BY_LAYER)
    assert verify(net, "--caffe", by_ir).report["verdict"] == "agrees"
