"""Models to measure with, made once in build/bench: topologies with seeded weights, and synthetic giants."""

import os
from pathlib import Path

import numpy as np

from numeric import topologies
from support.wire import delimited

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "bench"
MO = os.environ.get("MO_BINARY", str(ROOT / "build" / "release" / "bin" / "mo"))
PEER = ROOT / "build" / "peer-venv" / "bin" / "mo"


def peer_command(model: tuple, folder: Path, name: str) -> list:
    """The Python Model Optimizer 2023.3, with weights as they are."""
    files = ["--input_model", model[1], "--input_proto", model[0], "--output_dir", folder, "--model_name", name]
    return [PEER, "--framework", "caffe", "--use_legacy_frontend", *files, "--compress_to_fp16=False"]


def topology(name: str) -> tuple:
    """(prototxt, caffemodel) of a topology at its published size."""
    prototxt, weights = FOLDER / f"{name}.prototxt", FOLDER / f"{name}.caffemodel"
    if not weights.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        net = topologies.build(name, True)
        prototxt.write_text(net.text)
        partial = weights.with_suffix(".partial")
        net.write(partial)
        partial.rename(weights)
    return prototxt, weights


def chain(layers: int) -> tuple:
    """A net of that many layers: 1x1 convolutions and ReLUs in a row, a Concat of many at its end."""
    prototxt, weights = FOLDER / f"chain_{layers}.prototxt", FOLDER / f"chain_{layers}.caffemodel"
    if not weights.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        blob = delimited(7, delimited(7, delimited(1, b"\x01\x01\x01\x01")) + delimited(5, np.float32(0.5).tobytes()))
        text = ['name: "chain"', 'layer { name: "data" type: "Input" top: "b0" input_param { shape { dim: 1 dim: 1 dim: 4 dim: 4 } } }']
        with weights.open("wb") as file:
            for i in range(1, layers, 2):
                text.append(
                    f'layer {{ name: "c{i}" type: "Convolution" bottom: "b{i - 1}" top: "b{i}" '
                    "convolution_param { num_output: 1 kernel_size: 1 bias_term: false } }"
                )
                text.append(f'layer {{ name: "r{i}" type: "ReLU" bottom: "b{i}" top: "b{i + 1}" }}')
                file.write(delimited(100, delimited(1, f"c{i}".encode()) + blob))
        prototxt.write_text("\n".join(text))
    return prototxt, weights


def giant(gibibytes: float) -> tuple:
    """A caffemodel of that size: fully connected layers of 256 MiB each."""
    prototxt, weights = FOLDER / "giant.prototxt", FOLDER / f"giant_{gibibytes}.caffemodel"
    count = round(gibibytes * 4)
    width = 8192
    layers = [
        f'layer {{ name: "fc{i}" type: "InnerProduct" bottom: "b{i}" top: "b{i + 1}" '
        f"inner_product_param {{ num_output: {width} bias_term: false }} }}"
        for i in range(count)
    ]
    if not weights.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        partial = weights.with_suffix(".partial")
        with partial.open("wb") as file:
            for i in range(count):
                values = np.random.default_rng(i).random(width * width, np.float32)
                shape = delimited(7, delimited(1, b"\x80\x40\x80\x40"))
                file.write(delimited(100, delimited(1, f"fc{i}".encode()) + delimited(7, shape + delimited(5, values.tobytes()))))
        partial.rename(weights)
    head = f'layer {{ name: "data" type: "Input" top: "b0" input_param {{ shape {{ dim: 1 dim: {width} }} }} }}'
    prototxt.write_text("\n".join([head, *layers]))
    return prototxt, weights
