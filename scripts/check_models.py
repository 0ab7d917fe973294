#!/usr/bin/env python3
"""Converts every model of a folder, infers the IR and compares it with kept results of an independent executor.

    scripts/check_models.py --models DIR --references DIR [--topologies DIR --weights COMMAND] [--images DIR]

--models      subfolders with `deploy.prototxt` and weights (`*.caffemodel`)
--topologies  subfolders with `deploy.prototxt` alone; COMMAND PROTOTXT OUT.caffemodel makes their weights
--references  for each of them NAME.json (input shapes, amplitude, executor, options in `args`) and NAME.out.npz
              (outputs of that executor on the seeded input, or on the photograph that `image` names)
--images      where the photographs are

A model without kept results is inferred layer by layer instead: each layer in OpenCV alone, or by a published formula
(tests/numeric/net_formulas.py).

Prints one line per model: layers, worst error in FP32, cosine and top-1 in FP16.  The error is the largest difference
by the largest value; detections are compared as sets, since runtimes order ties differently: each needs one of the same
class with score and box within 1e-3, and the error is the largest difference of such a pair.
Exit status 1 when a model that converts has wrong numbers, or when a conversion fails in any other way than by a
message about layers that `mo` does not have.
"""

import argparse
import fnmatch
import json
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

import numpy as np  # noqa: E402
import page_tables  # noqa: E402

from numeric.net_formulas import FORMULAS  # noqa: E402
from support import converter, layerwise, prototxt  # noqa: E402
from support.compare import cosine, worst_error  # noqa: E402
from support.executors import read_ir, run_openvino  # noqa: E402

UNPOOLS = "but for 1 % of the numbers: near ties decide where an unpooling puts them"
LEAST_SCORE = 0.05  # detections below it are noise
SAMPLE = 100_000  # of larger outputs, references keep every n-th element
UNSUPPORTED = "unsupported-layer"


@dataclass
class Verdict:
    """What became of one model; `state` is "ok", "unsupported", "refused", "wrong", "failed" or "no reference"."""

    name: str
    state: str
    layers: int = 0
    error: float = float("nan")
    cosine: float = float("nan")
    top_1: str = ""
    note: str = ""
    executor: str = ""

    @property
    def good(self) -> bool:
        return self.state in ("ok", "unsupported", "refused", "no reference")

    def __str__(self) -> str:
        numbers = (
            f"{self.error:9.2g} {self.cosine:9.6f} {self.top_1:>5}" if self.error == self.error else " " * 25
        )
        return f"{self.name:42} {self.layers:6} {numbers} {self.state:12} {self.note}".rstrip()


EXECUTORS = {"caffe": "BVLC Caffe 1.0", "opencv": "OpenCV 4.14 dnn", "ie": "Inference Engine 2020.1"}
EXECUTORS["layers"] = "OpenCV and formulas, by layer"


def markdown(verdicts) -> str:
    """The table for the documentation."""
    lines = ["| model | layers | compared with | worst error | |", "|---|---|---|---|---|"]
    for verdict in sorted(verdicts, key=lambda v: v.name.lower()):
        error = f"{verdict.error:.1e}" if verdict.error == verdict.error else "–"
        note = verdict.note if verdict.state == "ok" else f"{verdict.state}: {verdict.note}".rstrip(": ")
        executor = EXECUTORS.get(verdict.executor, "–")
        lines.append(f"| {verdict.name} | {verdict.layers or '–'} | {executor} | {error} | {note} |")
    return "\n".join(lines) + "\n"


HEADER = f"{'model':42} {'layers':>6} {'FP32':>9} {'FP16 cos':>9} {'top-1':>5} state"


def photograph(path: Path, shape, mean) -> np.ndarray:
    """Of an image file: BGR, resized to the input, minus the mean of each channel."""
    import cv2

    picture = cv2.resize(cv2.imread(str(path)), (shape[3], shape[2])).astype(np.float32) - np.float32(mean)
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None])


