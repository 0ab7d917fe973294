#!/usr/bin/env python3
"""Writes anew the table in docs/layers.md: what `mo --list_layers` says, and how many test cases compare each layer.

    scripts/generate_from_layers.py

Needs the converter built, and NumPy for the test tables.
"""

import json
import sys
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

from numeric import layers  # noqa: E402
from support import converter, prototxt  # noqa: E402

PAGE = REPOSITORY / "docs" / "layers.md"
BEGIN, END = "<!-- layers: begin -->", "<!-- layers: end -->"


def cases() -> Counter:
    """How many rows of tests/numeric have a layer of that type, in lower case."""
    count = Counter()
    for family in layers.FAMILIES:
        for row in layers.rows(family):
            count.update({type_.lower().replace("_", "") for _, type_ in prototxt.layer_types(row.net)})
    return count


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
        "| Caffe type | parameters that count, with their defaults | IR v10, v11 | legacy IR | cases compared |",
        "|---|---|---|---|---|",
    ]
    for entry in json.loads(converter.run("--list_layers=json").stdout):
        types = ", ".join(f"`{name}`" for name in entry["types"])
        ends = ["an input", "an input"] if entry["is_input"] else [outcome(entry["opset"]), outcome(entry["legacy"])]
        count = sum(compared[name.lower()] for name in entry["types"])
        parameters = ", ".join(map(parameter, entry["parameters"]))
        lines.append(f"| {types} | {parameters} | {ends[0]} | {ends[1]} | {count or '–'} |")
    return "\n".join(lines)


def generated_page(text: str) -> str:
    """The page with the table of today."""
    return text.partition(BEGIN)[0] + f"{BEGIN}\n\n{table()}\n\n{END}" + text.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(generated_page(PAGE.read_text()))
