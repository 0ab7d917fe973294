#!/usr/bin/env python3
"""Converts random nets with and without optimisation; what both compute must be the same.

  build/venv/bin/python scripts/compare_random_nets.py [--count N] [--first SEED] [--ways v11,v10,...] [--keep FOLDER]

Each net has up to some twenty layers (tests/numeric/random_nets.py), and often a mean, a scale or reversed channels.  The plain IR,
made without any fusing and fed with inputs that NumPy prepared, is compared on the OpenVINO runtime with what the
options make: IR v11 and v10, in half precision too, IR v3 and v7 brought up to v11 by --upgrade_ir, and ONNX in its
own runtime.  Shapes must be those of Caffe's formulas.  A net that fails is made as small as it goes while it fails, and
printed; exit status 1.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import numpy as np  # noqa: E402

from numeric import random_nets  # noqa: E402
from support import caffemodel, converter, executors  # noqa: E402
from support.compare import worst_error  # noqa: E402

UNOPTIMISED = ("--disable_fusing", "--disable_gfusing", "--disable_resnet_optimization")
# A way from a net to numbers: options of the conversion, and how far from the plain IR's largest value it may be.
WAYS = {
    "v11": ((), 1e-4),
    "v10": (("--ir_version", "10"), 1e-4),
    "v7": (("--ir_version", "7"), 1e-4),
    "v3": (("--ir_version", "3"), 1e-4),
    "v3_preprocess": (("--ir_version", "3", "--move_to_preprocess"), 1e-4),
    "onnx": (("--output_format", "onnx"), 1e-4),
    "half": (("--data_type", "FP16"), 5e-2),
}
LEGACY = ("v7", "v3", "v3_preprocess")


# OpenVINO 2026.4 cannot compile some networks with a strided 1x1 convolution behind a VariadicSplit, optimised or not: it asks
# the split for its one output.
RUNTIME_DEFECT = "Default output not supported"


class Lacking(Exception):
    """That version of IR has no layer for it, and the converter said so."""


def convert(net: random_nets.Net, folder: Path, name: str, *options) -> Path:
    prototxt, model = folder / "net.prototxt", folder / "net.caffemodel"
    done = converter.convert(prototxt, model, folder, name, "--silent", *options)
    if "#not-in-this-ir-version" in done.text:
        raise Lacking
    if done.status != 0:
        raise ValueError(f"{name}: exit status {done.status}: {done.text.strip()[:600]}")
    return done.xml


def plain(net: random_nets.Net, folder: Path, feed: dict) -> dict:
    return executors.run_openvino(convert(net, folder, "plain", *UNOPTIMISED), net.preprocessed(feed))


def one_way(net: random_nets.Net, folder: Path, way: str, feed: dict) -> dict:
    options = [*WAYS[way][0], *net.options]
    xml = convert(net, folder, way, *options)
    if way == "onnx":
        return executors.run_onnxruntime(xml.with_suffix(".onnx"), feed)
    if way in LEGACY:
        done = converter.run("--upgrade_ir", xml, "--output_dir", folder, "--model_name", f"{way}_up", "--silent")
        if done.returncode != 0:
            raise ValueError(f"--upgrade_ir of {way}: exit status {done.returncode}: {done.stderr.strip()[:600]}")
        xml = folder / f"{way}_up.xml"
    return executors.run_openvino(xml, feed)


def by_likeness(got: dict, wanted: dict) -> dict:
    """Results under the names of what they come nearest to: outputs of v10 and before are called as layers."""
    named = {name: min(got, key=lambda one: worst_error(got[one], value)) for name, value in wanted.items()}
    # Two that are always the same are one output there, and the runtime may know one by two names; none is a stranger.
    for one, value in got.items():
        if one not in named.values() and min(worst_error(value, other) for other in wanted.values()) > 1e-3:
            raise ValueError(f"output {one} is none of the net's")
    return {name: got[one] for name, one in named.items()}


def spread(net: random_nets.Net, folder: Path, feed: dict, results: dict) -> dict:
    """How far the net carries a change of its inputs by one part in a million: rounding is judged by it."""
    signs = {name: np.sign(np.sin(np.arange(value.size))).reshape(value.shape) for name, value in feed.items()}
    moved = {name: (value * (1 + 1e-6 * signs[name])).astype(np.float32) for name, value in feed.items()}
    changed = plain(net, folder, moved)
    return {name: worst_error(changed[name], value) for name, value in results.items()}


def judge(net: random_nets.Net, way: str, folder: Path) -> str:
    """What is wrong; empty: nothing."""
    try:
        (folder / "net.prototxt").write_text(net.text)
        caffemodel.write(folder / "net.caffemodel", net.text, net.weights)
        feed = net.feed()
        wanted = plain(net, folder, feed)
        for name, shape in net.outputs.items():
            if name in wanted and wanted[name].shape != shape:
                return f"{name} is {wanted[name].shape}, Caffe has {shape}"
        got = one_way(net, folder, way, feed)
    except Lacking:
        return ""
    except Exception as error:  # whatever refuses a valid net is a finding
        if RUNTIME_DEFECT in str(error):
            return ""
        return f"{way}: {type(error).__name__}: {str(error)[:800]}"
    wanted = {name: wanted[name] for name in net.outputs if name in wanted}
    if way in LEGACY or way == "v10":
        try:
            got = by_likeness(got, wanted)
        except ValueError as error:
            return f"{way}: {error}"
    if set(wanted) != set(net.outputs) or not set(wanted) <= set(got):
        return f"{way}: outputs {sorted(got)}, plain {sorted(wanted)}, of the net {sorted(net.outputs)}"
    limit = WAYS[way][1]
    errors = {name: worst_error(got[name], value) for name, value in wanted.items()}
    beyond = {name: error for name, error in errors.items() if not error <= limit}
    if not beyond:
        return ""
    carried = spread(net, folder, feed, wanted)
    beyond = {name: error for name, error in beyond.items() if not error <= 1e6 * limit * carried[name]}
    return "; ".join(f"{way}: {name} is off by {error:.3g} of its largest value" for name, error in beyond.items())


def kind(problem: str) -> list:
    """What a message about a smaller net must have in common with it: else another defect takes the place of the first."""
    return [sign for sign in ("is off by", "exit status", "output", "Caffe has") if sign in problem]


def shrunk(net: random_nets.Net, way: str, problem: str, folder: Path) -> tuple:
    """The smallest net that fails the same way, with what it says."""
    def fails(smaller):
        said = judge(smaller, way, folder)
        return bool(said) and kind(said) == kind(problem)

    small = random_nets.shrink(net, fails)
    return small, judge(small, way, folder)


def sweep(count: int, first: int = 0, ways=tuple(WAYS), keep: Path | None = None, say=lambda text: None) -> tuple:
    """(what is wrong with each that fails, layers by type) of the nets `first` to `first` + `count` - 1."""
    broken, types = [], Counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for seed in range(first, first + count):
            net = random_nets.make(str(seed))
            types.update(layer.type for layer in net.layers)
            for way in ways:
                problem = judge(net, way, folder)
                if not problem:
                    continue
                small, problem = shrunk(net, way, problem, folder)
                broken.append(f"--first {seed}: {problem}\n{small.text}options: {' '.join(small.options)}\n")
                say(broken[-1])
                if keep:
                    place = keep / f"{seed}-{way}"
                    place.mkdir(parents=True, exist_ok=True)
                    (place / "net.prototxt").write_text(small.text)
                    caffemodel.write(place / "net.caffemodel", small.text, small.weights)
    return broken, types


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="how many nets")
    parser.add_argument("--first", type=int, default=0, help="seed of the first of them")
    parser.add_argument("--ways", default=",".join(WAYS), help="which of %(default)s")
    parser.add_argument("--keep", type=Path, default=Path("build/random_nets"))
    chosen = parser.parse_args()
    begin = time.monotonic()
    broken, types = sweep(chosen.count, chosen.first, chosen.ways.split(","), chosen.keep, lambda text: print(text, flush=True))
    print(f"{chosen.count} nets with {sum(types.values())} layers of {len(types)} types, {len(chosen.ways.split(','))} ways each: "
          f"{len(broken)} that differ; {time.monotonic() - begin:.0f} s")  # fmt: skip
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
