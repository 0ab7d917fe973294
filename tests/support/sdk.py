"""Installs the SDK of the converter under test, and builds libraries against it as users do."""

import shutil
import subprocess
from pathlib import Path

from support import converter

GENERATOR = ["-G", "Ninja"] if shutil.which("ninja") else []


def _run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def install(prefix: Path) -> Path:
    """Everything that `cmake --install` installs, at `prefix`."""
    _run("cmake", "--install", converter.binary().parents[1], "--prefix", prefix)
    return prefix


def build(source: Path, folder: Path, *definitions) -> Path:
    """Configures and builds a CMake project outside of its source; returns the folder of what was built."""
    _run("cmake", "-S", source, "-B", folder, *GENERATOR, "-DCMAKE_BUILD_TYPE=Release", *definitions)
    _run("cmake", "--build", folder)
    return folder
