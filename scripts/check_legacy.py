#!/usr/bin/env python3
"""Legacy IR of every model: compared with what the original wrote, run by an old engine, and brought to v11 and back.

    scripts/check_legacy.py --models DIR [--models DIR ...] --references DIR [--weights COMMAND] [--engine COMMAND]
                            [--markdown docs/legacy-models.md] [NAME ...]

--models      folders with NAME.prototxt and NAME.caffemodel, or NAME/deploy.prototxt and its weights
--weights     COMMAND PROTOTXT OUT.caffemodel makes weights for a model without any
--references  NAME.vN.xml with a .bin or digests of its blobs (.weights.json): what the original wrote;
              NAME.json and NAME.out.npz: inputs, options and outputs of an independent executor, as in check_models.py
--engine      COMMAND IR.xml IN.npz OUT.npz runs an IR in an old Inference Engine
--measure     also the original's own IR, where `mo` writes another: what the engine computes with both

Without --engine, layers are compared alone. With it, each model is also written in --run versions: the engine's outputs
in FP32 (largest difference by the largest value) and FP16 (cosine), findings of --check_ir, the upgrade to the same
version (is the .bin byte-identical?) and to v11 (outputs on today's runtime). Rows of regions (nets with `im_info`) are compared as sets where their order differs.

A layer that differs from the original's is deliberate where legacy_deviations.toml names it, else WRONG; an entry
there that is no longer needed is WRONG too. Exit status 0 when nothing is.
"""

import argparse
import filecmp
import json
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY / "tests"), str(REPOSITORY / "scripts")]

import numpy as np  # noqa: E402

import check_models  # noqa: E402
import legacy_ir  # noqa: E402
import page_tables  # noqa: E402
from legacy_deviations import DEVIATIONS, Deviations  # noqa: E402
from legacy_tables import markdown, markdown_of_deviations  # noqa: E402
from support import converter  # noqa: E402
from support.executors import run_openvino  # noqa: E402

LIMIT, LEAST_COSINE = 1e-4, 0.999


@dataclass
class Model:
    name: str
    net: Path
    weights: Path
    info: dict
    options: list
    reference: dict  # outputs of the independent executor, or of v11 where there is none


@dataclass
class Cell:
    """What became of a model in one version."""

    layers: str = ""  # identical/all
    verdict: str = ""  # "identical", "deliberate", "WRONG" or, without a reference, ""
    error: float = float("nan")  # in the old engine
    cosine: float = float("nan")  # of FP16 IR there
    upgraded: float = float("nan")  # error of the upgrade to v11, on today's runtime
    same_bin: bool | None = None  # of the upgrade to the same version
    refused: str = ""  # the lowest version that can say the model
    faults: list = field(default_factory=list)
    differences: list = field(default_factory=list)

    def __str__(self) -> str:
        parts = [self.refused and f"needs {self.refused}", self.layers, self.verdict * (self.verdict != "identical")]
        for what, value in (("out", self.error), ("up", self.upgraded)):
            parts.append(f"{what} {value:.0e}" if value == value else "")
        parts.append(f"cos {self.cosine:.4f}" if self.cosine < 0.99995 else "")
        return " ".join(filter(None, parts)) + " !" * bool(self.faults or self.verdict == "WRONG")


def find_model(name: str, folders: list) -> tuple:
    """(prototxt, weights), None where there is none."""
    nets = [p for f in folders for p in (f / f"{name}.prototxt", f / name / "deploy.prototxt") if p.exists()]
    weights = [w for f in folders for w in (f / f"{name}.caffemodel", *sorted((f / name).glob("*.caffemodel*")))
               if w.exists()]  # fmt: skip
    return next(iter(nets), None), next(iter(weights), None)


