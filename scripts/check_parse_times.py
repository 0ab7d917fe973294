#!/usr/bin/env python3
"""Times the reading of prototxts of one megabyte and more that are as nasty as can be.

  build/venv/bin/python scripts/check_parse_times.py [--only KIND ...]

Each is converted, which most are not fit for, at 1 MB and at 4 MB.  What must hold: less than one second of the processor's
time for the first, and no more than four times what is linear for the second; an exit status of the documented ones and
messages of bounded size.  The short form is tests/scale/test_text.py.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support import converter, usage  # noqa: E402
from support.nasty_texts import KINDS  # noqa: E402

SIZES = (1_000_000, 4_000_000)
SECONDS, RATIO, MESSAGES = 1.0, 16.0, 4 << 20


def read(folder: Path, text: str) -> tuple:
    """What it takes, and the bytes of messages."""
    (folder / "net.prototxt").write_text(text)
    done = usage.run([converter.binary(), "--input_proto", "net.prototxt", "-o", "out"], folder / "messages", folder)
    return done, (folder / "messages").stat().st_size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=[])
    chosen = parser.parse_args()
    broken = []
    print("| text | 1 MB | 4 MB | memory | exit status | messages |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, make in KINDS.items():
            if chosen.only and name not in chosen.only:
                continue
            (small, _), (large, said) = (read(Path(folder), make(size)) for size in SIZES)
            print(f"| {name} | {small.seconds:.2f} s | {large.seconds:.2f} s | {large.bytes >> 20} MiB | {large.status} "
                  f"| {said >> 10} KiB |", flush=True)  # fmt: skip
            is_slow = small.seconds > SECONDS or large.seconds > RATIO * max(small.seconds, 0.02)
            if is_slow or large.status not in (0, 1, 2, 3) or said > MESSAGES:
                broken.append(name)
    print(f"\n{len(KINDS)} kinds; broken promises: {', '.join(broken) or 'none'}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
