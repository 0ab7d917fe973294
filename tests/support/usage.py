"""What a process takes."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    status: int  # of the exit; of a signal, its negative number
    seconds: float  # of the processor
    bytes: int  # of memory at the most, mapped files included


def run(command: list, messages: Path, cwd: Path | None = None, before=None) -> Usage:
    """Runs it with both streams in the file `messages`; `before` is called in the new process."""
    with open(messages, "wb") as file:
        process = subprocess.Popen(command, cwd=cwd, stdout=file, stderr=file, preexec_fn=before)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Usage(process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss << 10)
