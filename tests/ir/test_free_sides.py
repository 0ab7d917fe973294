"""Layers whose sizes are known only when the net runs."""

import numpy as np
import pytest

from cli import nets
from support import executors
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")


@pytest.fixture
def shuffle(tmp_path):
    text = input_layer("data", (1, 6, 4, 5)) + layer("out", "ShuffleChannel", ["data"], params="shuffle_channel_param { group: 3 }")
    return nets.Net(tmp_path, text, {})


def shuffled(x):
    n, c, h, w = x.shape
    return x.reshape(n, 3, c // 3, h, w).transpose(0, 2, 1, 3, 4).reshape(x.shape)


@pytest.mark.parametrize(("shape", "options"), [
    ("[1,6,?,?]", []),
    ("[?,6,?,5]", ["--ir_version", "10"]),
    ("[?,6,4,?]", ["--output_format", "onnx"]),
])  # fmt: skip
def test_shuffled_channels(shape, options, shuffle):
    model = shuffle.convert("--input_shape", shape, *options).xml
    run = executors.run_openvino
    if "onnx" in options:
        model, run = model.with_suffix(".onnx"), executors.run_onnxruntime
    for size in ((1, 6, 4, 5), (1, 6, 4 if "4" in shape else 9, 5 if "5" in shape else 8)):
        x = np.random.default_rng(1).normal(size=size).astype(np.float32)
        np.testing.assert_array_equal(run(model, {"data": x})["out"], shuffled(x))


@pytest.mark.parametrize("options", [["--ir_version", "10"], ["--output_format", "onnx"]])
def test_two_free_sides_where_channels_are_shuffled_by_reshapes(options, shuffle):
    done = shuffle.convert("--input_shape", "[1,6,?,?]", *options, status=1)
    assert 'layer "out"' in done.stderr and "--input_shape" in done.stderr
