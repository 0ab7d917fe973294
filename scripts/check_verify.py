#!/usr/bin/env python3
"""Converts every model of a folder and lets `mo verify` compare the IR with the Caffe net.

    scripts/check_verify.py --models DIR --references DIR [--topologies DIR --weights COMMAND] [--caffe COMMAND]
                            [--images DIR] [--only PATTERNS] [--report FILE.json]

The folders are those of scripts/check_models.py.  The executor is OpenCV's dnn module; where it cannot run a net, Caffe by
--caffe COMMAND (PROTOTXT CAFFEMODEL IN.npz OUT.npz); where that cannot either, the results recorded as reference.

Executors err too: where one differs, the next is asked, and what the first said is part of the line.

Prints one line per model: the executor, how many layers were compared, the worst of them, and what others said.  Exit
status 1 when an IR agrees with none of them.
"""

import argparse
import fnmatch
import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check_models  # noqa: E402
from support import apps, converter  # noqa: E402


def attempts(arguments, name: str, info: dict, folder: Path) -> list:
    """(executor, options of mo verify), in the order in which they are tried."""
    opencv, caffe = [("OpenCV", [])], [("Caffe", ["--caffe", arguments.caffe])] if arguments.caffe else []
    first = opencv + caffe
    outputs = arguments.references / f"{name}.out.npz"
    inputs = check_models.seeded_inputs(info, arguments.images) if info else None
    if inputs is not None and outputs.exists():
        np.savez(folder / "in.npz", **inputs)
        first.append(("recorded", ["--recorded", outputs, "--inputs", folder / "in.npz"]))
    return first


def verdict(arguments, name: str, net: Path, weights: Path, folder: Path) -> dict:
    kept = arguments.references / f"{name}.json"
    info = json.loads(kept.read_text()) if kept.exists() else {}
    options = info.get("args", [])
    options = shlex.split(options) if isinstance(options, str) else list(options)
    done = converter.convert(net, weights, folder, "net", *options)
    if done.status != 0:
        return {"state": "not converted", "text": next(iter(done.stderr.splitlines()), "")}
    tried, differing = [], None
    for executor, more in attempts(arguments, name, info, folder):
        report = folder / f"{executor}.json"
        run = apps.run("mo-verify", "--input_model", weights, "--input_proto", net, "--ir", done.xml, "--silent",
                       "--report", report, *more)  # fmt: skip
        if not report.exists():
            error = next((line for line in run.stderr.splitlines() if "ERROR" in line), run.stderr)
            tried.append(f"{executor}: {error[:200]}")
            continue
        found = json.loads(report.read_text())
        compared = [layer for layer in found["layers"] if "relative" in layer]
        worst = max((layer["relative"] for layer in compared if layer["relative"] != "infinite"), default=0)
        result = {"state": found["verdict"], "executor": executor, "layers": len(compared), "worst": worst,
                  "text": "; ".join([*tried, *([found["text"]] if found["verdict"] != "agrees" else [])])}  # fmt: skip
        if found["verdict"] == "agrees":
            return result
        differing = differing or result
        tried.append(f"{executor}: {found['text']}")
    return differing or {"state": "not compared", "text": "; ".join(tried)}


def sweep(arguments, report=print) -> dict:
    results = {}
    for kind, parent in (("model", arguments.models), ("topology", arguments.topologies)):
        for model in sorted(p.parent for p in parent.glob("*/deploy.prototxt")) if parent else ():
            if not any(fnmatch.fnmatch(model.name, pattern) for pattern in arguments.only.split(",")):
                continue
            with tempfile.TemporaryDirectory() as temporary:
                folder, net = Path(temporary), model / "deploy.prototxt"
                weights = check_models.weights_of(model)
                if kind == "topology":
                    weights = folder / "made.caffemodel"
                    command = [*shlex.split(arguments.weights), str(net), str(weights)]
                    subprocess.run(command, capture_output=True, check=False)
                found = results[model.name] = verdict(arguments, model.name, net, weights, folder)
            numbers = f"{found.get('executor', ''):8} {found.get('layers', 0):5} {found.get('worst', 0):9.1e}"
            report(f"{model.name:42} {found['state']:13} {numbers} {found['text']}".rstrip())
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--topologies", type=Path)
    parser.add_argument("--weights", default="", help="command that makes weights for a topology")
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--images", type=Path, help="folder of the photographs")
    parser.add_argument("--caffe", default="", help="command that runs Caffe")
    parser.add_argument("--only", default="*", help="comma separated patterns of model names")
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args()
    results = sweep(arguments, lambda line: print(line, flush=True))
    if arguments.report:
        arguments.report.write_text(json.dumps(results, indent=1))
    states = [found["state"] for found in results.values()]
    print(f"{len(states)} models: {({s: states.count(s) for s in dict.fromkeys(states)})}")
    return 0 if states and "differs" not in states else 1


if __name__ == "__main__":
    sys.exit(main())
