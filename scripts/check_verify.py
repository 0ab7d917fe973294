#!/usr/bin/env python3
"""Converts every model of a folder and lets `mo verify` compare the IR with the Caffe net, layer by layer.

    scripts/check_verify.py --models DIR --references DIR [--topologies DIR --weights COMMAND] [--caffe COMMAND]
                            [--images DIR] [--only PATTERNS] [--report FILE.json] [--markdown docs/verify.md]

The folders are those of scripts/check_models.py.  Executors are asked in this order until one agrees with the IR: OpenCV's
dnn module; Caffe by --caffe COMMAND (PROTOTXT CAFFEMODEL IN.npz OUT.npz); each layer alone (scripts/run_by_layer.py); the
results that were recorded as reference; each layer alone on the IR's own numbers.  What an executor before it said is part of the line: executors err too.

The numbers of `mo verify` themselves are checked with NumPy, from the arrays that it keeps: the errors of all layers are
computed anew, the IR's outputs are those of the runtime's Python package, and the Caffe side's outputs are those of the
recorded reference.  Where one of them is not, the model fails.

Exit status 1 when an IR agrees with no executor, or when a number of `mo verify` is wrong.
"""

import fnmatch
import json
import shlex
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check_models  # noqa: E402
import page_tables  # noqa: E402
from support import apps, compare, converter, layerwise  # noqa: E402
from support.executors import run_openvino  # noqa: E402

BY_LAYER = f"{shlex.quote(sys.executable)} {shlex.quote(str(converter.REPOSITORY / 'scripts' / 'run_by_layer.py'))}"
LIMIT = 1e-4  # of mo verify, and of what the executors' outputs may differ from the references


@dataclass
class Verdict:
    """What became of one model; `state` is "agrees", "differs", "wrong numbers", "not compared" or "not converted"."""

    name: str
    state: str
    executor: str = ""
    layers: int = 0
    worst: float = 0
    reference: str = ""
    text: str = ""
    note: str = ""

    @property
    def good(self) -> bool:
        return self.state not in ("differs", "wrong numbers")

    def __str__(self) -> str:
        numbers = f"{self.executor:11} {self.layers:5} {self.worst:9.1e}" if self.executor else " " * 27
        return f"{self.name:36} {self.state:13} {numbers} {self.reference} {self.text}".rstrip()


def attempts(arguments, name: str, folder: Path) -> list:
    """(executor, options of mo verify), in the order in which they are tried."""
    found = [("OpenCV", [])]
    if arguments.caffe:
        found.append(("Caffe", ["--caffe", arguments.caffe]))
    found.append(("by layer", ["--caffe", BY_LAYER]))
    outputs = arguments.references / f"{name}.out.npz"
    if outputs.exists() and (folder / "in.npz").exists():
        found.append(("recorded", ["--recorded", outputs]))
    found.append(("own bottoms", ["--caffe", f"{BY_LAYER} --bottoms {shlex.quote(str(folder / 'kept' / 'ir.npz'))}"]))
    return found


def arrays(path: Path) -> dict:
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}


def anew(layer: dict, found: np.ndarray, expected: np.ndarray) -> float:
    """The relative error of a layer, by NumPy."""
    if layer.get("note", "").startswith("the first "):
        found = found[: len(expected)]
    step = int(layer["note"].split()[1].rstrip(".")) if layer.get("note", "").startswith("every ") else 1
    if step > 1:
        expected = expected[:, :, ::step, ::step]
    return compare.worst_error(found.ravel(), expected.ravel())


