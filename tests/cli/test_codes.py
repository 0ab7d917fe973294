"""Codes that no other test triggers: what the machine-readable report says of nets with one thing wrong or noteworthy."""

import json

import numpy as np
import pytest

from cli import nets
from support import converter
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")

DATA = input_layer("data", (1, 3, 8, 8))
RELU = layer("relu", "ReLU", ["data"])
POOL = "pooling_param {{ pool: {} kernel_size: 2 }}"
CONV = nets.convolution("conv", "data", 2)


def weights(scale: float) -> dict:
    return {"conv": [np.full((2, 3, 3, 3), scale, np.float32), np.zeros(2, np.float32)]}


CASES = {
    "unknown-field": (DATA + layer("relu", "ReLU", ["data"], params="relu_param { forks_own_thing: 1 }"), {}, [], 0),
    "bad-value": (DATA + layer("p", "Pooling", ["data"], params="pooling_param { pool: MAX kernel_size: two }"), {}, [], 1),
    "not-a-net": ('net: "x.prototxt"\nbase_lr: 1\n', {}, [], 1),
    "unused-weights": (DATA + RELU, {"elsewhere": [np.ones(3, np.float32)]}, [], 0),
    "unsupported-parameter": (DATA + layer("p", "Pooling", ["data"], params=POOL.format("STOCHASTIC")), {}, [], 1),
    "wrong-arity": (DATA + layer("relu", "ReLU", ["data", "data"]), {}, [], 1),
    "unused-input": (DATA + input_layer("label", (1,)) + RELU, {}, [], 0),
    "no-inputs": (layer("data", "Data", params="transform_param { crop_size: 8 }"), {}, [], 1),
    "no-outputs": (DATA, {}, [], 1),
    "training-layer": (DATA + RELU + input_layer("label", (1,)) + layer("loss", "SoftmaxWithLoss", ["relu", "label"]), {},
                       [], 0),
    "data-layer": (layer("data", "Data", params="transform_param { crop_size: 8 }") + RELU, {}, [], 0),
    "duplicate-layer-name": (DATA + RELU + layer("relu", "TanH", ["relu"], ["out"]), {}, [], 0),
    "fp16-overflow": (DATA + CONV, weights(1e6), ["--data_type", "FP16"], 1),
    "not-finite-weights": (DATA + CONV, weights(np.nan), [], 0),
    "fp16-underflow": (DATA + CONV, weights(1e-12), ["--data_type", "FP16"], 0),
    "moved-into-model": (DATA + CONV, weights(1), ["--move_to_preprocess"], 0),
    "batch-statistics": (DATA + layer("bn", "BatchNorm", ["data"], params="batch_norm_param { use_global_stats: false }"),
                         {"bn": [np.zeros(3, np.float32), np.ones(3, np.float32), np.ones(1, np.float32)]}, [], 0),
    "too-large": (input_layer("data", (1, 900, 99, 99))
                  + layer("i", "Im2col", ["data"], params="convolution_param { kernel_size: 40 }"), {}, [], 1),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_code(code, tmp_path):
    text, blobs, options, status = CASES[code]
    known = {k: v for k, v in blobs.items() if k != "elsewhere"}
    net = nets.Net(tmp_path, text, known)
    if "elsewhere" in blobs:  # of a layer that the prototxt does not have
        with open(net.model, "ab") as file:
            file.write(nets.caffemodel.layer("elsewhere", "Scale", blobs["elsewhere"]))
    done = net.convert("--report", "report.json", *options, status=status)
    messages = json.loads((tmp_path / "report.json").read_text())["messages"]
    assert code in [m["code"] for m in messages], (messages, done.stderr)


def test_a_folder_is_no_model(tmp_path):
    net = nets.Net(tmp_path, DATA + RELU, {})
    (tmp_path / "folder").mkdir()
    done = converter.run("--input_model", tmp_path / "folder", "--input_proto", net.prototxt, "-o", tmp_path)
    assert done.returncode == 3
    assert "#file-not-readable" in done.stderr


def test_sizes_beyond_63_bits(tmp_path):
    """Of the weights, which only the parameters give: too-large as well, at the layer."""
    params = f"convolution_param {{ num_output: 2 kernel_size: {2**32 - 1} }}"
    net = nets.Net(tmp_path, DATA + layer("conv", "Convolution", ["data"], params=params), weights(1))
    said = net.convert(status=1).stderr
    assert "too-large" in said and 'layer "conv"' in said
