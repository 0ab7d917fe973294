#!/usr/bin/env python3
"""Converts every model of a folder to ONNX, checks the file, runs it in several runtimes, compares with kept results.

    scripts/check_onnx.py --models DIR --references DIR [--topologies DIR --weights COMMAND] [--images DIR]
                          [--opencv PYTHON] [--markdown docs/onnx.md]

Folders, references and the measure of an error are those of scripts/check_models.py. Each model is converted, checked with
`onnx.checker.check_model(full_check=True)`, and run in ONNX Runtime, by OpenVINO's own reader of ONNX, and in the OpenCV of the
given PYTHON. The verdict is that of checker and ONNX Runtime; what the other two readers lack is said in the table.
Exit status 1 when a model that converts to IR does not convert, fails the check, or has wrong numbers in ONNX Runtime.
"""

import json
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY / "tests"), str(REPOSITORY / "scripts")]

import check_models as models  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
import page_tables  # noqa: E402
from support import converter, prototxt  # noqa: E402
from support.executors import onnx_session, run_onnxruntime, run_openvino  # noqa: E402

RUNTIMES = ("ONNX Runtime", "OpenVINO", "OpenCV")


@dataclass
class Verdict(models.Verdict):
    """`errors`: by runtime, a number or why there is none."""

    errors: dict = field(default_factory=dict)

    def __str__(self) -> str:
        numbers = " ".join(f"{shown(self.errors.get(runtime, '–'))[:24]:>12}" for runtime in RUNTIMES)
        return f"{self.name:42} {self.layers:6} {numbers} {self.state:12} {self.note}".rstrip()


def shown(error) -> str:
    return error if isinstance(error, str) else f"{error:.1e}"


def last_line(error) -> str:
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:100]


def opencv_error(text: str) -> str:
    """What OpenCV lacks, or its error."""
    if lacks := re.search(r"Unsupported operations:\s*\n((?:\t\S+\n)+)", text):
        return "has no " + ", ".join(lacks[1].split())
    return next((line for line in text.splitlines() if line.startswith("cv2.error")), text[-200:])