def wrong_number(report: dict, kept: Path, xml: Path) -> str:
    """The first of mo verify's numbers that an independent comparison does not have; empty: none."""
    ours, theirs, seen = arrays(kept / "ir.npz"), arrays(kept / "caffe.npz"), {}
    for layer in report["layers"]:
        index = seen[layer["layer"]] = seen.get(layer["layer"], -1) + 1
        key = layer["layer"] if index == 0 else f"{layer['layer']}.{index}"
        key = key if key in ours else layer["top"]  # several layers of one name: their tops
        if "relative" not in layer or key not in theirs:
            continue
        said = float("inf") if layer["relative"] == "infinite" else layer["relative"]
        if layer["type"] == "DetectionOutput":
            error = check_models.detection_error(ours[key], theirs[key], max(ours[key].size, theirs[key].size) // 7, within=0.05)
        else:
            error = anew(layer, ours[key], theirs[key])
        if not (error == said or abs(error - said) <= 1e-6 * max(error, said) + 1e-12):
            return f'layer "{layer["layer"]}": {said:.3g}, NumPy says {error:.3g}'
    runtime = run_openvino(xml, arrays(kept / "inputs.npz"))
    for layer in report["layers"]:  # the last layer that writes a blob says what it is at the end
        if layer["top"] in runtime and layer["layer"] in ours and layer["type"] != "DetectionOutput":
            last = [x["layer"] for x in report["layers"] if x["top"] == layer["top"]][-1]
            value = ours[layer["layer"]]
            if last == layer["layer"] and value.size == runtime[layer["top"]].size:
                error = compare.worst_error(value.ravel(), runtime[layer["top"]].ravel())
                if error > 1e-5:
                    return f'output "{layer["top"]}" differs by {error:.3g} from the runtime\'s Python package'
    return ""


def reference_error(report: dict, kept: Path, info: dict, reference: Path) -> float | None:
    """How far the Caffe side's outputs are from the recorded ones; None where there are none."""
    if not reference.exists():
        return None
    theirs = arrays(kept / "caffe.npz")
    tops = {x["top"]: theirs[x["layer"]] for x in report["layers"] if x["layer"] in theirs}
    wanted = {name: value for name, value in arrays(reference).items() if check_models.pick(
        {**theirs, **tops}, name, int(np.prod(info["shapes"][name]))) is not None}  # fmt: skip
    return check_models.compare(info, wanted, {**theirs, **tops})[0] if wanted else None


def judged(arguments, verdict: Verdict, report: dict, info: dict, folder: Path, xml: Path) -> Verdict:
    """With the numbers of one run of mo verify, checked."""
    compared = [layer for layer in report["layers"] if "relative" in layer]
    verdict.state, verdict.layers = report["verdict"], len(compared)
    verdict.worst = max(float(str(layer["relative"]).replace("infinite", "inf")) for layer in compared)
    verdict.text = report["text"]
    explained = [x for x in compared if x["agrees"] and "explains" in x.get("note", "")]
    verdict.note = f"{explained[0]['layer']} ({explained[0]['type']}): {explained[0]['note']}" if explained else ""
    if wrong := wrong_number(report, folder / "kept", xml):
        verdict.state, verdict.text = "wrong numbers", wrong
    elif verdict.state == "agrees":
        error = reference_error(report, folder / "kept", info, arguments.references / f"{verdict.name}.out.npz")
        verdict.reference = "" if error is None else f"{error:.1e}"
        if error is not None and error > LIMIT:
            verdict.state = "wrong numbers"
            verdict.text = "the executor's outputs are not the recorded ones"
    return verdict


def are_numbers(weights: Path) -> bool:
    """Whether no weight is a NaN; of files that layerwise does not read it is taken for granted."""
    try:
        return not any(np.isnan(blob).any() for _, blobs in layerwise.weights(weights).values() for blob in blobs)
    except ValueError:
        return True


def check(arguments, name: str, net: Path, weights: Path, folder: Path) -> Verdict:
    kept = arguments.references / f"{name}.json"
    info = json.loads(kept.read_text()) if kept.exists() else {}
    options = info.get("args", [])
    options = shlex.split(options) if isinstance(options, str) else list(options)
    done = converter.convert(net, weights, folder, "net", *options)
    if done.status != 0:
        return Verdict(name, "not converted", text=next(iter(done.stderr.splitlines()), "").replace(f"{net.parent}/", ""))
    if not (arguments.references / f"{name}.out.npz").exists():
        shapes = check_models.ir_inputs(net.read_text(encoding="utf-8", errors="replace"), done.xml)
        info = {"amplitude": 1.0, **info, "inputs": shapes, "image": ""}
    feeds = check_models.seeded_inputs(info, arguments.images)
    if feeds is not None:
        np.savez(folder / "in.npz", **feeds)
    if not are_numbers(weights):
        return Verdict(name, "not compared", text="its weights are not numbers")
    tried, differing = [], None
    for executor, more in attempts(arguments, name, folder):
        report = folder / "report.json"
        report.unlink(missing_ok=True)
        inputs = ["--inputs", folder / "in.npz"] if feeds is not None else []
        run = apps.run("mo-verify", "--input_model", weights, "--input_proto", net, "--ir", done.xml, "--silent",
                       "--report", report, "--keep", folder / "kept", *inputs, *more, timeout=3600)  # fmt: skip
        if not report.exists():
            error = next((line for line in run.stderr.splitlines() if "ERROR" in line), run.stderr)
            tried.append(f"{executor}: {error[:200]}")
            continue
        found = json.loads(report.read_text())
        verdict = judged(arguments, Verdict(name, "", executor), found, info, folder, done.xml)
        if verdict.state == "agrees":
            verdict.text = "; ".join(tried)
            return verdict
        differing = differing or verdict
        tried.append(f"{executor}: {verdict.text}")
    if differing is None:
        return Verdict(name, "not compared", text="; ".join(tried))
    differing.text = "; ".join(tried)
    return differing


def sweep(arguments, report=print, done=()) -> list:
    """Verdicts of the models that are asked for; those in `done` are taken as they are."""
    verdicts, known = [], {verdict.name: verdict for verdict in done}
    for kind, parent in (("model", arguments.models), ("topology", arguments.topologies)):
        for model in sorted(p.parent for p in parent.glob("*/deploy.prototxt")) if parent else ():
            if not any(fnmatch.fnmatch(model.name, pattern) for pattern in arguments.only.split(",")):
                continue
            if model.name in known:
                verdicts.append(known[model.name])
                continue
            with tempfile.TemporaryDirectory() as temporary:
                folder, net = Path(temporary), model / "deploy.prototxt"
                weights = check_models.weights_of(model)
                if kind == "topology":
                    weights = folder / "made.caffemodel"
                    check_models.make_weights(arguments.weights, net, weights)
                verdicts.append(check(arguments, model.name, net, weights, folder))
            report(verdicts[-1], verdicts)
    return verdicts


HEADER = "| model | compared with | layers | worst error | outputs from the reference | |\n|---|---|---|---|---|---|\n"
EXECUTORS = {"OpenCV": "OpenCV 4.6 dnn", "Caffe": "BVLC Caffe 1.0", "by layer": "OpenCV and formulas, by layer",
             "recorded": "recorded outputs", "own bottoms": "OpenCV and formulas, each layer on the IR's numbers"}  # fmt: skip


def markdown(verdicts) -> str:
    """The table of the documentation."""
    lines = []
    for verdict in sorted(verdicts, key=lambda v: v.name.lower()):
        numbers = f"{verdict.layers} | {verdict.worst:.1e}" if verdict.executor else "– | –"
        before = verdict.text.replace("|", "\\|") if not verdict.executor else notes(verdict)
        state = "" if verdict.state == "agrees" else f"{verdict.state}: "
        lines.append(f"| {verdict.name} | {EXECUTORS.get(verdict.executor, '–')} | {numbers} | {verdict.reference or '–'} | "
                     f"{state}{before} |\n")  # fmt: skip
    return HEADER + "".join(lines)


def notes(verdict) -> str:
    """What the executors said that were asked before, without those that could not read the net."""
    said = [part for part in verdict.text.split("; ") if "the IR differs" in part or "NumPy says" in part]
    return "; ".join([*said, *([verdict.note] if verdict.note else [])])


def main() -> int:
    parser = check_models.option_parser(__doc__)
    parser.add_argument("--caffe", default="", help="command that runs Caffe")
    parser.add_argument("--report", type=Path, help="JSON; models that it has already are not run again")
    arguments = parser.parse_args()
    report = arguments.report
    done = [Verdict(**verdict) for verdict in json.loads(report.read_text())] if report and report.exists() else []

    def keep(verdict, verdicts):
        print(verdict, flush=True)
        if report:
            others = {v.name: v for v in [*done, *verdicts]}
            report.write_text(json.dumps([asdict(v) for v in others.values()], indent=1))

    verdicts = sweep(arguments, keep, done)
    if arguments.markdown:
        page_tables.replace(arguments.markdown, "verify", markdown(verdicts))
    states = [v.state for v in verdicts]
    print(f"{len(states)} models: {({s: states.count(s) for s in dict.fromkeys(states)})}")
    return 0 if verdicts and all(v.good for v in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
