#!/usr/bin/env python3
"""Writes anew the table in docs/layers.md: what `mo --list_layers` says, and which test tables compare each layer.

    scripts/generate_from_layers.py

Needs the converter built, and NumPy for the test tables.
"""

import json
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

import page_tables  # noqa: E402
from numeric import layers  # noqa: E402
from support import converter, prototxt  # noqa: E402

PAGE = REPOSITORY / "docs" / "layers.md"


def cases() -> dict:
    """Layer type, in lower case, to the tables of tests/numeric/layers that have one."""
    tables = {}
    for family in layers.FAMILIES:
        for row in layers.rows(family):
            for _, type_ in prototxt.layer_types(row.net):
                tables.setdefault(type_.lower().replace("_", ""), set()).add(family)
    return tables


def outcome(said: dict) -> str:
    if said["problem"]:
        return "refused: " + said["problem"].replace("|", "\\|")
    return ", ".join(said["layers"]) or "nothing"


def parameter(entry: dict) -> str:
    default = entry["default"]
    return f"`{entry['path']}`" + (f" {default}" if default else "")


def table() -> str:
    compared = cases()
    lines = [
        "| Caffe type | parameters that count, with their defaults | IR v10, v11 | legacy IR | ONNX | compared in |",
        "|---|---|---|---|---|---|",
    ]
    for entry in json.loads(converter.run("--list_layers=json").stdout):
        types = ", ".join(f"`{name}`" for name in entry["types"])
        targets = ("opset", "legacy", "onnx")
        ends = ["an input" if entry["is_input"] else outcome(entry[target]) for target in targets]
        tables = sorted(set().union(*(compared.get(name.lower(), ()) for name in entry["types"])))
        parameters = ", ".join(map(parameter, entry["parameters"]))
        lines.append(f"| {types} | {parameters} | {' | '.join(ends)} | {', '.join(tables) or '–'} |")
    return "\n".join(lines)


def generated_page(text: str) -> str:
    """The page with the table of today."""
    return page_tables.replaced(text, "layers", table())


if __name__ == "__main__":
    PAGE.write_text(generated_page(PAGE.read_text()))