def image_information(inputs: dict) -> np.ndarray:
    """One row of `im_info`: height, width and scale of the image, as R-CNN's nets take them."""
    height, width = next((shape[2:4] for shape in inputs.values() if len(shape) == 4), (600, 800))
    row = np.array([height, width, 1, 1, 1, 1], np.float32)
    count = int(np.prod(inputs["im_info"]))
    return np.tile(row[: min(count, 6)], max(1, count // 6)).reshape(inputs["im_info"])


def seeded_inputs(info: dict, images: Path | None) -> dict | None:
    """The inputs that the reference belongs to; None where their photographs are not here."""
    generator = np.random.Generator(np.random.PCG64(7))
    inputs = {}
    for name, shape in sorted(info["inputs"].items()):
        if name == "im_info":
            inputs[name] = image_information(info["inputs"])
        elif info.get("image") and len(shape) == 4:
            if images is None:
                return None
            inputs[name] = photograph(images / info["image"], shape, info.get("mean", [104, 117, 123]))
        else:
            inputs[name] = (generator.standard_normal(shape) * info.get("amplitude", 40.0)).astype(np.float32)
    return inputs


def sampled(values: np.ndarray) -> np.ndarray:
    flat = np.ascontiguousarray(values).ravel()
    return flat[:: -(-flat.size // SAMPLE)] if flat.size > SAMPLE else flat


def pick(results: dict, name: str, size: int):
    """An output by name, else the only one of that size."""
    if name in results and results[name].size == size:
        return results[name]
    alike = {id(v): v for v in results.values() if v.size == size}
    return next(iter(alike.values())) if len(alike) == 1 else None


def is_detection(shape) -> bool:
    return len(shape) == 4 and list(shape[:2]) == [1, 1] and shape[3] == 7


def detections(values: np.ndarray) -> np.ndarray:
    """The rows (image, class, score, box) that count."""
    rows = values.reshape(-1, 7)
    return rows[rows[:, 0] >= 0]


def detection_error(found: np.ndarray, wanted: np.ndarray, places: int, within: float = 1e-3, margin: float = 1e-3) -> float:
    """Largest difference of score or box between detections of one class that belong together; infinite where one has
    no partner within `within`. Those whose score is not `margin` above the threshold, or above the last that found a place,
    may be missing.
    """
    found, wanted = detections(found), detections(wanted)

    def cut(rows):
        return max(LEAST_SCORE, rows[:, 2].min() if len(rows) >= places else 0)

    least, worst = max(cut(found), cut(wanted)) + margin, 0.0
    for some, others in ((found, wanted), (wanted, found)):
        for row in some[some[:, 2] > least]:
            alike = others[(others[:, 0] == row[0]) & (others[:, 1] == row[1])]
            nearest = np.abs(alike[:, 2:] - row[2:]).max(1).min(initial=np.inf)
            worst = max(worst, float(nearest) if nearest <= within else np.inf)
    return worst


def same_class(found: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether the largest of each row is the same, where rows are probabilities; a tie to 1e-3 has two winners."""
    if not np.allclose(wanted.sum(1), 1, atol=1e-3) or wanted.min() < 0:
        return True
    rows = np.arange(len(wanted))
    return bool((wanted[rows, found.argmax(1)] >= wanted.max(1) * (1 - 1e-3)).all())


def first_rows(results: dict, shapes: dict) -> dict:
    """Results without the rows behind those that the reference has: fillers for regions that were not found."""
    return {
        name: value[: shapes[name][0]] if list(value.shape[1:]) == shapes.get(name, [0])[1:] else value
        for name, value in results.items()
    }


def settled_error(found: np.ndarray, wanted: np.ndarray) -> float:
    """Largest difference but for the worst hundredth of the elements."""
    differences = np.sort(np.abs(found - wanted).ravel())
    return float(differences[int(differences.size * 0.99) - 1] / np.abs(wanted).max())


def compare(info: dict, reference: dict, results: dict) -> tuple:
    """(worst error, least cosine, top-1 agrees) over all outputs; of detections the error alone."""
    results = first_rows(results, info["shapes"])
    error, least, agree = 0.0, 1.0, True
    for name, wanted in reference.items():
        shape = info["shapes"][name]
        found = pick(results, name, int(np.prod(shape)))
        if is_detection(shape):
            alike = [v for v in results.values() if v.shape[-1] == 7] if found is None else [found]
            error = max(error, detection_error(alike[0], wanted, shape[2]) if alike else float("inf"))
            continue
        if found is None:
            return float("inf"), 0.0, False
        found, wanted = sampled(found), wanted.ravel()
        error = max(error, settled_error(found, wanted) if info.get("unpools") else worst_error(found, wanted))
        least = min(least, cosine(found, wanted))
        if wanted.size == np.prod(shape):
            agree = agree and same_class(found.reshape(shape[0], -1), wanted.reshape(shape[0], -1))
    return error, least, agree


def ir_inputs(text: str, xml: Path) -> dict:
    """Shapes of the IR's inputs, by the names that the prototxt has for them."""
    shapes = {}
    for port in read_ir(xml).inputs:
        names = [*port.get_names(), port.get_node().get_friendly_name()]
        top = next((n for n in names if re.search(rf"\b(top|input):\s*[\"']{re.escape(n)}[\"']", text)), names[0])
        shapes[top] = list(port.shape)
    return shapes


def by_layer(net: Path, weights: Path, xml: Path, info: dict) -> tuple:
    """Inputs, and what OpenCV and the formulas make of them, as (inputs, sampled outputs, info with their shapes)."""
    text = net.read_text(encoding="utf-8", errors="replace")
    info = {"amplitude": 1.0, **info, "inputs": ir_inputs(text, xml)}
    inputs = seeded_inputs({**info, "image": ""}, None)
    wanted = layerwise.run(text, weights, inputs, FORMULAS)
    if any(np.isnan(value).any() for value in wanted.values()):
        raise ValueError("its weights are not numbers")
    # Of two nearly equal numbers rounding says which is the maximum, and so where an unpooling puts it.
    info["unpools"] = any(x.type == "Upsample" and len(x.bottoms) == 2 for x in layerwise.layers(text))
    info["shapes"] = {name: list(value.shape) for name, value in wanted.items()}
    return inputs, {name: sampled(value) for name, value in wanted.items()}, info


def without_choice(net: Path, folder: Path) -> Path:
    """The net without an ArgMax at its end: close numbers have to be close, whichever of them is larger."""
    text = net.read_text(encoding="utf-8", errors="replace")
    head, _, last = text.rpartition("layer {")
    if not re.search(r'type:\s*"ArgMax"', last):
        return net
    shorter = folder / "shorter.prototxt"
    shorter.write_text(head)
    return shorter


@dataclass
class Places:
    """Where the references are, and the photographs some of them are for."""

    references: Path
    images: Path | None = None


def check(name: str, net: Path, weights: Path, where: Places, folder: Path, limit: float) -> Verdict:
    layers = len(list(prototxt.layer_types(net.read_text(encoding="utf-8", errors="replace"))))
    references = where.references
    kept = references / f"{name}.json"
    info = json.loads(kept.read_text()) if kept.exists() else {}
    outputs = references / f"{name}.out.npz"
    if not outputs.exists():
        net = without_choice(net, folder)
    options = info.get("args", [])
    options = shlex.split(options) if isinstance(options, str) else list(options)
    done = converter.convert(net, weights, folder, "net", *options)
    if done.status != 0 and "reference" in info and info["reference"] is None:
        return Verdict(name, "refused", layers, note="as by every executor")
    if done.status != 0 and "does not read HDF5" in done.text:
        return Verdict(name, "refused", layers, note="this build does not read HDF5")
    if done.status != 0:
        first = next(
            (line.strip() for line in done.stderr.splitlines() if "error" in line.lower()), done.stderr[:120]
        )
        state = "unsupported" if done.status == 1 and UNSUPPORTED in done.text else "failed"
        return Verdict(name, state, layers, note=f"exit {done.status}: {first.replace(f'{net.parent}/', '')[:140]}")
    inputs = seeded_inputs(info, where.images) if info else None
    if inputs is None and outputs.exists():
        return Verdict(name, "no reference", layers, note="its photograph is not here: --images")
    if outputs.exists():
        with np.load(outputs) as archive:
            reference = {k: archive[k] for k in archive.files}
    else:
        try:
            inputs, reference, info = by_layer(net, weights, done.xml, {**info, "reference": "layers"})
        except Exception as e:  # noqa: BLE001 - whatever an executor throws is why there is no reference
            return Verdict(name, "no reference", layers, note=str(e).strip().splitlines()[-1][:140])
    try:
        error, _, _ = compare(info, reference, run_openvino(done.xml, inputs))
        half = converter.convert(net, weights, folder, "half", "--data_type", "FP16", *options)
        _, agreement, top_1 = compare(info, reference, run_openvino(half.xml, inputs))
    except Exception as e:  # noqa: BLE001 - whatever the runtime throws is a verdict about this model
        return Verdict(name, "failed", layers, note=f"runtime: {str(e).strip().splitlines()[-1][:140]}")
    # Weights of half precision may let a net choose other regions, and then rows stand for other things.
    chooses = "im_info" in info["inputs"]
    good = error <= limit and (chooses or (agreement >= 0.999 and top_1))
    verdict = Verdict(name, "ok" if good else "wrong", layers, error, agreement, "same" if top_1 else "other")
    if info.get("unpools"):
        verdict.note = UNPOOLS
    verdict.executor = info.get("reference") or ""
    return verdict


def weights_of(model: Path) -> Path | None:
    return next(iter(sorted(model.glob("*.caffemodel*"))), None)


def make_weights(command: str, net: Path, weights: Path) -> str:
    """Runs the command that makes weights; gives why it could not.

    It sees no Python layers, which have no weights, but layers whose results are of the same shape.
    """
    kinds = {"darknet_reorg": "Reorg", "SpatialDropoutLayer": "Dropout"}
    text = net.read_text(encoding="utf-8", errors="replace")
    for block in re.findall(r'type:\s*"Python"[^}]*', text):
        known = next((kind for layer, kind in kinds.items() if layer in block), None)
        if known:
            text = text.replace(block, block.replace('"Python"', f'"{known}"'))
    shown = weights.with_name("shown.prototxt")
    shown.write_text(text)
    made = subprocess.run([*shlex.split(command), shown, weights], capture_output=True, text=True, check=False)
    return made.stderr.strip().rpartition("\n")[2][:140] or "failed" if made.returncode else ""


def sweep(
    models, topologies, weights_command, references, only="*", limit=1e-4, report=print, images=None, judge=None
) -> list:
    """Verdicts of `judge`, which is `check` unless given, on every model under the folders, reported one by one."""
    verdicts = []
    for kind, parent in (("model", models), ("topology", topologies)):
        for model in sorted(p.parent for p in parent.glob("*/deploy.prototxt")) if parent else ():
            if not any(fnmatch.fnmatch(model.name, pattern) for pattern in only.split(",")):
                continue
            with tempfile.TemporaryDirectory() as temporary:
                folder, net = Path(temporary), model / "deploy.prototxt"
                weights = weights_of(model)
                if kind == "topology":
                    weights = folder / "made.caffemodel"
                    if failure := make_weights(weights_command, net, weights):
                        verdicts.append(Verdict(model.name, "no reference", note="no weights: " + failure))
                        report(verdicts[-1])
                        continue
                verdicts.append((judge or check)(model.name, net, weights, Places(references, images), folder, limit))
                report(verdicts[-1])
    return verdicts


def option_parser(description: str) -> argparse.ArgumentParser:
    """With the options that all sweeps over the models have."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--topologies", type=Path)
    parser.add_argument("--weights", default="", help="command that makes weights for a topology")
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--images", type=Path, help="folder of the photographs")
    parser.add_argument("--only", default="*", help="comma separated patterns of model names")
    parser.add_argument("--markdown", type=Path, help="page whose table between the marks is written anew")
    return parser


def main() -> int:
    parser = option_parser(__doc__)
    parser.add_argument("--limit", type=float, default=1e-4, help="of the error in FP32")
    arguments = parser.parse_args()
    if arguments.topologies and not arguments.weights:
        parser.error("--topologies needs --weights COMMAND")
    print(HEADER)
    verdicts = sweep(
        arguments.models,
        arguments.topologies,
        arguments.weights,
        arguments.references,
        arguments.only,
        arguments.limit,
        lambda verdict: print(verdict, flush=True),
        arguments.images,
    )
    if arguments.markdown:
        page_tables.replace(arguments.markdown, "models", markdown(verdicts))
    measured = [v.error for v in verdicts if v.error == v.error]
    states = {s: sum(v.state == s for v in verdicts) for s in dict.fromkeys(v.state for v in verdicts)}
    print(f"{len(verdicts)} models: {states}; worst error {max(measured, default=0):.2g}")
    return 0 if verdicts and all(v.good for v in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
