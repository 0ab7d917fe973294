#!/usr/bin/env python3
"""Gives the same small Caffe nets to `mo` and to other tools, compares what comes out with Caffe, and writes the tables of
docs/comparison.md.

    scripts/compare_peers.py --mo2023 PYTHON --peers PYTHON --caffe2ncnn PROGRAM [--markdown] [--only PATTERN] [--keep DIR]

--mo2023      the Python of an environment with `openvino-dev[caffe]==2023.3.0`
--peers       the Python of one with MNN and ncnn
--caffe2ncnn  ncnn's converter, which no package has: built from its sources

OpenCV is that of the tests.  The nets are those of tests/numeric/layers, with BVLC Caffe's results (or a published formula's
where Caffe lacks the layer), and nets with mistakes that a converter has to refuse.  A tool is right when every number is
within 1e-3 of the largest, far from what a wrong reading of a layer gives.
"""

import argparse
import fnmatch
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

import numpy as np  # noqa: E402
import page_tables  # noqa: E402

from numeric import layers, references  # noqa: E402
from numeric.row import Row, single  # noqa: E402
from support import caffemodel, converter, prototxt  # noqa: E402
from support.compare import unmatched_detections, worst_error  # noqa: E402
from support.executors import run_openvino  # noqa: E402

PAGE = REPOSITORY / "docs" / "comparison.md"
DRIVER = REPOSITORY / "scripts" / "peers_driver.py"
TOOLS = {"mo": "`mo`", "mo2023": "`mo` 2023.3", "opencv": "OpenCV 4.14", "ncnn": "ncnn", "mnn": "MNN 3.6"}
LIMIT = 1e-3

FORMS = {  # name in the table -> row of tests/numeric/layers/nets.py
    "`input:` and `input_dim`": "input_and_input_dim", "`Input` layer": "input_layer",
    "phases (`include`, `exclude`)": "phase_excluded_in_test", "V1 (`layers`, 2014)": "v1", "V0 (2013)": "v0",
    "blobs of doubles": "doubles", "blobs of halves (NVIDIA)": "half_blobs", "shapes as four numbers": "legacy_dims",
    "fields of training": "fields_of_training", "two inputs": "two_inputs_input_shape",
}  # fmt: skip


def mistake(text: str, change) -> Row:
    """The net of one convolution, with a mistake: `change` of (prototxt, weights)."""
    row = single(text, "Convolution", "convolution_param { num_output: 4 kernel_size: 3 }", ((1, 3, 8, 8),), [(4, 3, 3, 3), (4,)])
    net, weights = change(row.net, row.weights)
    return Row(text, net, weights, row.inputs)


MISTAKES = {
    "misspelt parameter": lambda net, weights: (net.replace("kernel_size: 3", "kernel_size: 3 strid: 2"), weights),
    "layer without weights": lambda net, weights: (net, {}),
    "weights of another size": lambda net, weights: (net.replace("num_output: 4", "num_output: 5"), weights),
    "unknown layer type": lambda net, weights: (net + prototxt.layer("odd", "NoSuchLayer", ["out"]), weights),
    "unknown bottom": lambda net, weights: (net + prototxt.layer("relu", "ReLU", ["nowhere"]), weights),
    "truncated caffemodel": lambda net, weights: (net, weights),  # cut when it is written
}


@dataclass
class Case:
    """One row of a table: a net, what has to come out (None: a refusal), and what each tool made of it."""

    group: str
    name: str
    row: Row
    expected: dict | None
    found: dict = field(default_factory=dict)  # tool -> (state, text)


def cases(pattern: str) -> list:
    rows = {row.name: (family, row) for family in layers.FAMILIES for row in layers.rows(family)}
    found = [Case("forms", name, rows[row][1], references.expected(*rows[row])) for name, row in FORMS.items()]
    single_layers = []
    for family, row in rows.values():
        kinds = dict(re.findall(r'name: "([^"]+)" type: "([^"]+)"', row.net))
        if "layer" in kinds and not row.options and not row.padded:
            single_layers.append(Case("layers", kinds["layer"], row, references.expected(family, row)))
    found += sorted(single_layers, key=lambda case: case.name)
    found += [Case("mistakes", name, mistake(name, change), None) for name, change in MISTAKES.items()]
    return [case for case in found if fnmatch.fnmatch(case.name, pattern)]