def top_names(xml: Path) -> dict:
    """The name that an old engine gives an output -> its top, by the .mapping file."""
    outputs = {layer.get("name"): len(layer.findall("output/port"))
               for layer in legacy_ir.ET.parse(xml).iterfind("./layers/layer")}  # fmt: skip
    names, mapping = {}, xml.with_suffix(".mapping")
    for entry in legacy_ir.ET.parse(mapping).iterfind("map") if mapping.exists() else ():
        layer, top = entry.find("IR").get("name"), entry.find("framework").get("out_port_id")
        ports = sorted({int(e.find("IR").get("out_port_id")) for e in legacy_ir.ET.parse(mapping).iterfind("map")
                        if e.find("IR").get("name") == layer})  # fmt: skip
        index = ports.index(int(entry.find("IR").get("out_port_id")))
        names[f"{layer}.{index}" if outputs.get(layer, 1) > 1 else layer] = top
    return names


class Checker:
    def __init__(self, arguments, deviations: Deviations, folder: Path):
        self.arguments, self.deviations, self.folder = arguments, deviations, folder
        self.measured = []  # (model, version, original, mo) for --measure

    def run(self, *options):
        done = converter.run(*options, "--silent")
        if done.returncode != 0:
            raise RuntimeError(" ".join((done.stderr + done.stdout).split()) or f"exit status {done.returncode}")

    def write(self, model: Model, name: str, version: int, *options) -> Path:
        self.run("--input_proto", model.net, "--input_model", model.weights, "--output_dir", self.folder,
                 "--model_name", name, "--ir_version", version, *model.options, *options)  # fmt: skip
        return self.folder / f"{name}.xml"

    def engine(self, xml: Path, inputs: dict) -> dict:
        given, got = self.folder / "in.npz", self.folder / "out.npz"
        np.savez(given, **inputs)
        done = subprocess.run([*shlex.split(self.arguments.engine), xml, given, got], capture_output=True, text=True,
                              check=False)  # fmt: skip
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if "FAIL" in line or "throw" in line.lower()]
            raise RuntimeError("engine: " + (" ".join(lines[-2:]) or f"status {done.returncode}")[:240])
        with np.load(got) as archive:
            return {k: archive[k] for k in archive.files}

    def compare(self, model: Model, xml: Path, results: dict) -> tuple:
        """(worst error, least cosine) of outputs named as old engines do."""
        names = top_names(xml) if xml.with_suffix(".mapping").exists() else {}
        named = {**results, **{names.get(k, k): v for k, v in results.items()}}
        wanted, shapes = {}, {}
        for name, value in model.reference.items():
            layer, _, index = name.rpartition(".")  # of an old engine: a layer of several outputs
            if name not in named and layer in named and index.isdigit():
                if index != "0":
                    continue  # an output that this version does not have
                name, shapes[layer] = layer, model.info["shapes"][name]
            wanted[name] = value
        shapes = {**model.info["shapes"], **shapes}
        error, least, _ = check_models.compare({**model.info, "shapes": shapes}, wanted, named)
        return error, least

    def compare_layers(self, model: Model, version: int, cell: Cell) -> None:
        reference = self.arguments.references / f"{model.name}.v{version}.xml"
        if not reference.exists():
            return
        try:
            xml = self.write(model, f"v{version}", version)
            same, count, extra, _, cell.differences = legacy_ir.compare(reference, xml)
            cell.layers = f"{same}/{count}" + (f"+{extra}" if extra else "")
        except RuntimeError as refusal:
            cell.layers, cell.differences = "refused", [("refused", str(refusal))]
        rest = self.deviations.unexplained(model.name, version, cell.differences)
        cell.verdict = "WRONG" if rest else "deliberate" if cell.differences else "identical"
        cell.faults += rest
        if cell.verdict == "deliberate" and self.arguments.measure:
            self.measure(model, version, reference)

    def measure(self, model: Model, version: int, reference: Path) -> None:
        """What the engine computes with the original's IR, and with ours."""
        written = self.folder / f"v{version}.xml"
        texts = []
        for kind in ("original", "mo"):
            if kind == "mo" and not written.exists():
                texts.append("refused")
                continue
            try:
                xml = written
                if kind == "original":
                    xml = legacy_ir.rebuild(reference, written if written.exists() else None, self.folder / "original.xml")
                results = self.engine(xml, check_models.seeded_inputs(model.info, self.arguments.images))
            except RuntimeError:
                texts.append("does not run")
                continue
            if not self.has_outputs(model):
                texts.append("runs; nothing to compare with")
                continue
            error, _ = self.compare(model, xml, results)
            texts.append("NaN or other dims" if error == float("inf") else f"{error:.0e}")
        self.measured.append((model.name, version, *texts))

    def run_everywhere(self, model: Model, version: int, cell: Cell) -> None:
        inputs = check_models.seeded_inputs(model.info, self.arguments.images)
        if inputs is None:
            cell.faults.append("its inputs are photographs: --images DIR")
            return
        try:
            old = self.write(model, "old", version)
        except RuntimeError as refusal:
            needed = re.search(r"IR v\d+ has no .* write IR (v\d+)", str(refusal))
            cell.refused = needed[1] if needed else ""
            if not needed:
                cell.faults.append(str(refusal))
            return
        steps = (self.check_engine, self.check_half, self.check_upgrade)
        for step in steps:
            try:
                step(model, version, cell, old, inputs)
            except (RuntimeError, KeyError) as failure:
                cell.faults.append(str(failure))

    def check_engine(self, model, version, cell, old, inputs):
        self.run("--check_ir", old)
        results = self.engine(old, inputs)
        cell.error, _ = self.compare(model, old, results)
        if not cell.error <= LIMIT and "im_info" in inputs:  # regions of equal score come in any order
            cell.error = self.error_of_rows(model, results)
        if not cell.error <= LIMIT:
            cell.faults.append(f"off by {cell.error:.1e}")

    def error_of_rows(self, model: Model, results: dict) -> float:
        """The largest distance of a region's row from the nearest that the engine gives, by the largest value."""
        worst = 0.0
        for name, wanted in model.reference.items():
            rows = wanted.reshape(model.info["shapes"][name][0], -1)
            if name not in results or results[name].size % rows.shape[1]:
                return float("inf")
            found = results[name].reshape(-1, rows.shape[1])
            distances = [np.abs(found - row).max(1).min() for row in rows]
            worst = max(worst, max(distances) / np.abs(wanted).max())
        return float(worst)

    def check_half(self, model, version, cell, old, inputs):
        half = self.write(model, "half", version, "--data_type", "FP16")
        _, cell.cosine = self.compare(model, half, self.engine(half, inputs))
        # Weights of half precision may let a net choose other regions, and then rows stand for other things.
        if "im_info" in inputs:
            cell.cosine = float("nan")
        elif cell.cosine < LEAST_COSINE:
            cell.faults.append(f"cosine {cell.cosine:.5f}")

    def check_upgrade(self, model, version, cell, old, inputs):
        again = ("--upgrade_ir", old, "--output_dir", self.folder)
        self.run(*again, "--model_name", "same", "--ir_version", version)
        cell.same_bin = filecmp.cmp(old.with_suffix(".bin"), self.folder / "same.bin", shallow=False)
        if not cell.same_bin:
            cell.faults.append("another .bin after the upgrade to the same version")
        self.run("--check_ir", self.folder / "same.xml")
        try:
            self.run(*again, "--model_name", "new", "--ir_version", 11)
        except RuntimeError as refusal:  # layers that no opset has
            if "IR v11 has no " not in str(refusal):
                raise
            return
        self.run("--check_ir", self.folder / "new.xml")
        if len(inputs) == 1:  # by whatever name
            name = next(layer.name for layer in legacy_ir.Ir(old).layers if layer.type == "Input")
            inputs = {name: next(iter(inputs.values())), **inputs}
        results = run_openvino(self.folder / "new.xml", inputs)
        cell.upgraded, _ = self.compare(model, old, results)
        if not cell.upgraded <= LIMIT:
            cell.faults.append(f"upgraded: off by {cell.upgraded:.1e}")

    def model(self, name: str) -> Model:
        net, weights = find_model(name, self.arguments.models)
        if net and not weights and self.arguments.weights:
            weights = self.folder / "made.caffemodel"
            subprocess.run([*shlex.split(self.arguments.weights), net, weights], check=True, capture_output=True)
        if not net or not weights:
            raise RuntimeError("there is no such model in --models")
        kept, outputs = (self.arguments.references / f"{name}{end}" for end in (".json", ".out.npz"))
        info = json.loads(kept.read_text()) if kept.exists() else {}
        options = info.get("args", [])
        reference = {}
        if outputs.exists():
            with np.load(outputs) as archive:
                reference = {k: archive[k] for k in archive.files}
        options = shlex.split(options) if isinstance(options, str) else options
        model = Model(name, net, weights, info, options, reference)
        if self.arguments.engine and not reference and name not in self.deviations.unusable:
            self.infer_by_layer(model)
        return model

    def infer_by_layer(self, model: Model) -> None:
        """Where no executor reads the whole net: what OpenCV and formulas make of each layer."""
        try:
            xml = self.write(model, "v11", 11)
            _, model.reference, info = check_models.by_layer(model.net, model.weights, xml, model.info)
        except (RuntimeError, ValueError) as why:
            print(f"{model.name}: no reference: {why}", file=sys.stderr)
            return
        model.info = {**info, "image": "", "reference": "layers"}

    def has_outputs(self, model: Model) -> bool:
        return bool(model.reference) and model.name not in self.deviations.unusable

    def check(self, name: str) -> tuple:
        """(model, cell by version)."""
        cells = {version: Cell() for version in self.arguments.versions}
        model = self.model(name)
        for version, cell in cells.items():
            self.compare_layers(model, version, cell)
            if self.arguments.engine and version in self.arguments.run and self.has_outputs(model):
                self.run_everywhere(model, version, cell)
        return model, cells