def run_opencv(python: str, model: Path, inputs: dict, folder: Path) -> dict:
    np.savez(folder / "in.npz", **{k: np.ascontiguousarray(v, np.float32) for k, v in inputs.items()})
    command = [*shlex.split(python), REPOSITORY / "scripts" / "run_opencv_onnx.py", model, folder / "in.npz", folder / "out.npz"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode != 0:
        raise RuntimeError(opencv_error(done.stderr))
    with np.load(folder / "out.npz") as archive:
        return {k.replace("|", "/"): archive[k] for k in archive.files}


def seeded(model: Path) -> dict:
    """Inputs for a model without a reference."""
    generator, inputs = np.random.Generator(np.random.PCG64(7)), {}
    for port in onnx_session(model).get_inputs():
        inputs[port.name] = generator.standard_normal(port.shape).astype(np.float32)
    if "im_info" in inputs:
        inputs["im_info"] = models.image_information({k: v.shape for k, v in inputs.items()})
    return inputs


def chooses_regions(info: dict) -> bool:
    """Whether the kept results have the old engine's fillers behind the regions, which Caffe and ONNX do not."""
    return info.get("reference") == "ie" and "im_info" in info.get("inputs", {})


def by_layer(net: Path, weights: Path, model: Path, info: dict, options) -> tuple:
    """As models.by_layer; without a reference when a layer has none."""
    try:
        ir = converter.convert(net, weights, model.parent, "ir", *options)
        return models.by_layer(net, weights, ir.xml, {**info, "reference": "layers"})
    except Exception as e:  # noqa: BLE001 - whatever an executor throws is why there is no reference
        return seeded(model), None, {**info, "note": last_line(e), "reference": None}


def check(opencv: str):
    """The judge of one model, for check_models.sweep."""

    def judge(name: str, net: Path, weights: Path, where: models.Places, folder: Path, limit: float) -> Verdict:
        layers = len(list(prototxt.layer_types(net.read_text(encoding="utf-8", errors="replace"))))
        kept, outputs = where.references / f"{name}.json", where.references / f"{name}.out.npz"
        info = json.loads(kept.read_text()) if kept.exists() else {}
        if kept_results := outputs.exists() and not chooses_regions(info):
            with np.load(outputs) as archive:
                reference = {k: archive[k] for k in archive.files}
        else:
            net = models.without_choice(net, folder)
        options = info.get("args", [])
        options = shlex.split(options) if isinstance(options, str) else list(options)
        done = converter.convert(net, weights, folder, "net", "--output_format", "onnx", *options)
        if done.status != 0:
            first = next((line.strip() for line in done.stderr.splitlines() if "error" in line.lower()), done.stderr[:120])
            as_ir = converter.convert(net, weights, folder, "ir", *options).status
            if as_ir == done.status:
                return Verdict(name, "refused", layers, note="as an IR is")
            return Verdict(name, "failed", layers, note=first[:140])
        verdict = Verdict(name, "ok", layers, executor=info.get("reference") or "")
        try:
            onnx.checker.check_model(str(done.onnx), full_check=True)
        except Exception as e:  # noqa: BLE001 - whatever the checker throws is a verdict about this model
            verdict.state, verdict.note = "failed", f"checker: {last_line(e)}"
            return verdict
        if kept_results:
            inputs = models.seeded_inputs(info, where.images)
        else:
            inputs, reference, info = by_layer(net, weights, done.onnx, info, options)
            verdict.executor = info.get("reference") or ""
        if inputs is None:
            return Verdict(name, "no reference", layers, note="its photograph is not here: --images")
        runs = {
            "ONNX Runtime": lambda: run_onnxruntime(done.onnx, inputs),
            "OpenVINO": lambda: run_openvino(done.onnx, inputs),
            "OpenCV": lambda: run_opencv(opencv, done.onnx, inputs, folder),
        }
        for runtime, run in runs.items():
            if runtime == "OpenCV" and not opencv:
                continue
            try:
                results = run()
                verdict.errors[runtime] = models.compare(info, reference, results)[0] if reference else "runs"
            except Exception as e:  # noqa: BLE001
                verdict.errors[runtime] = last_line(e)
        first = verdict.errors["ONNX Runtime"]
        if reference is None:
            verdict.state = "no reference" if first == "runs" else "failed"
            verdict.note = info.get("note", "")
        elif info.get("unpools"):
            verdict.note = models.UNPOOLS
        if reference is not None and (isinstance(first, str) or first > limit):
            verdict.state = "wrong"
        if not isinstance(first, str):
            verdict.error = first
        return verdict

    return judge


def markdown(verdicts) -> str:
    lines = [f"| model | layers | compared with | {' | '.join(RUNTIMES)} | |", "|---|---|---|---|---|---|---|"]
    for v in sorted(verdicts, key=lambda v: v.name.lower()):
        errors = " | ".join(shown(v.errors.get(runtime, "–")).replace("|", "\\|") for runtime in RUNTIMES)
        note = v.note if v.state == "ok" else f"{v.state}: {v.note}".rstrip(": ")
        executor = models.EXECUTORS.get(v.executor, "–")
        lines.append(f"| {v.name} | {v.layers or '–'} | {executor} | {errors} | {note} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = models.option_parser(__doc__)
    parser.add_argument("--opencv", default="", help="a Python whose OpenCV is asked too")
    parser.add_argument("--limit", type=float, default=1e-4, help="of the error")
    a = parser.parse_args()
    verdicts = models.sweep(
        a.models, a.topologies, a.weights, a.references, a.only, a.limit, lambda v: print(v, flush=True), a.images, check(a.opencv)
    )
    if a.markdown:
        page_tables.replace(a.markdown, "onnx", markdown(verdicts))
    states = {s: sum(v.state == s for v in verdicts) for s in dict.fromkeys(v.state for v in verdicts)}
    worst = max((v.error for v in verdicts if v.error == v.error), default=0)
    print(f"{len(verdicts)} models: {states}; worst error in ONNX Runtime {worst:.2g}")
    return 0 if verdicts and all(v.good for v in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
