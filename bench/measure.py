"""Timing of whole processes, side by side, and their memory; tables of ratios."""

import os
import platform
import re
import subprocess
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median


@dataclass
class Runs:
    """What repeated runs of one command took."""

    seconds: list = field(default_factory=list)  # from start to end
    processor: list = field(default_factory=list)  # user and system time, in seconds
    resident: int = 0  # bytes, largest, mapped files included
    private: int = 0  # bytes, largest seen, anonymous memory alone

    @property
    def median(self) -> float:
        return median(self.seconds)


def family(pid) -> set:
    """The process and all that it has started, as far as they still run."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:  # after the name in brackets: state, parent
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue  # it has ended
    members, size = {pid}, 0
    while len(members) > size:
        size = len(members)
        members |= {child for child, parent in parents.items() if parent in members}
    return members


class Memory(threading.Thread):
    """Watches a process and its children while they run: the largest of them counts (`mo` 2023.3 converts in a child).

    Not the system's own account at the end of a process, which counts its parent's memory too.
    """

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.resident = self.private = 0
        self.start()

    def look_at(self, pid) -> bool:
        """False when the process has ended."""
        try:
            text = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return False
        sizes = dict(re.findall(r"^(VmHWM|RssAnon):\s*(\d+) kB", text, flags=re.MULTILINE))
        if len(sizes) < 2:
            return False
        self.resident = max(self.resident, int(sizes["VmHWM"]) * 1024)
        self.private = max(self.private, int(sizes["RssAnon"]) * 1024)
        return True

    def run(self):
        children, looks = set(), 0
        while self.look_at(self.pid):
            if looks % 20 == 0:  # every tenth of a second: it reads all of /proc
                children = family(self.pid) - {self.pid}
            for child in children:
                self.look_at(child)
            looks += 1
            time.sleep(0.005)


def run_once(command, runs: Runs, clean=()) -> None:
    """`clean`: files to delete first, so that every run creates its output."""
    for path in clean:
        Path(path).unlink(missing_ok=True)
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watch = Memory(process.pid)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    runs.seconds.append(time.perf_counter() - start)
    runs.processor.append(usage.ru_utime + usage.ru_stime)
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.join()
    if process.returncode != 0:
        raise RuntimeError(f"{command} failed with status {process.returncode}:\n{error.decode()[-2000:]}")
    runs.resident = max(runs.resident, watch.resident)
    runs.private = max(runs.private, watch.private)


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


@dataclass(frozen=True)
class Ratio:
    """Of two commands: median of the ratios pair by pair, of the shortest runs, and of processor time."""

    pairs: float
    shortest: float
    processor: float

    def __str__(self) -> str:
        return f"{self.pairs:.2f} (shortest runs {self.shortest:.2f}, processor time {self.processor:.2f})"


def ratio(ours: Runs, other: Runs) -> Ratio:
    return Ratio(
        median(a / b for a, b in zip(ours.seconds, other.seconds, strict=True)),
        min(ours.seconds) / min(other.seconds),
        min(ours.processor) / max(min(other.processor), 1e-3),
    )


def machine() -> str:
    """The processor, its cores, memory, system and the day, in one line."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) / 2**20
    return (
        f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, {date.today().isoformat()}"
    )


def put_into(document: Path, name: str, text: str) -> None:
    """Replaces what is between `<!-- NAME: begin -->` and `<!-- NAME: end -->`."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, rest = document.read_text().split(begin)
    document.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{rest.split(end)[1]}")
