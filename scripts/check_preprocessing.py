#!/usr/bin/env python3
"""Converts a net with every combination of preprocessing options and compares with NumPy's preprocessing.

Needs the Python environment that ./test makes:  build/venv/bin/python scripts/check_preprocessing.py
--engine COMMAND: legacy IR v3 instead, run by an old engine as `COMMAND IR.xml IN.npz OUT.npz`.
Prints the worst error over all combinations; the exit status is 1 when it is above 1e-4.
"""

import argparse
import shlex
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from cli import grid  # noqa: E402


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
    return 0 if worst <= 1e-4 else 1


if __name__ == "__main__":
    sys.exit(main())
