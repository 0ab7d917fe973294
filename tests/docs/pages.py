"""The pages of the documentation, the commands in them, and a folder in which these can be run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

from cli import nets
from support import converter

REPOSITORY = converter.REPOSITORY
FAQ = REPOSITORY / "docs" / "FAQ.md"
PAGES = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", REPOSITORY / "SECURITY.md",
         *sorted((REPOSITORY / "docs").glob("*.md")), *sorted((REPOSITORY / "examples").glob("*/README.md"))]  # fmt: skip
PROGRAMS = r"(\./)?(mo|test)|validation_app|cmake|pip|python3?|benchmark_app|export|(scripts|build|bench|examples|\.ci)/\S+"
COMMAND = re.compile(rf"\$ |({PROGRAMS})( |$)")


def name(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


def blocks(text: str) -> list:
    """(language, text) of every fenced block, without the indentation of a list."""
    found = re.findall(r"^( *)```(\w*)\n(.*?)^ *```$", text, flags=re.MULTILINE | re.DOTALL)
    return [(language, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)) for indent, language, text in found]


def commands(language: str, text: str) -> list:
    """Those of a block, without the comment behind them."""
    if language not in ("", "sh"):
        return []
    lines = [line for line in text.splitlines() if COMMAND.match(line) or (language == "sh" and line and line[0] != "#")]
    return [re.sub(r"^\$ |\s+#.*$", "", line) for line in lines]


def all_commands(text: str) -> list:
    return [command for block in blocks(text) for command in commands(*block)]


def shell(script: str, folder: Path) -> subprocess.CompletedProcess:
    """Runs it as where `mo` is installed and the Python environment is active."""
    path = os.pathsep.join([str(Path(sys.executable).parent), str(converter.binary().parent), os.environ["PATH"]])
    return subprocess.run(["sh", "-ec", script], cwd=folder, env={**os.environ, "PATH": path, "HOME": str(folder)},
                          capture_output=True, text=True, timeout=600, check=False)  # fmt: skip


def run(script: str, folder: Path) -> str:
    done = shell(script, folder)
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout


def make_place(folder: Path) -> None:
    """A folder that looks like the repository but takes what is written; `build/release` is the tested one's.  Beside it
    are files under the names that the pages use.
    """
    for entry in ("mo", "examples", "scripts", "apps", "cmake", "docs", "include"):
        (folder / entry).symlink_to(REPOSITORY / entry)
    (folder / "build").mkdir()
    (folder / "build" / "release").symlink_to(converter.binary().parents[1])
    (folder / "build" / "venv").symlink_to(Path(sys.prefix))
    net = nets.padded(folder)
    shutil.copy(net.prototxt, folder / "deploy.prototxt")
    listed = ["vgg/vgg16", "resnet/resnet50", "my nets/a"]  # of the list in docs/many-models.md
    for other in ["pose", "ssd", "bvlc_alexnet", *listed]:
        (folder / other).parent.mkdir(exist_ok=True)
        shutil.copy(net.prototxt, folder / f"{other}.prototxt")
        shutil.copy(net.model, folder / f"{other}.caffemodel")
    shutil.copy(net.prototxt, folder / "resnet" / "deploy.prototxt")
    many = blocks((REPOSITORY / "docs" / "many-models.md").read_text())
    (folder / "list.txt").write_text(next(text for _, text in many if listed[0] in text))
    weights = {"conv3a": [np.zeros((6, 3, 3, 3)), np.zeros(6)], "conv3b": [np.zeros((4, 6, 3, 3)), np.zeros(4)]}
    nets.Net(folder, net.text.replace("conv1", "conv3a").replace("conv2", "conv3b"), weights, "flownet")
    nets.mean_file(folder / "mean.binaryproto", nets.pixels(1, 3, 26, 24))
    net.convert("--ir_version", 7, "--model_name", "old", out=".")
    example = REPOSITORY / "examples" / "custom_layer"
    shutil.copy(example / "CustomLayersMapping.xml", folder)
    (folder / "fork" / "src" / "caffe" / "proto").mkdir(parents=True)
    shutil.copy(example / "ripple_caffe.proto", folder / "fork" / "src" / "caffe" / "proto" / "caffe.proto")
