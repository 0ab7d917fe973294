"""The tables that check_legacy.py writes into the documentation."""

from fnmatch import fnmatch
from pathlib import Path

import check_models
from legacy_ir import VERSIONS


def markdown(rows: list, page: Path) -> str:
    """The table for the documentation: what `page` has, with the rows of these models anew."""
    header = ["| model | compared with | " + " | ".join(f"v{v}" for v in VERSIONS)
              + " | engine | FP16 | upgraded | .bin |", "|---" * (len(VERSIONS) + 6) + "|"]  # fmt: skip
    lines = {line.split("|")[1].strip(): line for line in page.read_text().splitlines() if line.startswith("| ")}
    lines.pop("model", None)
    for model, cells in rows:
        lines[model.name] = markdown_row(model, cells)
    return "\n".join([*header, *(lines[name] for name in sorted(lines, key=str.lower))]) + "\n"


def markdown_row(model, cells: dict) -> str:
    def worst(values, choose, form):
        known = [v for v in values if v == v]
        return format(choose(known), form) if known else "–"

    layers = [cell.layers + {"deliberate": " *", "WRONG": " !"}.get(cell.verdict, "")
              or (f"needs {cell.refused}" if cell.refused else "") for cell in cells.values()]  # fmt: skip
    bins = {c.same_bin for c in cells.values()} - {None}
    ran = any(c.error == c.error for c in cells.values())
    columns = [
        model.name,
        check_models.EXECUTORS.get(model.info.get("reference"), "–") if ran else "–",
        *layers,
        worst((c.error for c in cells.values()), max, ".0e"),
        worst((c.cosine for c in cells.values()), min, ".4f"),
        worst((c.upgraded for c in cells.values()), max, ".0e"),
        "–" if not bins else "same" if bins == {True} else "OTHER",
    ]
    return "| " + " | ".join(columns) + " |"


def markdown_of_deviations(measured: list, deviations) -> str:
    """Every reference that is not identical, with what the engine computes."""
    lines = ["| model | version | layers | why (row above) | original's IR | `mo`'s IR |", "|---" * 6 + "|"]
    for name, version, original, own in measured:
        entries = [e for e in deviations.entries if fnmatch(name, e["model"]) and version in e["versions"]]
        layers = ", ".join(f"`{pattern}`" for e in entries for pattern in e["layers"])
        reasons = "; ".join(dict.fromkeys(e["row"] for e in entries))
        lines.append(f"| {name} | v{version} | {layers} | {reasons} | {original} | {own} |")
    return "\n".join(lines) + "\n"
