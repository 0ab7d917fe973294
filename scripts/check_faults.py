#!/usr/bin/env python3
"""Lets every call of a conversion fail, one after the other, and kills conversions at random moments.

  build/venv/bin/python scripts/check_faults.py [--kills N] [--calls malloc,write,...]

What lies there afterwards must be the old pair of files or the new one, by hash; every failure must be a message and an
exit status of the documented ones.  The short form is tests/faults.  Needs scripts/build.sh release --tests.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from cli import nets  # noqa: E402
from faults import sweep, test_faults  # noqa: E402

VERSIONS = (3, 11)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--calls", default=",".join(sweep.CALLS))
    chosen = arguments.parse_args()
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        net = nets.padded(Path(folder))
        net.convert("--scale", "2", out="old")
        for version in VERSIONS:
            net.convert("--ir_version", version, out=f"new{version}")
        for version in VERSIONS:
            for call in chosen.calls.split(","):
                # Where every rename after the first is refused, the first cannot be taken back either.
                for persist in (False,) if call == "rename" else (False, True):
                    options = ["--input_model", net.model, "--ir_version", version, *["--fsync"] * (call == "fsync")]
                    found = sweep.run(net.folder, net.folder / "old", net.folder / f"new{version}", call, options,
                                      persist=persist)  # fmt: skip
                    broken += len(found.broken)
                    kind = "all from the n-th on" if persist else "the n-th alone"
                    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(found.statuses.items()))
                    print(f"v{version} {call}, {kind}: {found.runs} runs, exit status {statuses or '-'}; "
                          f"{found.left_new} left the new pair, {found.runs - found.left_new} the old; "
                          f"broken promises: {found.broken or 'none'}", flush=True)  # fmt: skip
        left = test_faults.killed_at_random(net, net.folder / "killed", chosen.kills)
        print(f"{chosen.kills} kills: {left['old']} left the old pair, {left['new']} the new one, none anything else")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
