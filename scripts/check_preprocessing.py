#!/usr/bin/env python3
"""Converts a net with every combination of preprocessing options and compares with NumPy's preprocessing; then nets
whose inputs are scaled by name, frozen, cut, repeated or rounded, one line each.

Needs the Python environment that ./test makes:  build/venv/bin/python scripts/check_preprocessing.py
--engine COMMAND: legacy IR v2, v3 and v7 instead, run by an old engine as `COMMAND IR.xml IN.npz OUT.npz`.
Prints the worst errors; the exit status is 1 when one is above its bound (1e-4; for half precision 5e-3).
"""

import argparse
import shlex
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from cli import grid, semantics  # noqa: E402
from support import executors  # noqa: E402


def engine_of(command: list):
    def run(xml: Path, inputs: dict) -> dict:
        return grid.run_engine(command, xml, inputs)

    return run


def check_meanings(versions, run) -> bool:
    good = True
    for meaning in semantics.MEANINGS:
        errors = {}
        for version in versions:
            with tempfile.TemporaryDirectory() as folder:
                errors[version] = semantics.error_of(meaning, Path(folder), version, run)
        good &= max(errors.values()) <= meaning.bound
        print(f"{meaning.name}: " + ", ".join(f"v{version} {error:.1e}" for version, error in errors.items()))
    return good


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", type=shlex.split, help="command that runs legacy IR: COMMAND IR.xml IN.npz OUT.npz")
    engine = parser.parse_args().engine
    worst, worst_case = 0.0, None
    # Legacy IR can say means beside the layers, so it is asked for both forms.
    cases = grid.all_cases((3,)) + grid.all_cases((3,), moved=True) if engine else grid.all_cases()
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            error = grid.error_of(case, Path(folder), engine)
            if error >= worst:
                worst, worst_case = error, case
    print(f"{len(cases)} combinations, worst error {worst:.2e}: {worst_case}")
    good = check_meanings((2, 3, 7), engine_of(engine)) if engine else check_meanings((11, 10), executors.run_openvino)
    return 0 if good and worst <= 1e-4 else 1


if __name__ == "__main__":
    sys.exit(main())
