#!/usr/bin/env python3
"""Damages models at random and converts each in a process of its own.

  build/venv/bin/python scripts/mutate_models.py --models FOLDER [--count N] [--first SEED] [--only NAME ...]

FOLDER has subfolders with `deploy.prototxt` and a `.caffemodel` (or `.caffemodel.h5`).  A mutation is a bit flipped, an
end cut off, lengths swapped, layers doubled or removed in the weights, or an edit of the prototxt's words.  What must
hold: exit status 0, 1, 2 or 3, every failure with a message, at most 2 s of the processor's time and 1 GiB of memory, no
file where it fails, and where it succeeds an IR that the OpenVINO runtime loads (v11) or `mo --check_ir` finds clean
(v3).  Exit status 1 when something does not hold; the files of such a mutation stay in --keep.
"""

import argparse
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support import converter, executors, usage  # noqa: E402
from support.wire import LENGTH_DELIMITED, delimited, read_varint, varint  # noqa: E402

SECONDS, BYTES = 2.0, 1 << 30
SMALL = 32 << 20  # bytes of weights up to which the bounds hold
HOSTILE = ["0", "-1", "1", "2147483648", "4294967296", "9223372036854775807", "-9223372036854775808", "1e400", "nan", "inf", "-0.0",
           "1e-45", "65535", '""', '"data"', "MAX", "true", "0x7fffffff", "100000000"]  # fmt: skip


def top_fields(data: bytes) -> list:
    """(begin, begin of the payload, end) of each length-delimited field of the outermost message."""
    found, at = [], 0
    try:
        while at < len(data):
            begin = at
            tag, at = read_varint(data, at)
            if tag & 7 == LENGTH_DELIMITED:
                size, at = read_varint(data, at)
                found.append((begin, at, at + size))
                at += size
            elif tag & 7 == 0:
                _, at = read_varint(data, at)
            else:
                at += 8 if tag & 7 == 1 else 4
    except IndexError:
        pass
    return [part for part in found if part[2] <= len(data)]


def flip_bits(data: bytes, r: random.Random) -> bytes:
    out = bytearray(data)
    window = r.choice((len(out), min(len(out), 4096)))  # also where names and shapes are
    for _ in range(r.choice((1, 1, 2, 8, 64))):
        out[r.randrange(window)] ^= 1 << r.randrange(8)
    return bytes(out)


def cut_end(data: bytes, r: random.Random) -> bytes:
    return data[: r.randrange(len(data))]


def change_length(data: bytes, r: random.Random) -> bytes:
    """Two lengths change places, or one becomes another."""
    parts = top_fields(data)
    if not parts:
        return flip_bits(data, r)
    begin, payload, end = r.choice(parts)
    other = r.choice(parts)
    size = r.choice((other[2] - other[1], end - payload + 1, 0, 1 << 31, (1 << 64) - 1, r.randrange(len(data))))
    _, after_tag = read_varint(data, begin)
    return data[:after_tag] + varint(size) + data[payload:]


def change_inner_length(data: bytes, r: random.Random) -> bytes:
    """The same one level down, in a layer that keeps its own length right."""
    parts = top_fields(data)
    if not parts:
        return flip_bits(data, r)
    begin, payload, end = r.choice(parts)
    tag, _ = read_varint(data, begin)
    return data[:begin] + delimited(tag >> 3, change_length(data[payload:end] or b"\0", r)) + data[end:]


def double_layer(data: bytes, r: random.Random) -> bytes:
    parts = top_fields(data)
    if not parts:
        return data + data
    begin, _, end = r.choice(parts)
    at = r.choice(parts)[0]
    return data[:at] + data[begin:end] + data[at:]


def remove_layer(data: bytes, r: random.Random) -> bytes:
    parts = top_fields(data)
    if not parts:
        return data[1:]
    begin, _, end = r.choice(parts)
    return data[:begin] + data[end:]


WORD = re.compile(r'"[^"\n]*"|[\w.+-]+|[{}:]')


def edit_words(text: str, r: random.Random) -> str:
    """One to four words are removed, doubled, exchanged or replaced."""
    for _ in range(r.choice((1, 1, 2, 4))):
        words = list(WORD.finditer(text))
        if not words:
            return text
        one, other = r.choice(words), r.choice(words)
        if r.random() < 0.5:  # numbers are what decides on sizes
            one = r.choice([w for w in words if w.group()[0].isdigit()] or [one])
        new = r.choice(("", one.group() * 2, other.group(), r.choice(HOSTILE), f"{one.group()} {one.group()}"))
        text = text[: one.start()] + new + text[one.end() :]
    return text


def edit_blocks(text: str, r: random.Random) -> str:
    """A layer is removed, doubled or moved."""
    starts = [m.start() for m in re.finditer(r"^\s*layers?\s*\{", text, re.M)] + [len(text)]
    if len(starts) < 3:
        return edit_words(text, r)
    i = r.randrange(len(starts) - 1)
    block = text[starts[i] : starts[i + 1]]
    rest = text[: starts[i]] + text[starts[i + 1] :]
    at = r.choice([s for s in starts if s <= len(rest)])
    return r.choice((rest, text[: starts[i]] + block + text[starts[i] :], rest[:at] + block + rest[at:]))


