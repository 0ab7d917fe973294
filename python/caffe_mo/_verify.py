"""Compares an IR with the Caffe net that it was made of, by the program ``mo-verify``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._errors import FileError, InternalError, Message, ModelError, OptionError
from ._ir import Ir, save_model
from ._options import PathLike

if TYPE_CHECKING:
    import openvino  # type: ignore[import-untyped]

_ERRORS = {kind.exit_status: kind for kind in (ModelError, OptionError, FileError)}


@dataclass(frozen=True)
class LayerComparison:
    """How far both sides are apart at one layer of the Caffe net, or at one output of the IR (without a type)."""

    layer: str
    type: str
    largest: float
    """Largest absolute difference."""
    mean: float
    """Of the absolute differences."""
    relative: float
    """The largest difference by the largest value."""
    cosine: float
    """Of the angle between both."""
    agrees: bool


@dataclass(frozen=True)
class Verification:
    """What came out.  True in a condition when the IR computes what Caffe computes."""

    agrees: bool
    text: str
    """The verdict in one sentence."""
    executor: str
    """Who ran the Caffe net."""
    inputs: str
    """What both were fed."""
    tolerance: float
    first_diverging: str | None
    """Name of the first layer that differs."""
    layers: tuple[LayerComparison, ...]
    outputs: tuple[LayerComparison, ...]
    fused: tuple[str, ...]
    """Layers without a value of their own in the IR."""

    def __bool__(self) -> bool:
        return self.agrees


def _message(code: str, cause: str, remedy: str) -> Message:
    text = f"[ ERROR ]  {cause}\n  what to do: {remedy}\n  see docs/FAQ.md#{code}\n"
    return Message("error", code, cause, remedy, "", "", "", 0, 0, "", -1, text)


def _program() -> str:
    """``MO_VERIFY``, else the one beside this Python or on the PATH."""
    beside = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    program = os.environ.get("MO_VERIFY") or shutil.which("mo-verify", path=beside)
    if program is None:
        cause = "mo-verify is not there: it needs the OpenVINO runtime and OpenCV in C++, which this package does without"
        remedy = "./mo apps builds it in the sources; set MO_VERIFY to its path"
        raise FileError((_message("apps-not-built", cause, remedy),))
    return program


def _comparison(raw: dict[str, Any]) -> LayerComparison:
    known = {"layer": raw.get("layer", raw.get("name", "")), "type": raw.get("type", "")}
    known |= {name: raw[name] for name in ("largest", "mean", "relative", "cosine", "agrees")}
    return LayerComparison(**known)


def _verification(raw: dict[str, Any]) -> Verification:
    values: dict[str, Any] = {field.name: raw.get(field.name) for field in fields(Verification)}
    values["agrees"] = raw["verdict"] == "agrees"
    for name in ("layers", "outputs"):
        values[name] = tuple(map(_comparison, raw.get(name, ())))
    values["fused"] = tuple(raw.get("fused", ()))
    return Verification(**values)


def verify(
    model: openvino.Model | Ir | PathLike,
    input_model: PathLike,
    *,
    input_proto: PathLike | None = None,
    image: PathLike | None = None,
    inputs: PathLike | None = None,
    seed: int | None = None,
    caffe: str | None = None,
    recorded: PathLike | None = None,
    mean_file: PathLike | None = None,
    tolerance: float | None = None,
) -> Verification:
    """Feeds the Caffe net and the IR the same numbers and compares what every layer gives: ``mo verify``.

    ``model``: what a conversion gave, or the path of an .xml file.  The options are those of ``mo verify``.

    Raises:
        ConversionError: when both cannot be compared; a difference is a result.
    """
    options = {name: value for name, value in locals().items() if name != "model" and value is not None}
    command = [_program()]
    for name, value in options.items():
        command += [f"--{name}", os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        if hasattr(model, "__fspath__") or isinstance(model, str):
            xml = os.fspath(model)
        else:
            xml = os.path.join(folder, "model.xml")
            save_model(model, xml)
        command += ["--ir", xml, "--report", str(report), "--silent"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if report.is_file():
            return _verification(json.loads(report.read_text()))
    said = (done.stderr or done.stdout).strip()
    code = said.rpartition("docs/FAQ.md#")[2].split()[0] if "docs/FAQ.md#" in said else "internal-error"
    message = Message("error", code, said, "", "", "", "", 0, 0, "", -1, said)
    raise _ERRORS.get(done.returncode, InternalError)((message,))
