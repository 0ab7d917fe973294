"""Runs `mo`."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def binary() -> Path:
    """The converter under test: MO_BINARY, else the release build."""
    return Path(os.environ.get("MO_BINARY", REPOSITORY / "build" / "release" / "bin" / "mo"))


@dataclass(frozen=True)
class Conversion:
    status: int
    stdout: str
    stderr: str
    xml: Path
    bin: Path

    @property
    def onnx(self) -> Path:
        return self.xml.with_suffix(".onnx")

    @property
    def text(self) -> str:
        return self.stdout + self.stderr


def is_full() -> bool:
    """Whether the long forms of tests are asked for."""
    return os.environ.get("MO_FULL") == "1"


def run(*arguments, cwd: Path | None = None, timeout: float = 600, env: dict | None = None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(binary()), *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=env,
        timeout=timeout,
        check=False,
    )


def convert(net: Path, caffemodel: Path | None, folder: Path, name: str, *options) -> Conversion:
    """Converts; does not judge the exit status."""
    files = ["--input_proto", net] + (["--input_model", caffemodel] if caffemodel else [])
    done = run(*files, "--output_dir", folder, "--model_name", name, *options)
    return Conversion(
        done.returncode, done.stdout, done.stderr, folder / f"{name}.xml", folder / f"{name}.bin"
    )
