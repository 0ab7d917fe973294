"""Large models: time grows as the number of layers does, and files may be larger than 2 GiB."""

import os
import subprocess
import sys

import numpy as np
import pytest

from cli.nets import convolution
from numeric.row import Numbers
from support import caffemodel, converter, large_nets, usage
from support.compare import worst_error
from support.executors import run_opencv, run_openvino
from support.prototxt import input_layer
from support.wire import varint

pytestmark = pytest.mark.usefixtures("mo")

FEW, MANY = 1500, 12000
MOST = 2.5  # times what is linear: caches hold less of more


def processor_time(folder, shape, count, *options) -> float:
    """User and system seconds of a conversion."""
    text, weights = large_nets.SHAPES[shape](count)
    (folder / "net.prototxt").write_text(text)
    (folder / "net.caffemodel").write_bytes(weights)
    command = [converter.binary(), "--input_model", "net.caffemodel", "--output_dir", "out", "--silent", *options]
    done = usage.run(command, folder / "messages", folder)
    assert done.status == 0, (folder / "messages").read_text()[-2000:]
    return done.seconds


@pytest.mark.parametrize("shape", large_nets.SHAPES)
def test_time_is_linear_in_the_layers(shape, tmp_path):
    expect_linear(tmp_path, shape)


@pytest.mark.parametrize("shape", ["chain", "fan_behind_scales", "concat", "in_place", "names_of_one_value"])
def test_time_of_pictures_and_reports_is_linear(shape, tmp_path):
    expect_linear(tmp_path, shape, "--graph", "g.html", "--report", "r.html")


def expect_linear(tmp_path, shape, *options):
    """By processor time, of the shortest of several runs where the first look says too much."""
    few = many = float("inf")
    for _ in range(4):
        few = min(few, processor_time(tmp_path, shape, FEW, *options))
        many = min(many, processor_time(tmp_path, shape, MANY, *options))
        if many / few <= MOST * MANY / FEW:
            return
    pytest.fail(f"{MANY / FEW:g} times the layers took {many / few:.1f} times the time: {few:.3f} s and {many:.3f} s")


def test_weights_beyond_two_gibibytes(tmp_path):
    """Blobs of a layer that the net does not have lie before those that it has; the file has holes for them."""
    n = Numbers("beyond")
    text = input_layer("data", (1, 3, 6, 6)) + convolution("conv", "data", 4)
    weights = {"conv": [n.weights(4, 3, 3, 3), n.normal(4)]}
    caffemodel.write(tmp_path / "small.caffemodel", text, weights)
    (tmp_path / "net.prototxt").write_text(text)
    count = 600_000_000  # 2.2 GiB of floats
    data = b"\x2a" + varint(4 * count)  # field 5, packed
    dims = b"\x3a" + varint(2 + len(varint(count))) + b"\x0a" + varint(len(varint(count))) + varint(count)
    blob = b"\x3a" + varint(len(dims) + len(data) + 4 * count)
    name = b"\x0a\x04huge"
    head = b"\xa2\x06" + varint(len(name) + len(blob) + len(dims) + len(data) + 4 * count) + name + blob + dims + data
    with open(tmp_path / "net.caffemodel", "wb") as file:
        file.write(head)
        file.seek(4 * count, os.SEEK_CUR)
        file.write((tmp_path / "small.caffemodel").read_bytes())
    assert (tmp_path / "net.caffemodel").stat().st_size > 2**31
    done = converter.convert(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", tmp_path, "net", "--log_level", "INFO")
    assert done.status == 0, done.text
    assert "huge" in done.stderr, "the layer beyond the net was read"
    x = {"data": n.normal(1, 3, 6, 6)}
    wanted = run_opencv(text, tmp_path / "small.caffemodel", x, {"conv": "conv"})["conv"]
    assert worst_error(run_openvino(done.xml, x)["conv"], wanted) <= 1e-5
    assert np.fromfile(done.bin, np.float32).size == 4 * 3 * 9 + 4


@pytest.mark.skipif(not converter.is_full(), reason="MO_FULL=1 writes 5 GB")
def test_onnx_weights_beyond_two_gibibytes_lie_beside_the_model(tmp_path):
    script = converter.REPOSITORY / "scripts" / "check_large_onnx.py"
    done = subprocess.run([sys.executable, script, "--folder", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_log_level_info_prints_time_and_bytes_of_each_phase(tmp_path):
    n = Numbers("phases")
    text = input_layer("data", (1, 3, 6, 6)) + convolution("conv", "data", 4)
    (tmp_path / "net.prototxt").write_text(text)
    caffemodel.write(tmp_path / "net.caffemodel", text, {"conv": [n.weights(4, 3, 3, 3), n.normal(4)]})
    size = sum((tmp_path / f"net.{kind}").stat().st_size for kind in ("prototxt", "caffemodel"))
    done = converter.convert(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", tmp_path, "net", "--log_level", "INFO")
    for phase in ("read the model", "build the graph", "optimise", "write the weights", "write the layers"):
        assert f"[ INFO ]  {phase}: " in done.stderr
    assert f"{size / 1e6:.1f} MB" in done.stderr
    quiet = converter.convert(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", tmp_path, "net")
    assert "INFO" not in quiet.text
