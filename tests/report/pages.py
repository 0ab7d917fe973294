"""Nets for the tests of reports and pictures, and what their files say."""

import json
import re
from pathlib import Path

import numpy as np

from cli import nets
from numeric.row import Numbers
from support.prototxt import input_layer, layer

HOSTILE = "a</script><script>document.title='taken'</script>"
MARKUP = "<img src=x onerror=document.title='taken'>"


def data_of(page: Path) -> dict:
    """The JSON that a page shows."""
    found = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(), flags=re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


def by_name(layers) -> dict:
    return {entry["name"]: entry for entry in layers}


def normalised(folder: Path) -> nets.Net:
    """Convolution, BatchNorm, Scale and ReLU, Dropout, and a classifier."""
    n = Numbers("normalised")
    text = (input_layer("data", (1, 3, 8, 8)) + nets.convolution("conv", "data", 4, more="bias_term: false")
            + layer("bn", "BatchNorm", ["conv"], ["conv"]) + layer("scale", "Scale", ["conv"], ["conv"], "scale_param { bias_term: true }")
            + layer("relu", "ReLU", ["conv"], ["conv"]) + layer("drop", "Dropout", ["conv"], ["dropped"])
            + layer("fc", "InnerProduct", ["dropped"], params="inner_product_param { num_output: 5 }")
            + layer("prob", "Softmax", ["fc"]))  # fmt: skip
    return nets.Net(folder, text, {
        "conv": [n.normal(4, 3, 3, 3)], "bn": [n.normal(4), np.abs(n.normal(4)) + 0.5, np.float32([2])],
        "scale": [n.normal(4), n.normal(4)], "fc": [n.normal(5, 4 * 6 * 6), n.normal(5)]})  # fmt: skip


def grouped(folder: Path) -> nets.Net:
    """Two convolutions between a Slice and a Concat, which become one."""
    n = Numbers("grouped")
    text = (input_layer("data", (1, 4, 6, 6)) + layer("parts", "Slice", ["data"], ["p0", "p1"], "slice_param { axis: 1 }")
            + nets.convolution("c0", "p0", 2) + nets.convolution("c1", "p1", 2) + layer("all", "Concat", ["c0", "c1"]))  # fmt: skip
    return nets.Net(folder, text, {name: [n.normal(2, 2, 3, 3), n.normal(2)] for name in ("c0", "c1")})


def preactivated(folder: Path) -> nets.Net:
    """BatchNorm and Scale before the convolution, and once more before a sum."""
    n = Numbers("preactivated")
    text = input_layer("data", (1, 4, 8, 8))
    weights = {}
    for i, bottom in enumerate(("data", "data")):
        text += (layer(f"bn{i}", "BatchNorm", [bottom]) + layer(f"scale{i}", "Scale", [f"bn{i}"], params="scale_param { bias_term: true }")
                 + layer(f"relu{i}", "ReLU", [f"scale{i}"]) + nets.convolution(f"conv{i}", f"relu{i}", 4, pad=1))  # fmt: skip
        weights |= {f"bn{i}": [n.normal(4), np.abs(n.normal(4)) + 0.5, np.float32([1])], f"scale{i}": [n.normal(4), n.normal(4)],
                    f"conv{i}": [n.normal(4, 4, 3, 3), n.normal(4)]}  # fmt: skip
    text += layer("sum", "Eltwise", ["conv0", "conv1"]) + layer("last", "Scale", ["sum"]) + nets.convolution("end", "last", 3, pad=1)
    return nets.Net(folder, text, weights | {"last": [n.normal(4)], "end": [n.normal(3, 4, 3, 3), n.normal(3)]})


def hostile(folder: Path) -> nets.Net:
    """Names that would be markup, code or the end of a script, were they not escaped."""
    n = Numbers("hostile")
    text = (input_layer("data", (1, 3, 6, 6)) + nets.convolution(HOSTILE, "data", 2)
            + layer(MARKUP, "ReLU", [HOSTILE], [MARKUP])
            + layer("\\\\N \\'quoted\\' {{data}} é", "Softmax", [MARKUP], ["it\\'s \\\"here\\\" \\\\ &amp;"]))  # fmt: skip
    return nets.Net(folder, text, {HOSTILE: [n.normal(2, 3, 3, 3), n.normal(2)]})


def residual(folder: Path, blocks: int) -> nets.Net:
    """A residual net for 32x32 images, three groups of blocks: about 27 layers for each block of a group."""
    n = Numbers("residual")
    text, weights = 'name: "residual net"\n' + input_layer("data", (1, 3, 32, 32)), {}

    def normal(name, bottom, channels):
        weights.update({f"bn_{name}": [n.normal(channels), np.abs(n.normal(channels)) + 0.5, np.float32([1])],
                        f"scale_{name}": [n.normal(channels), n.normal(channels)]})  # fmt: skip
        return (layer(f"bn_{name}", "BatchNorm", [bottom], [bottom])
                + layer(f"scale_{name}", "Scale", [bottom], [bottom], "scale_param { bias_term: true }"))  # fmt: skip

    def convolution(name, bottom, inputs, outputs, kernel, stride):
        weights[name] = [n.weights(outputs, inputs, kernel, kernel)]
        more = f"stride: {stride} bias_term: false"
        return nets.convolution(name, bottom, outputs, kernel, kernel // 2, more) + normal(name, name, outputs)

    def relu(bottom):
        return layer(f"relu_{bottom}", "ReLU", [bottom], [bottom])

    text += convolution("conv0", "data", 3, 16, 3, 1) + relu("conv0")
    last, channels = "conv0", 16
    for group, outputs in enumerate((16, 32, 64)):
        for block in range(blocks):
            name, stride = f"group{group}_block{block}", 2 if group and not block else 1
            text += convolution(f"{name}_conv1", last, channels, outputs, 3, stride) + relu(f"{name}_conv1")
            text += convolution(f"{name}_conv2", f"{name}_conv1", outputs, outputs, 3, 1)
            shortcut = last
            if channels != outputs:
                shortcut = f"{name}_shortcut"
                text += convolution(shortcut, last, channels, outputs, 1, stride)
            last, channels = f"{name}_sum", outputs
            text += layer(last, "Eltwise", [shortcut, f"{name}_conv2"]) + relu(last)
    text += layer("pool", "Pooling", [last], params="pooling_param { pool: AVE global_pooling: true }")
    text += layer("fc", "InnerProduct", ["pool"], params="inner_product_param { num_output: 10 }") + layer("prob", "Softmax", ["fc"])
    return nets.Net(folder, text, weights | {"fc": [n.weights(10, channels), n.normal(10)]})