WEIGHT_MUTATIONS = (flip_bits, cut_end, change_length, change_inner_length, double_layer, remove_layer)
TEXT_MUTATIONS = (edit_words, edit_blocks)


@dataclass
class Totals:
    statuses: Counter = field(default_factory=Counter)
    seconds: float = 0  # the worst
    bytes: int = 0
    broken: list = field(default_factory=list)

    def add(self, other: "Totals") -> None:
        self.statuses += other.statuses
        self.seconds, self.bytes = max(self.seconds, other.seconds), max(self.bytes, other.bytes)
        self.broken += other.broken

    def __str__(self) -> str:
        statuses = ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))
        return (f"{sum(self.statuses.values())} mutations: exit status {statuses}; at most {self.seconds:.2f} s of the processor "
                f"and {self.bytes >> 20} MiB; {len(self.broken)} broken promises")  # fmt: skip


def run(command: list, log: Path) -> usage.Usage:
    return usage.run(command, log, before=lambda: resource.setrlimit(resource.RLIMIT_CPU, (30, 30)))


def loadable(xml: Path, version: int, log: Path) -> str:
    """What is wrong with the IR; empty: nothing."""
    if version == 11:
        try:
            executors.read_ir(xml)
        except Exception as error:  # whatever the runtime throws is a finding
            return f"the runtime refuses it: {str(error)[-300:]}"
        return ""
    status = run([converter.binary(), "--check_ir", xml], log).status
    return "" if status == 0 else f"--check_ir: {log.read_text(errors='replace')[:300]}"


def mutate(text: str, weights: bytes, seed: str) -> tuple:
    r = random.Random(seed)
    what = r.choice(WEIGHT_MUTATIONS + TEXT_MUTATIONS * 2)
    if what in TEXT_MUTATIONS:
        text = what(text, r)
    else:
        weights = what(weights, r)
    return text, weights, r.choice((3, 11)), what.__name__


def try_one(name: str, text: str, weights: bytes, seed: int, folder: Path, totals: Totals) -> None:
    new_text, new_weights, version, what = mutate(text, weights, f"{name} {seed}")
    out, log = folder / "out", folder / "log"
    shutil.rmtree(out, ignore_errors=True)
    prototxt, model = folder / "net.prototxt", folder / "net.caffemodel"
    prototxt.write_text(new_text)
    model.write_bytes(new_weights)
    command = [converter.binary(), "--input_proto", prototxt, "--input_model", model, "--output_dir", out,
               "--ir_version", str(version)]  # fmt: skip
    done = run(command, log)
    totals.statuses[done.status] += 1
    totals.seconds, totals.bytes = max(totals.seconds, done.seconds), max(totals.bytes, done.bytes)
    said = log.read_text(errors="replace")
    found = []
    if done.status not in (0, 1, 2, 3):
        found.append(f"exit status {done.status} {signal.Signals(-done.status).name if done.status < 0 else ''}")
    if done.status and "[ ERROR ]" not in said:
        found.append("no message")
    if done.status and out.exists() and any(out.iterdir()):
        found.append("files although it failed")
    if len(weights) <= SMALL and (done.seconds > SECONDS or done.bytes > BYTES):
        found.append(f"{done.seconds:.1f} s, {done.bytes >> 20} MiB")
    if done.status == 0:
        problem = loadable(out / "net.xml", version, log)
        found += [problem] if problem else []
    totals.broken += [f"{name} --first {seed} ({what}, v{version}): {one}" for one in found]


def all_models(folder: Path, only: list) -> list:
    """(name, prototxt, weights) of each."""
    found = []
    for prototxt in sorted(folder.glob("*/deploy.prototxt")):
        models = [*prototxt.parent.glob("*.caffemodel"), *prototxt.parent.glob("*.caffemodel.h5")]
        if models and (not only or prototxt.parent.name in only):
            found.append((prototxt.parent.name, prototxt.read_text(errors="replace"), models[0].read_bytes()))
    return found


def sweep(models: list, count: int, first: int = 0, keep: Path | None = None) -> Totals:
    """Mutations `first` to `first` + `count` - 1 of each model."""
    totals = Totals()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, text, weights in models:
            for seed in range(first, first + count):
                before = len(totals.broken)
                try_one(name, text, weights, seed, folder, totals)
                if len(totals.broken) > before and keep is not None:
                    print(totals.broken[-1], flush=True)
                    shutil.copytree(folder, keep / f"{name}-{seed}", dirs_exist_ok=True)
    return totals


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000, help="mutations of each model")
    parser.add_argument("--first", type=int, default=0, help="seed of the first of them")
    parser.add_argument("--only", nargs="*", default=[], help="these models alone")
    parser.add_argument("--keep", type=Path, default=Path("build/mutations"))
    chosen = parser.parse_args()
    models = all_models(chosen.models, chosen.only)
    totals = Totals()
    for model in models:
        found = sweep([model], chosen.count, chosen.first, chosen.keep)
        print(f"{model[0]}: {found}", flush=True)
        totals.add(found)
    print(f"{len(models)} models: {totals}")
    return 1 if totals.broken or not models else 0


if __name__ == "__main__":
    sys.exit(main())