def write(case: Case, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "net.prototxt").write_text(case.row.net)
    caffemodel.write(folder / "net.caffemodel", case.row.net, case.row.weights, case.row.encoding)
    if case.name == "truncated caffemodel":
        whole = (folder / "net.caffemodel").read_bytes()
        (folder / "net.caffemodel").write_bytes(whole[: len(whole) * 2 // 3])
    np.savez(folder / "in.npz", **case.row.inputs)


def run_ours(folders: list) -> None:
    for folder in folders:
        done = converter.convert(folder / "net.prototxt", folder / "net.caffemodel", folder, "net")
        if done.status != 0:
            (folder / "error.txt").write_text(done.stderr)
            continue
        with np.load(folder / "in.npz") as archive:
            np.savez(folder / "out.npz", **run_openvino(done.xml, {name: archive[name] for name in archive.files}))


def run_driver(python: str, tool: str, folders: list, caffe2ncnn: str) -> None:
    """Again for what is left when the tool takes the whole process down, and alone for what took it down."""

    def drive(some: list) -> None:
        subprocess.run([python, DRIVER, tool, *some], capture_output=True, check=False, env={**os.environ, "CAFFE2NCNN": caffe2ncnn})

    while left := [f for f in folders if not (f / "out.npz").exists() and not (f / "error.txt").exists()]:
        drive(left)
    for folder in folders:
        if (folder / "error.txt").exists() and "the program crashed" in (folder / "error.txt").read_text():
            drive([folder])


def judge(case: Case, folder: Path) -> tuple:
    """(one of WORDS, what there is to say)."""
    error = folder / "error.txt"
    if error.exists():
        text = error.read_text().strip().replace(str(folder), "…")
        state = "crashed" if "the program crashed" in text else "unusable" if "the runtime " in text else "refused"
        return state, text
    if case.expected is None:
        return "accepted", "converts without a word"
    with np.load(folder / "out.npz") as archive:
        results = {name: archive[name] for name in archive.files}
    worst = 0.0
    for top, wanted in case.expected.items():
        alike = [results[top]] if top in results and results[top].size == wanted.size else [v for v in results.values() if v.size == wanted.size]
        if top in case.row.detections:
            alike = [v for v in results.values() if v.shape[-1] == 7]
            if not alike or unmatched_detections(alike[0], wanted, LIMIT):
                return "other", "other detections"
            continue
        if not any(value.size for value in results.values()):
            return "unusable", "the model that is written has no outputs"
        if not alike:
            return "shape", f"{[list(v.shape) for v in results.values()]} where {list(wanted.shape)} was expected"
        worst = max(worst, min(worst_error(v.ravel(), wanted.ravel()) for v in alike))
    return ("right", f"error {worst:.0e}") if worst <= LIMIT else ("other", f"differs by {worst:.2g} of the largest number")


def sweep(arguments, folder: Path) -> list:
    found = cases(arguments.only)
    pythons = {"mo2023": arguments.mo2023, "opencv": sys.executable, "ncnn": arguments.peers, "mnn": arguments.peers}
    for tool in TOOLS:
        folders = [folder / tool / str(i) for i in range(len(found))]
        for case, place in zip(found, folders):
            write(case, place)
        run_ours(folders) if tool == "mo" else run_driver(pythons[tool], tool, folders, arguments.caffe2ncnn)
        for case, place in zip(found, folders):
            case.found[tool] = judge(case, place)
        print(tool, {state: sum(c.found[tool][0] == state for c in found) for state in {c.found[tool][0] for c in found}}, flush=True)
    return found


WORDS = {"right": "yes", "other": "other numbers", "shape": "other shape", "refused": "refuses", "crashed": "crashes",
         "unusable": "unusable", "accepted": "converts"}  # fmt: skip


def slug(text: str) -> str:
    return re.sub(r"[^\w\- ]", "", text).strip().lower().replace(" ", "-")


def table(found: list, group: str) -> str:
    chosen = [case for case in found if case.group == group]
    lines = [f"| | {' | '.join(TOOLS.values())} |", "|---" * (len(TOOLS) + 1) + "|"]
    good = "refused" if group == "mistakes" else "right"
    for name in dict.fromkeys(case.name for case in chosen):
        alike = [case for case in chosen if case.name == name]
        cells = " | ".join(f"[{word(tool, alike)}](#{slug('net ' + name)})" for tool in TOOLS)
        lines.append(f"| {name if group != 'layers' else f'`{name}`'} | {cells} |")
    counts = " | ".join(f"**{sum(c.found[t][0] == good for c in chosen)} of {len(chosen)}**" for t in TOOLS)
    return "\n".join([*lines, f"| **{'refused' if group == 'mistakes' else 'right'}** | {counts} |"]) + "\n"


def word(tool: str, alike: list) -> str:
    """What stands in the cell of a tool: of one net its state, of several in how many it is right."""
    states = [case.found[tool][0] for case in alike]
    if len(set(states)) == 1:
        return WORDS[states[0]]
    return f"{states.count('right')} of {len(states)}"


def first_words(text: str) -> str:
    if cause := re.search(r"(?:Original exception message|Exception message): (.+)", text):
        text = cause[1]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    line = next((x for x in lines if "ERROR" in x and len(x) > 20), lines[0] if lines else "no message")
    return re.sub(r"\s+", " ", re.sub(r"/\S*/(?=\w)", "", line)).replace("`", "'")[:160]


def evidence(found: list) -> str:
    """One heading for each net, and what each tool said."""
    parts = []
    for name in dict.fromkeys(case.name for case in found):
        alike = [case for case in found if case.name == name]
        said = "".join(f"- {TOOLS[tool]}: {sayings(tool, alike)}\n" for tool in TOOLS)
        parts.append(f"#### net {name}\n\n{said}")
    return "\n".join(parts)


def sayings(tool: str, alike: list) -> str:
    """The state of a net with what was said, or of several the counts, and what was said of the first of each state."""
    if len(alike) == 1:
        state, text = alike[0].found[tool]
        return f"{WORDS[state]}, `{first_words(text)}`"
    parts = []
    for state in WORDS:
        those = [case for case in alike if case.found[tool][0] == state]
        if those:
            first = those[0]
            shown = "" if state == "right" else f", `{first.row.name}`: `{first_words(first.found[tool][1])}`"
            parts.append(f"{WORDS[state]} {len(those)} of {len(alike)}{shown}")
    return "; ".join(parts)


def costs(arguments, folder: Path) -> str:
    """Processor time and most memory of converting one layer with 100 MB of weights: of each tool's own command."""
    net = prototxt.input_layer("data", (1, 25000, 1, 1)) + prototxt.layer(
        "fc", "InnerProduct", ["data"], params="inner_product_param { num_output: 1000 }")  # fmt: skip
    folder.mkdir(parents=True)
    (folder / "net.prototxt").write_text(net)
    weights = np.random.RandomState(1).standard_normal((1000, 25000)).astype(np.float32)
    caffemodel.write(folder / "net.caffemodel", net, {"fc": [weights, np.zeros(1000, np.float32)]})
    files = ["--input_model", "net.caffemodel", "--input_proto", "net.prototxt"]
    mnn = "import _tools; _tools.mnnconvert('x -f CAFFE --modelFile net.caffemodel --prototxt net.prototxt --MNNModel n.mnn --bizCode x'.split())"
    commands = {
        "mo": [converter.binary(), *files],
        "mo2023": [Path(arguments.mo2023).parent / "mo", *files, "--framework", "caffe", "--use_legacy_frontend", "--compress_to_fp16=False"],
        "opencv": [sys.executable, "-c", "import cv2; cv2.dnn.readNetFromCaffe('net.prototxt', 'net.caffemodel')"],
        "ncnn": [arguments.caffe2ncnn, "net.prototxt", "net.caffemodel", "n.param", "n.bin"],
        "mnn": [arguments.peers, "-c", mnn],
    }  # fmt: skip
    measure = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, capture_output=True); "
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime, u.ru_maxrss // 1024)"
    )
    found = {}
    for tool, command in commands.items():
        runs = [subprocess.run([sys.executable, "-c", measure, *command], cwd=folder, capture_output=True, text=True, check=True) for _ in range(2)]
        found[tool] = min(tuple(map(float, run.stdout.split())) for run in runs)
    lines = [f"| | {' | '.join(TOOLS.values())} |", "|---" * (len(TOOLS) + 1) + "|",
             f"| processor time, seconds | {' | '.join(f'{found[t][0]:.2f}' for t in TOOLS)} |",
             f"| most memory, MB | {' | '.join(f'{found[t][1]:.0f}' for t in TOOLS)} |"]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mo2023", required=True)
    parser.add_argument("--peers", required=True)
    parser.add_argument("--caffe2ncnn", required=True)
    parser.add_argument("--only", default="*")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--keep", type=Path, help="folder for nets and results, which must not exist")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = arguments.keep or Path(temporary)
        found = sweep(arguments, place)
        cost = costs(arguments, place / "cost") if arguments.markdown else ""
    if arguments.markdown:
        tables = {**{g: table(found, g) for g in ("forms", "layers", "mistakes")}, "evidence": evidence(found), "cost": cost}
        for name, text in tables.items():
            page_tables.replace(PAGE, name, text)
    else:
        print(evidence(found))
    return 0 if all(case.found["mo"][0] in ("right", "refused") for case in found) else 1


if __name__ == "__main__":
    sys.exit(main())
