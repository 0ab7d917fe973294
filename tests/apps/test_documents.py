"""The commands and programs in README and the pages about applications are run as they stand there, in their order."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import converter

REPOSITORY = converter.REPOSITORY
PAGES = ["README.md", "docs/verify.md", "docs/validation_app.md", "docs/integrate.md", "examples/shapes/README.md"]
pytestmark = pytest.mark.usefixtures("mo")


def blocks(page: str) -> list:
    """(language, text) of every fenced block, without the indentation of a list."""
    found = re.findall(r"^( *)```(\w*)\n(.*?)^ *```$", (REPOSITORY / page).read_text(), flags=re.MULTILINE | re.DOTALL)
    return [(language, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)) for indent, language, text in found]


def commands(text: str) -> list:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.fixture
def place(tmp_path):
    """A folder that looks like the repository but takes what is written; `build` is the tested one's."""
    for name in ("mo", "examples", "scripts", "apps"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    (tmp_path / "build" / "release").mkdir(parents=True)
    (tmp_path / "build" / "release" / "bin").symlink_to(converter.binary().parent)
    return tmp_path


def run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["sh", "-ec", command], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True,
                          text=True, timeout=600, check=False)  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("page", [page for page in PAGES if page != "docs/integrate.md"])
def test_commands_of_the_page(page, place):
    printed, shown = "", []
    for language, text in blocks(page):
        if language == "sh":
            for command in commands(text):
                printed += run(command, place)
        elif language == "python":
            printed += run(f"{sys.executable} - <<'END'\n{text}\nEND", place)
        elif not language and "[ SUCCESS ] the" in text or "accuracy" in text or "mAP" in text:
            shown += [line for line in text.splitlines() if re.search(r"\[ SUCCESS \] the|accuracy|mAP|^\d\t", line)]
    for line in shown:  # what the page says comes out, does
        assert line.strip() in printed, line
    assert page == "examples/shapes/README.md" or shown


def test_commands_and_programs_of_the_integration_page(place):
    printed = ""
    for language, text in blocks("docs/integrate.md"):
        if language == "cmake":
            (place / "CMakeLists.txt").write_text(text)
        elif language == "cpp" and "int main" in text:
            (place / "application.cpp").write_text(text)
    for language, text in blocks("docs/integrate.md"):
        if language == "sh":
            for command in commands(text):
                # The folder `build` is the repository's here; the page's is a project of its own.
                printed += run(command.replace("-B build", "-B built").replace("--build build", "--build built"), place)
        elif language == "python":
            printed += run(f"{sys.executable} - <<'END'\n{text}\nEND", place)
    assert "classid probability" in printed
    assert printed.count("Throughput") == 2  # benchmark_app
    rows = re.findall(r"^(\d) (\d\.\d{4})$", run("built/application", place), flags=re.MULTILINE)
    assert len(rows) == 10
    assert sum(float(probability) for _, probability in rows) == pytest.approx(1, abs=2e-3)


def test_the_samples_build_alone(tmp_path):
    """As a user would who copied the folder; one of them is enough."""
    import openvino.utils

    subprocess.run(["cmake", "-S", REPOSITORY / "apps" / "samples", "-B", tmp_path, f"-DOpenVINO_DIR={openvino.utils.get_cmake_path()}"],
                   check=True, capture_output=True)  # fmt: skip
    subprocess.run(["cmake", "--build", tmp_path, "--target", "hello_classification"], check=True, capture_output=True)
    assert (tmp_path / "hello_classification").exists()
