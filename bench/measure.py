"""Timing of whole processes, side by side, and their memory."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass
class Runs:
    """What repeated runs of one command took."""

    seconds: list = field(default_factory=list)
    resident: int = 0  # bytes, largest, mapped files included
    private: int = 0  # bytes, largest seen, anonymous memory alone

    @property
    def median(self) -> float:
        return median(self.seconds)


class PrivateMemory(threading.Thread):
    """Watches a process's anonymous memory while it runs."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.status = Path(f"/proc/{pid}/status")
        self.largest = 0
        self.start()

    def run(self):
        while True:
            try:
                text = self.status.read_text()
            except OSError:
                return
            line = next((line for line in text.splitlines() if line.startswith("RssAnon")), None)
            if line is None:
                return
            self.largest = max(self.largest, int(line.split()[1]) * 1024)
            time.sleep(0.002)


def run_once(command, runs: Runs, clean=()) -> None:
    """`clean`: files to delete first, so that every run creates its output."""
    for path in clean:
        Path(path).unlink(missing_ok=True)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watch = PrivateMemory(process.pid)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    runs.seconds.append(time.perf_counter() - start)
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.join()
    if process.returncode != 0:
        raise RuntimeError(f"{command} failed with status {process.returncode}:\n{error.decode()[-2000:]}")
    runs.resident = max(runs.resident, usage.ru_maxrss * 1024)
    runs.private = max(runs.private, watch.largest)


def side_by_side(commands: dict, count: int, clean=()) -> dict:
    """Runs the commands in turn (A B A B ...), one warm-up each, and returns name -> Runs.

    In turn: so that a machine whose speed drifts treats all alike.
    """
    results = {name: Runs() for name in commands}
    for command in commands.values():
        run_once(command, Runs(), clean)
    for _ in range(count):
        for name, command in commands.items():
            run_once(command, results[name], clean)
    return results


def ratio(results: dict, ours: str, other: str) -> float:
    """Median of the ratios pair by pair."""
    return median(a / b for a, b in zip(results[ours].seconds, results[other].seconds, strict=True))
