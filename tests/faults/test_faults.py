"""The n-th call fails, or the program is killed: what lies there afterwards is the old pair or the new one, whole."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from cli import nets
from faults import sweep
from support import converter

pytestmark = pytest.mark.usefixtures("mo")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A net, its output with --scale 2 in `old`, and what is to take its place in `new3` and `new11`."""
    folder = tmp_path_factory.mktemp("faults")
    net = nets.padded(folder)
    net.convert("--scale", "2", out="old")
    for version in (3, 11):
        net.convert("--ir_version", version, out=f"new{version}")
    return net


# Of the memory's calls, which are thousands, one in 97: scripts/check_faults.py makes every one fail.
@pytest.mark.parametrize("version", (3, 11))
@pytest.mark.parametrize("call", sweep.CALLS)
def test_nth_call_fails(place, call, version):
    options = ["--input_model", place.model, "--ir_version", version] + ["--fsync"] * (call == "fsync")
    found = sweep.run(place.folder, place.folder / "old", place.folder / f"new{version}", call, options,
                      step=97 if call == "malloc" else 1)  # fmt: skip
    assert found.broken == []
    if call != "allocate":  # which small files do without
        assert found.runs > 0, "no call was made to fail"
    if call in ("write", "link", "rename", "mmap"):
        assert found.statuses.keys() == {3} and found.left_new == 0


def test_memory_runs_out_for_good(place):
    options = ["--input_model", place.model, "--ir_version", 11]
    found = sweep.run(place.folder, place.folder / "old", place.folder / "new11", "malloc", options, 211, persist=True)
    assert found.broken == [] and found.runs > 5


def settled(folder, pairs: list) -> bool:
    """Whether the folder holds one of the pairs: at once, or when the renaming child is through."""
    for _ in range(200):
        if sweep.hashes_or_none(folder) in pairs:
            return True
        time.sleep(0.01)
    return False


def wait_for_children(folder) -> None:
    """Until nothing runs that was started for the folder: a child of a killed conversion may still be renaming."""
    while any(os.fsencode(folder) in command for command in map(command_line, Path("/proc").glob("[0-9]*"))):
        time.sleep(0.001)


def command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:  # it has ended
        return b""


def start(place, out, **environment) -> subprocess.Popen:
    command = [converter.binary(), "--input_model", place.model, "--ir_version", "11", "--output_dir", out]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                            env=os.environ | environment)  # fmt: skip


def fill(out, old):
    out.mkdir(exist_ok=True)
    for file in out.iterdir():
        file.unlink()
    for file in old.iterdir():
        (out / file.name).write_bytes(file.read_bytes())


def killed_at_random(place, out, count: int, seed: int = 1) -> dict:
    """Kills `count` conversions at random moments; how many of them left the old pair and how many the new one."""
    r = random.Random(seed)
    pairs = [sweep.hashes(place.folder / "old"), sweep.hashes(place.folder / "new11")]
    begin = time.monotonic()
    start(place, out).wait()
    duration = time.monotonic() - begin
    left = {"old": 0, "new": 0}
    for _ in range(count):
        fill(out, place.folder / "old")
        process = start(place, out)
        time.sleep(r.uniform(0, duration * 1.1))
        process.kill()
        process.wait()
        wait_for_children(out)  # else what it renames would meet the next round's files
        assert settled(out, pairs), sorted(p.name for p in out.iterdir())
        left["old" if sweep.hashes(out) == pairs[0] else "new"] += 1
    return left


def test_30_kills(place):
    left = killed_at_random(place, place.folder / "killed", 30)
    assert sum(left.values()) == 30 and left["old"] > 0


@pytest.mark.parametrize("kill", ("process", "group"))
def test_killed_between_the_renames(place, kill):
    """The shim makes the second and third rename wait; the kill falls between them."""
    out = place.folder / f"between_{kill}"
    pairs = [sweep.hashes(place.folder / "old"), sweep.hashes(place.folder / "new11")]
    fill(out, place.folder / "old")
    process = start(place, out, LD_PRELOAD=str(sweep.shim()), MO_FAULT_DELAY="400")
    while sweep.hashes_or_none(out) == pairs[0] and process.poll() is None:
        time.sleep(0.002)
    assert process.poll() is None and sweep.hashes_or_none(out) not in pairs, "the kill would come too late"
    os.kill(process.pid, signal.SIGKILL) if kill == "process" else os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert settled(out, pairs[1:]), sorted(p.name for p in out.iterdir())


def test_two_at_once_into_one_folder(place):
    """Each ends well, and the pair is of one of them."""
    out = place.folder / "shared"
    out.mkdir()
    pairs = [sweep.hashes(place.folder / "old"), sweep.hashes(place.folder / "new11")]
    for _ in range(5):
        both = [start(place, out), subprocess.Popen(
            [converter.binary(), "--input_model", place.model, "--output_dir", out, "--scale", "2"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]  # fmt: skip
        assert [process.wait() for process in both] == [0, 0]
        assert sweep.hashes(out) in pairs
