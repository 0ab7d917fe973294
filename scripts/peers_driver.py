"""Converts and runs small Caffe nets with one of the tools that scripts/compare_peers.py compares, in that tool's own Python.

    peers_driver.py TOOL FOLDER...        TOOL: mo2023, opencv, ncnn or mnn

Each FOLDER has net.prototxt, net.caffemodel and in.npz, and gets out.npz, or error.txt with what the tool said.  ncnn's
converter is named by the environment variable CAFFE2NCNN.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np


def run_mo2023(folder, inputs):
    import openvino.runtime as runtime
    from openvino.tools.mo import convert_model

    model = convert_model(str(folder / "net.caffemodel"), input_proto=str(folder / "net.prototxt"), framework="caffe",
                          use_legacy_frontend=True, silent=True, compress_to_fp16=False)  # fmt: skip
    core = runtime.Core()
    compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    feeds = {}
    for port in compiled.inputs:
        names = [*port.get_names(), port.get_node().get_friendly_name()]
        feeds[port] = inputs[next(name for name in names if name in inputs)]
    return {next(iter(port.get_names()), str(i)): value for i, (port, value) in enumerate(compiled(feeds).items())}


def run_opencv(folder, inputs):
    import cv2

    net = cv2.dnn.readNetFromCaffe(str(folder / "net.prototxt"), str(folder / "net.caffemodel"))
    for name, value in inputs.items():
        net.setInput(value, name)
    names = net.getUnconnectedOutLayersNames()
    return dict(zip(names, net.forward(names)))


def convert_ncnn(folder):
    done = subprocess.run([os.environ["CAFFE2NCNN"], "net.prototxt", "net.caffemodel", "net.param", "net.bin"], cwd=folder,
                          capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    text = (done.stdout + done.stderr).strip()
    if done.returncode != 0 or not (folder / "net.param").exists():
        raise RuntimeError(f"exit status {done.returncode}: {text or 'no message'}")


def run_ncnn(folder, inputs):
    """ncnn's arrays have no batch: images are run one after another."""
    import ncnn

    convert_ncnn(folder)
    net = ncnn.Net()
    if net.load_param(str(folder / "net.param")) != 0 or net.load_model(str(folder / "net.bin")) != 0:
        raise RuntimeError("the runtime does not load what the converter wrote")
    images = max(value.shape[0] for value in inputs.values() if value.ndim == 4) if any(v.ndim == 4 for v in inputs.values()) else 1
    results = {}
    for image in range(images):
        extractor = net.create_extractor()
        for name, value in inputs.items():
            part = value[image] if value.ndim == 4 and value.shape[0] == images else value
            if extractor.input(name, ncnn.Mat(np.ascontiguousarray(part)).clone()) != 0:
                raise RuntimeError(f"the runtime takes no input {name}")
        for name in net.output_names():
            status, value = extractor.extract(name)
            if status != 0:
                raise RuntimeError(f"the runtime gives no {name}")
            results.setdefault(name, []).append(np.array(value))
    return {name: np.stack(values) for name, values in results.items()}


def run_mnn(folder, inputs):
    import _tools
    import MNN

    os.chdir(folder)  # the converter leaves a file in the current folder
    _tools.mnnconvert(["mnnconvert", "-f", "CAFFE", "--modelFile", str(folder / "net.caffemodel"), "--prototxt",
                       str(folder / "net.prototxt"), "--MNNModel", str(folder / "net.mnn"), "--bizCode", "x"])  # fmt: skip
    if not (folder / "net.mnn").exists():
        raise RuntimeError("no model is written")
    interpreter = MNN.Interpreter(str(folder / "net.mnn"))
    session = interpreter.createSession()
    ports = interpreter.getSessionInputAll(session)
    for name, tensor in ports.items():
        interpreter.resizeTensor(tensor, inputs[name].shape)
    interpreter.resizeSession(session)
    for name, tensor in interpreter.getSessionInputAll(session).items():
        value = inputs[name]
        tensor.copyFrom(MNN.Tensor(value.shape, MNN.Halide_Type_Float, np.ascontiguousarray(value), MNN.Tensor_DimensionType_Caffe))
    interpreter.runSession(session)
    results = {}
    for name, tensor in interpreter.getSessionOutputAll(session).items():
        shape = tensor.getShape()
        host = MNN.Tensor(shape, MNN.Halide_Type_Float, np.zeros(shape, np.float32), MNN.Tensor_DimensionType_Caffe)
        tensor.copyToHostTensor(host)
        results[name] = np.array(host.getNumpyData()).reshape(shape)
    return results


def main():
    tool, *folders = sys.argv[1:]
    run = globals()[f"run_{tool}"]
    for folder in [Path(name).resolve() for name in folders]:
        (folder / "error.txt").write_text("the program crashed")  # replaced by whatever comes after it
        with np.load(folder / "in.npz") as archive:
            inputs = {name: archive[name] for name in archive.files}
        try:
            results = run(folder, inputs)
            np.savez(folder / "out.npz", **{name: np.array(value, np.float32) for name, value in results.items()})
            (folder / "error.txt").unlink()
        except BaseException as error:  # noqa: BLE001 - SystemExit too: some tools leave by it
            (folder / "error.txt").write_text(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