def all_names(arguments) -> list:
    names = {p.stem.rpartition(".v")[0] for p in arguments.references.glob("*.v[2-7].xml")}
    if arguments.engine:
        names |= {p.stem for p in arguments.references.glob("*.json") if not p.stem.endswith(".weights")}
    return sorted(n for n in names if find_model(n, arguments.models)[0])


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    numbers = lambda text: [int(v) for v in text.split(",")]  # noqa: E731
    parser.add_argument("names", nargs="*", help="patterns; default: all that have a reference")
    parser.add_argument("--models", type=Path, action="append", required=True)
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--weights")
    parser.add_argument("--engine")
    parser.add_argument("--images", type=Path, help="photographs for the models whose reference is one")
    parser.add_argument("--versions", type=numbers, default=list(legacy_ir.VERSIONS))
    parser.add_argument("--run", type=numbers, default=[2, 3, 7], help="versions for the engine (default: 2,3,7)")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--markdown", type=Path, help="page with a table whose rows of these models are written anew")
    parser.add_argument("--differences", type=Path, help="the same for the table of --measure")
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    deviations, rows, wrong, measured = Deviations(DEVIATIONS), [], 0, []
    totals = {}
    for name in all_names(arguments):
        if arguments.names and not any(fnmatch(name, pattern) for pattern in arguments.names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            checker = Checker(arguments, deviations, Path(folder))
            try:
                model, cells = checker.check(name)
            except (RuntimeError, subprocess.CalledProcessError) as failure:
                print(f"{name:32} {failure}", flush=True)
                continue
        rows.append((model, cells))
        measured += checker.measured
        print(f"{name:32}", " | ".join(f"v{v} {cell}" for v, cell in cells.items() if str(cell)), flush=True)
        for version, cell in cells.items():
            totals.setdefault(version, []).append(cell)
            wrong += bool(cell.faults)
            for fault in cell.faults:
                print(f"    v{version}: {fault[:400]}", flush=True)
    for what in deviations.stale():
        print(f"{DEVIATIONS.name}: {what}  WRONG")
        wrong += 1
    for version, cells in totals.items():
        counts = {v: sum(c.verdict == v for c in cells) for v in ("identical", "deliberate", "WRONG")}
        ran = sum(c.error == c.error for c in cells)
        print(f"v{version}:", ", ".join(f"{n} {v}" for v, n in counts.items()),
              f"; {ran} in the engine, {sum(c.error <= LIMIT for c in cells)} within {LIMIT:g}" if ran else "")  # fmt: skip
    for line in measured:
        print("measured: {} v{}: original {}, mo {}".format(*line))
    if arguments.markdown:
        page_tables.replace(arguments.markdown, "legacy models", markdown(rows, arguments.markdown))
    if arguments.differences:
        page_tables.replace(arguments.differences, "references", markdown_of_deviations(measured, deviations))
    return 1 if wrong or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
