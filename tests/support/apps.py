"""Runs the applications, which lie beside the converter."""

import subprocess
import sys
from pathlib import Path

from support import converter

SAMPLES = converter.REPOSITORY / "apps" / "samples"


def run(name: str, *arguments, cwd: Path | None = None, timeout: float = 600) -> subprocess.CompletedProcess:
    """`name`: of a program in the build's folder, or of a Python sample (.py)."""
    program = [sys.executable, SAMPLES / name] if name.endswith(".py") else [converter.binary().with_name(name)]
    return subprocess.run(
        [*map(str, program), *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=timeout,
        check=False,
    )
