"""Command lines out of nonsense: a message and an exit status of the documented ones, never a crash."""

import random

import pytest

from cli import nets
from support import converter
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")

OPTIONS = ["--input_model", "-w", "--input_proto", "-d", "--input", "--output", "--input_shape", "-b", "-s", "-ms",
           "--scale_values", "-mf", "-mo", "--data_type", "--ir_version", "--layout", "--source_layout",
           "--target_layout", "--freeze_placeholder_with_value", "--finegrain_fusing", "--config", "-k", "--extensions",
           "--preprocess", "--log_level", "--framework", "--transform", "--me", "--in", "--nothing", "-", "--", "-z",
           "--reverse_input_channels", "--disable_fusing=maybe", "--compress_to_fp16=2", "--silent"]  # fmt: skip
PIECES = ["[", "]", "(", ")", "{", "}", ",", ":", "->", "..", "?", "-1", "0", "1", "3", "12", "1e400", "nan", "99999999999999999999",
          "data", "conv1", "conv2", "net.caffemodel", "net.prototxt", ".", "/", "*", "(?", "\\", '"', "'", " ", "=", "", "ü", "\t", "%s",
          "nchw", "u8", "[1,3,12,10]", "FP16", "True", "x" * 5000, "[" * 200]  # fmt: skip


def command_line(seed: int) -> list:
    r = random.Random(seed)
    words = ["--input_model", "net.caffemodel"] if r.random() < 0.7 else []
    for _ in range(r.randint(1, 4)):
        words.append(r.choice(OPTIONS))
        if r.random() < 0.85:
            words.append("".join(r.choice(PIECES) for _ in range(r.randint(1, 5))))
    return words


def test_200_malformed_command_lines(tmp_path):
    nets.padded(tmp_path)
    failures, refused = [], 0
    for seed in range(200):
        words = command_line(seed)
        done = converter.run(*words, "-o", tmp_path / "out", "-n", "net", cwd=tmp_path, timeout=30)
        refused += done.returncode != 0
        if done.returncode not in (0, 1, 2, 3) or (done.returncode and "[ ERROR ]" not in done.stderr):
            failures.append((seed, words, done.returncode, done.stderr[-300:]))
    assert failures == []
    assert refused > 150, "the lines are not malformed enough"


def test_longest_values(tmp_path):
    """Lists of many thousands of items end in a message, in reasonable time."""
    net = nets.padded(tmp_path)
    many = ",".join(["1"] * 20000)
    for options in (["-ms", f"[{many}]"], ["--input_shape", f"[{many}]"], ["--output", many], ["--input", many],
                    ["--freeze_placeholder_with_value", f"data->[{many}]"], ["--layout", f"[{many}]"]):  # fmt: skip
        assert "[ ERROR ]" in converter.run("--input_model", net.model, *options, timeout=60).stderr


@pytest.mark.parametrize("value, right", [("4294967295", True), ("4294967296", False), ("-2147483649", False)])
def test_integers_have_32_bits(tmp_path, value, right):
    """As protobuf reads Caffe's own fields; every such number at once."""
    text = input_layer("data", (1, 3, 8, 8)) + layer(
        "pool", "Pooling", ["data"], params=f"pooling_param {{ kernel_size: {value} stride: {value} }}")  # fmt: skip
    net = nets.Net(tmp_path, text, {})
    said = net.convert(status=1).stderr
    assert ("beyond an integer of 32 bits" not in said) == right
    assert right or ("pooling_param.kernel_size" in said and "pooling_param.stride" in said)
