#!/usr/bin/env python3
"""Runs an ONNX model in ONNX Runtime and writes all its values, for `mo verify`:

    mo verify --onnx_runtime "python scripts/run_onnx.py" --input_model net.caffemodel --ir net.onnx

    run_onnx.py MODEL.onnx IN.npz OUT.npz

IN.npz has the inputs by their names.  OUT.npz gets every value of type FLOAT by its name, which is that of Caffe's blob: the
outputs are those of the model as it is, the others those of the same model with more outputs.  Needs the packages onnx and
onnxruntime.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

TYPES = {"tensor(float)": np.float32, "tensor(uint8)": np.uint8, "tensor(float16)": np.float16}


def run(model, folder: str, arrays: dict) -> dict:
    options = onnxruntime.SessionOptions()
    # Of a model in memory, the runtime has to be told where its weights beside it are.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", folder)
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feeds = {port.name: arrays[port.name].astype(TYPES[port.type]) for port in session.get_inputs()}
    names = [port.name for port in session.get_outputs()]
    results = dict(zip(names, session.run(names, feeds)))
    return {name: value for name, value in results.items() if value.dtype == np.float32}


def main() -> None:
    path, source, target = sys.argv[1:]
    with np.load(source) as archive:
        arrays = {name: archive[name] for name in archive.files}
    folder = str(Path(path).resolve().parent)
    model = onnx.load(path, load_external_data=False)
    known = {value.name for value in model.graph.output}
    inner = [name for node in model.graph.node for name in node.output if name not in known]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in inner)
    results = run(model.SerializeToString(), folder, arrays)
    results.update(run(path, folder, arrays))
    np.savez(target, **results)


if __name__ == "__main__":
    main()
