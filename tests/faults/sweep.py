"""Makes every call of a kind fail once in a conversion, each in a process of its own, by preloading fail_nth.cpp.

The outputs lie beside an older set of the same names; what is judged is the set that each failure left, by hash, the exit
status, and that a failure is a message.
"""

import errno
import os
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from support import converter

CALLS = ("malloc", "open", "read", "write", "mmap", "rename", "link", "fsync", "allocate", "clone")
ERRORS = {"write": errno.ENOSPC, "allocate": errno.ENOSPC, "open": errno.EMFILE, "clone": errno.EAGAIN}


@dataclass
class Sweep:
    """What the failures of one kind of call came to."""

    runs: int = 0
    statuses: Counter = field(default_factory=Counter)
    left_new: int = 0
    broken: list = field(default_factory=list)  # promises, with the n of the call


def shim() -> Path:
    return converter.binary().with_name("mo_faults.so")


def fnv1a(data: bytes) -> int:
    value = 14695981039346656037
    for byte in data:
        value = ((value ^ byte) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
    return value


def hashes(folder: Path) -> list:
    """As the shim writes them."""
    return sorted(f"{file.name}={fnv1a(file.read_bytes())}" for file in folder.iterdir())


def hashes_or_none(folder: Path) -> list | None:
    """The same while others are at work there; nothing when a file went away meanwhile."""
    try:
        return hashes(folder)
    except FileNotFoundError:
        return None


def run(folder: Path, old: Path, new: Path, call: str, arguments: list, step: int = 1, persist: bool = False) -> Sweep:
    """Sweeps a conversion with `arguments`, which makes what lies in `new`, over what lies in `old`."""
    out, log = folder / "out", folder / f"log.{call}"
    out.mkdir(exist_ok=True)
    environment = os.environ | {
        "LD_PRELOAD": str(shim()), "MO_FAULT": call, "MO_FAULT_STEP": str(step), "MO_FAULT_LOG": str(log),
        "MO_FAULT_STORE": str(old), "MO_FAULT_OUT": str(out), "MO_FAULT_PERSIST": "1" if persist else "0",
        "MO_FAULT_ERROR": str(ERRORS.get(call, errno.EIO)),
    }  # fmt: skip
    command = [str(converter.binary()), *map(str, arguments), "--output_dir", str(out)]
    subprocess.run(command, env=environment, check=True, timeout=3600)
    before, after = hashes(old), hashes(new)
    assert before != after and len(before) == len(after), "the new files must be others"
    sweep = Sweep()
    for line in log.read_text().splitlines()[:-1]:
        n, status, said, *left = line.split()
        sweep.runs += 1
        sweep.statuses[int(status)] += 1
        sweep.left_new += left == after
        if int(status) not in (0, 1, 2, 3):
            sweep.broken.append((n, "exit status", status))
        if int(status) and said != "1":
            sweep.broken.append((n, "no message, exit status", status))
        if left not in (before, after):
            sweep.broken.append((n, "neither the old files nor the new ones", left))
        if status == "0" and left != after:
            sweep.broken.append((n, "success without the new files", left))
    return sweep
