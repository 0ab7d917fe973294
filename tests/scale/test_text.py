"""Prototxts that are nasty to read take time as their length does: the short form of scripts/check_parse_times.py."""

import pytest

from support import converter, usage
from support.nasty_texts import KINDS

pytestmark = pytest.mark.usefixtures("mo")

SHORT, LONG = 100_000, 400_000
MOST = 2.5  # times what is linear
LEAST = 0.01  # seconds that a process takes for itself
MESSAGES = 2 << 20  # bytes


def read(folder, text: str) -> float:
    """User and system seconds."""
    (folder / "net.prototxt").write_text(text)
    done = usage.run([converter.binary(), "--input_proto", "net.prototxt", "-o", "out"], folder / "messages", folder)
    said = (folder / "messages").read_bytes()
    assert done.status in (0, 1, 2, 3) and (not done.status or b"[ ERROR ]" in said)
    assert len(said) <= MESSAGES
    return done.seconds


@pytest.mark.parametrize("kind", KINDS)
def test_time_is_linear_in_the_text(kind, tmp_path):
    """By processor time, of the shortest of several runs where the first look says too much."""
    short = long = float("inf")
    for _ in range(4):
        short = min(short, read(tmp_path, KINDS[kind](SHORT)))
        long = min(long, read(tmp_path, KINDS[kind](LONG)))
        if long <= MOST * LONG / SHORT * max(short, LEAST):
            return
    pytest.fail(f"{LONG / SHORT:g} times the text took {long / short:.1f} times the time: {short:.3f} s and {long:.3f} s")


def test_messages_of_a_kind_are_counted_when_they_are_many(tmp_path):
    (tmp_path / "net.prototxt").write_text(KINDS["unknown fields"](200_000))
    done = converter.run("--input_proto", tmp_path / "net.prototxt", "-o", tmp_path / "out")
    fields = KINDS["unknown fields"](200_000).count("field_")
    assert done.stderr.count("is not known") == 1000
    assert f"{fields - 1000} more messages of this kind are left out" in done.stderr
