#!/usr/bin/env python3
"""Converts the same nets with two builds of mo, and says where their outputs differ by a byte, or their reports.

    scripts/compare_windows.py [--models FOLDER]... COMMAND COMMAND...

The first COMMAND is the build for this system, the rest of the line the other one (`wine mo.exe`). The nets are the
rows of tests/numeric/layers, the examples, and the pairs of .prototxt and .caffemodel of each FOLDER, each in every
version of IR, in FP16, and as ONNX of three opsets. Each program converts all of them in one process, from a manifest.
"""

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

from numeric import layers  # noqa: E402
from support import caffemodel  # noqa: E402

VARIANTS = {
    **{f"v{version}": ("--ir_version", str(version)) for version in (2, 3, 4, 5, 6, 7, 10, 11)},
    "half": ("--data_type", "FP16"),
    **{f"opset{opset}": ("--output_format", "onnx", "--onnx_opset", str(opset)) for opset in (11, 17, 21)},
}


def nets(folder: Path, models: list) -> dict:
    """Name -> (options); the rows' files are written into `folder`."""
    found = {}
    for family in layers.FAMILIES:
        for row in layers.rows(family):
            net = folder / f"{family}-{row.name}.prototxt"
            net.write_text(row.net)
            caffemodel.write(net.with_suffix(".caffemodel"), row.net, row.weights, row.encoding)
            found[net.stem] = (net, *row.options)
    for place in (REPOSITORY / "examples" / "digits", REPOSITORY / "examples" / "shapes", *models):
        for net in sorted(place.glob("*.prototxt")):
            if net.with_suffix(".caffemodel").exists():
                found[f"{place.name}-{net.stem}"] = (net,)
    return found


def write_manifest(path: Path, found: dict) -> int:
    lines = [
        shlex.join(["--input_model", str(net.with_suffix(".caffemodel")), "--input_proto", str(net),
                    "-o", f"out/{variant}", "-n", name, *map(str, options), *more])
        for name, (net, *options) in found.items()
        for variant, more in VARIANTS.items()
    ]  # fmt: skip
    path.write_text("\n".join(lines) + "\n")
    return len(lines)


def convert(command: list, manifest: Path, folder: Path) -> list:
    """The report on each line; the outputs are in folder/out."""
    folder.mkdir()
    said = subprocess.run([*command, "--manifest", manifest, "--report", "report.json", "--silent"],
                          cwd=folder, capture_output=True, text=True, check=False)  # fmt: skip
    if not (folder / "report.json").exists():
        sys.exit(f"{shlex.join(command)} wrote no report, exit status {said.returncode}:\n{said.stderr}")
    report = json.loads((folder / "report.json").read_text())
    return report["models"]


def outputs(folder: Path) -> dict:
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, action="append", default=[])
    parser.add_argument("native", type=Path)
    parser.add_argument("other", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "nets").mkdir()
        manifest = folder / "manifest.txt"
        found = nets(folder / "nets", [model.resolve() for model in arguments.models])
        lines = write_manifest(manifest, found)
        native = convert([str(arguments.native.resolve())], manifest, folder / "native")
        other = convert(arguments.other, manifest, folder / "other")
        here, there = outputs(folder / "native" / "out"), outputs(folder / "other" / "out")
        differing = sorted(here.keys() ^ there.keys())
        differing += [name for name in sorted(here.keys() & there.keys())
                      if here[name].read_bytes() != there[name].read_bytes()]  # fmt: skip
        reports = [pair for pair in zip(native, other, strict=True) if pair[0] != pair[1]]
        failed = sum(record["status"] != 0 for record in native)
    for name in differing:
        print(f"differs: {name}")
    for one, two in reports:
        print(f"other report: {one}\n          and: {two}")
    print(f"{len(found)} nets, {lines} conversions, {failed} refused: {len(here)} files, "
          f"{len(differing)} differ; reports of {len(reports)} conversions differ")  # fmt: skip
    return 1 if differing or reports or not here else 0


if __name__ == "__main__":
    sys.exit(main())
