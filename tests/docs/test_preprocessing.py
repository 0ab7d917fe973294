"""The commands in docs/preprocessing.md, run as they stand there, mean what the text says."""

import re
import shlex

import numpy as np
import pytest

from cli import nets
from support import converter, executors
from support.compare import worst_error

pytestmark = pytest.mark.usefixtures("mo")
COMMANDS = re.findall(r"^mo (.+)$", (converter.REPOSITORY / "docs" / "preprocessing.md").read_text(), flags=re.MULTILINE)
IMAGE = nets.pixels(3, 16, 14, seed="mean image")


def per_channel(*values):
    return np.reshape(np.float64(values), (1, 3, 1, 1))


# What is done to the input before the plain net, by a part of the command.
FORMULAS = {
    "--mean_values [104,117,123]": lambda x: x - per_channel(104, 117, 123),
    "--mean_values [127.5,127.5,127.5] --scale 127.5": lambda x: (x - 127.5) / 127.5,
    "--scale_values [57.375": lambda x: (x - per_channel(103.53, 116.28, 123.675)) / per_channel(57.375, 57.12, 58.395),
    "--mean_file mean.binaryproto": lambda x: x - IMAGE[None, :, 2:14, 2:12],
    "--mean_file_offsets": lambda x: x - IMAGE[None, :, 0:12, 4:14],
    "--preprocess auto": lambda x: (x - per_channel(104, 117, 123)) * 0.017,
    "--reverse_input_channels": lambda x: x[:, ::-1] - per_channel(104, 117, 123),
    "--input_shape [1,3,20,30]": lambda x: x,
    "--batch 4": lambda x: x,
    "[1..8,3,?,?]": lambda x: x,
    "{u8}": lambda x: x - per_channel(104, 117, 123),
}
SHAPES = {"--input_shape [1,3,20,30]": (1, 3, 20, 30), "--batch 4": (4, 3, 12, 10), "1..8": (7, 3, 9, 11)}


def test_the_page_has_every_formula():
    assert len(COMMANDS) == len(FORMULAS)


@pytest.mark.parametrize("command", COMMANDS)
def test_command(command, tmp_path):
    net = nets.padded(tmp_path)
    nets.mean_file(tmp_path / "mean.binaryproto", IMAGE[None])
    (tmp_path / "train_val.prototxt").write_text(
        'layer { name: "d" type: "Data" transform_param { scale: 0.017 mean_value: 104 mean_value: 117 mean_value: 123 } }'
    )
    done = converter.run(*shlex.split(command), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    formula = [f for part, f in FORMULAS.items() if part in command][-1]
    shape = next((s for part, s in SHAPES.items() if part in command), (1, 3, 12, 10))
    x = np.floor(nets.pixels(*shape))
    fed = np.ascontiguousarray(np.transpose(x, (0, 2, 3, 1))).astype(np.uint8) if "{u8}" in command else x
    model = executors.compiled(tmp_path / "net.xml")
    plain = net.infer({"data": formula(x).astype(np.float32)}, "--input_shape", str(list(shape)).replace(" ", ""))
    assert worst_error(np.array(model({"data": fed})[0]), plain["conv2"]) <= 1e-4
