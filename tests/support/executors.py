"""Runs a net in an executor: each function takes inputs by name and gives outputs by name, as float32 arrays."""

import os
import shlex
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

THREADS = int(os.environ.get("MO_TEST_THREADS", "2"))


@lru_cache(maxsize=1)
def _core():
    import openvino

    core = openvino.Core()
    # A CPU with bfloat16 units would use them, which costs three digits.
    core.set_property("CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": THREADS})
    return core


def read_ir(xml: Path):
    return _core().read_model(str(xml))


def compiled(xml: Path):
    return _core().compile_model(str(xml), "CPU")


def declared_shapes(xml: Path) -> dict:
    """Tensor name -> shape, as the converter wrote it: the runtime computes shapes of its own and ignores these."""
    shapes = {}
    for port in ElementTree.parse(xml).iterfind("./layers/layer/output/port"):
        for name in filter(None, port.get("names", "").split(",")):
            shapes[name] = tuple(int(dim.text) for dim in port.iterfind("dim"))
    return shapes


def run_openvino(xml: Path, inputs: dict) -> dict:
    """Results of an IR, under every tensor name that an output has."""
    model = compiled(xml)
    feeds = {}
    for index, port in enumerate(model.inputs):
        # By layer where a layer in place on the input took the name of the tensor.
        names = [*port.get_names(), port.get_node().get_friendly_name()]
        name = next((n for n in names if n in inputs), None)
        if name is None:
            raise KeyError(f"the IR has an input {names}, the net has {sorted(inputs)}")
        feeds[index] = np.ascontiguousarray(inputs[name], np.float32)
    outputs = {}
    for port, value in model(feeds).items():
        for name in port.get_names():
            outputs[name] = np.array(value, np.float32)
    return outputs


def onnx_session(model: Path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def run_onnxruntime(model: Path, inputs: dict) -> dict:
    """Results of an ONNX model, by name."""
    session = onnx_session(model)
    feeds = {port.name: np.ascontiguousarray(inputs[port.name], np.float32) for port in session.get_inputs()}
    names = [port.name for port in session.get_outputs()]
    return dict(zip(names, (np.array(value, np.float32) for value in session.run(names, feeds))))


def run_opencv(net_text: str, caffemodel: Path, inputs: dict, tops: dict) -> dict:
    """OpenCV's dnn module on its own reader of Caffe files.

    `tops` maps a top to the layer that makes it: OpenCV knows most results by their layer, some by their top, and of
    a layer with several tops the first alone.
    """
    import cv2

    net = cv2.dnn.readNetFromCaffe(
        np.frombuffer(net_text.encode(), np.uint8), np.fromfile(caffemodel, np.uint8)
    )
    net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
    net.enableWinograd(False)
    net.enableFusion(False)
    for name, value in inputs.items():
        net.setInput(np.ascontiguousarray(value, np.float32), name)
    known = set(net.getLayerNames())
    names = [layer if layer in known else top for top, layer in tops.items()]
    return dict(zip(tops, (np.array(v) for v in net.forward(names))))


def run_caffe(net_text: str, caffemodel: Path, inputs: dict) -> dict:
    """BVLC Caffe, all blobs, by the command in the environment variable CAFFE_RUNNER.

    It is called with PROTOTXT CAFFEMODEL IN.npz OUT.npz and writes every blob of the net into OUT.npz.
    """
    command = shlex.split(os.environ["CAFFE_RUNNER"])
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "net.prototxt").write_text(net_text)
        np.savez(place / "in.npz", **{k: np.ascontiguousarray(v, np.float32) for k, v in inputs.items()})
        done = subprocess.run(
            [*command, place / "net.prototxt", caffemodel, place / "in.npz", place / "out.npz"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"Caffe failed:\n{done.stderr[-3000:]}\n{net_text}")
        with np.load(place / "out.npz") as archive:
            return {k: archive[k] for k in archive.files}
