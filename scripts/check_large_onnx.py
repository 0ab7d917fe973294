#!/usr/bin/env python3
"""Converts a net of more than 2 GiB of weights to ONNX, checks the file, and runs it.

    scripts/check_large_onnx.py [--gibibytes 2.25] [--folder DIR]

The net is made here: fully connected layers of 8192 x 8192 seeded random weights, 256 MiB each, and what it computes by NumPy.
Nobody asks for external data: above 2 GiB, protobuf's limit, `mo` has to write it by itself. ONNX's checker reads the model by
its path, with `full_check`, then ONNX Runtime infers it. Takes twice the size on the disk and a little more than it of
memory. Exit status 1 when anything is wrong.
"""

import argparse
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY / "tests")]

import numpy as np  # noqa: E402
import onnx  # noqa: E402
from support import converter, usage  # noqa: E402
from support.compare import worst_error  # noqa: E402
from support.executors import run_onnxruntime  # noqa: E402
from support.prototxt import input_layer, layer  # noqa: E402
from support.wire import delimited, varint  # noqa: E402

SIDE = 8192
DIMS = delimited(7, delimited(1, varint(SIDE) + varint(SIDE)))  # BlobProto.shape


def header(name: str, size: int) -> bytes:
    """What precedes the numbers of a layer's only blob: NetParameter.layer, its name, LayerParameter.blobs, BlobProto.data."""
    data = b"\x2a" + varint(size)
    blob = b"\x3a" + varint(len(DIMS) + len(data) + size) + DIMS + data
    words = delimited(1, name)
    return b"\xa2\x06" + varint(len(words) + len(blob) + size) + words + blob


def make(folder: Path, count: int) -> tuple:
    """Writes net.prototxt and net.caffemodel; gives an input and the output that belongs to it."""
    generator, x = np.random.Generator(np.random.PCG64(1)), None
    text = input_layer("data", (1, SIDE))
    given = generator.standard_normal((1, SIDE), np.float32)
    x = given
    with open(folder / "net.caffemodel", "wb") as file:
        for i in range(count):
            name = f"fc{i}"
            weights = generator.standard_normal((SIDE, SIDE), np.float32)
            weights *= np.float32(np.sqrt(2 / SIDE))
            file.write(header(name, weights.nbytes))
            weights.tofile(file)
            x = np.maximum(x @ weights.T, 0)
            params = f"inner_product_param {{ num_output: {SIDE} bias_term: false }}"
            text += layer(name, "InnerProduct", [f"fc{i - 1}" if i else "data"], params=params)
            text += layer(f"relu{i}", "ReLU", [name], [name])
    (folder / "net.prototxt").write_text(text)
    return given, x


def convert(folder: Path) -> usage.Usage:
    """Its messages are in the file `messages`."""
    command = [converter.binary(), "--input_model", folder / "net.caffemodel", "--output_dir", folder, "--output_format", "onnx"]
    return usage.run(command, folder / "messages")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gibibytes", type=float, default=2.25, help="of weights")
    parser.add_argument("--folder", type=Path, help="where the files are made for a while")
    a = parser.parse_args()
    count = round(a.gibibytes * 2**30 / (4 * SIDE * SIDE))
    with tempfile.TemporaryDirectory(dir=a.folder) as temporary:
        folder = Path(temporary)
        given, wanted = make(folder, count)
        done = convert(folder)
        if done.status != 0:
            print((folder / "messages").read_text())
            return 1
        model, data = folder / "net.onnx", folder / "net.onnx.data"
        sizes = {path.name: path.stat().st_size if path.exists() else 0 for path in (folder / "net.caffemodel", model, data)}
        (folder / "net.caffemodel").unlink()
        onnx.checker.check_model(str(model), full_check=True)
        error = worst_error(run_onnxruntime(model, {"data": given})[f"fc{count - 1}"], wanted)
    print(", ".join(f"{name} {size:,} bytes" for name, size in sizes.items()))
    print(f"peak memory of the conversion, mapped files included: {done.bytes >> 20} MiB")
    print(f"onnx.checker: passes; largest difference from NumPy in ONNX Runtime: {error:.1e} of the largest value")
    return 0 if error <= 1e-4 and sizes["net.onnx.data"] >= 4 * SIDE * SIDE * count and sizes["net.onnx"] < 2**20 else 1


if __name__ == "__main__":
    sys.exit(main())
