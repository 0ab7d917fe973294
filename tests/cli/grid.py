"""Combinations of preprocessing options, and how far each IR is from NumPy's preprocessing before the plain net."""

import itertools
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cli import nets
from support.compare import worst_error

MEAN, SCALES, SCALE = (10.0, 50.0, 100.5), (2.0, 3.0, 59.0), 127.5


@dataclass(frozen=True)
class Case:
    pad: int
    group: int
    reverse: bool
    mean: str  # "", "values", "image"
    scale: str  # "", "one", "values"
    fusing: bool
    version: int
    moved: bool = False  # --move_to_preprocess

    def options(self, mean_file: Path) -> list:
        options = ["--ir_version", self.version]
        if self.reverse:
            options.append("--reverse_input_channels")
        if self.mean == "values":
            options += ["--mean_values", f"[{','.join(map(str, MEAN))}]"]
        if self.mean == "image":
            options += ["--mean_file", mean_file]
        if self.moved:
            options.append("--move_to_preprocess")
        if self.scale == "one":
            options += ["--scale", SCALE]
        if self.scale == "values":
            options += ["--scale_values", f"({','.join(map(str, SCALES))})"]
        return options if self.fusing else [*options, "--disable_fusing"]

    def preprocess(self, x: np.ndarray, image: np.ndarray) -> np.ndarray:
        """net((reverse(x) - mean) / scale), in double."""
        y = (x[:, ::-1] if self.reverse else x).astype(np.float64)
        if self.mean == "values":
            y = y - np.reshape(MEAN, (1, 3, 1, 1))
        if self.mean == "image":
            y = y - image[None, :, 2:14, 3:13]  # the middle of 16 x 16 under 12 x 10
        if self.scale:
            y = y / (SCALE if self.scale == "one" else np.reshape(SCALES, (1, 3, 1, 1)))
        return y.astype(np.float32)


def all_cases(versions=(11, 10), moved=False) -> list:
    return [Case(*c) for c in itertools.product((0, 1), (1, 3), (False, True), ("", "values", "image"),
                                                ("", "one", "values"), (True, False), versions, (moved,))]  # fmt: skip


def run_engine(command: list, xml: Path, inputs: dict) -> dict:
    """What another engine computes: COMMAND IR.xml IN.npz OUT.npz."""
    feed, result = xml.with_suffix(".in.npz"), xml.with_suffix(".out.npz")
    np.savez(feed, **inputs)
    subprocess.run([*command, xml, feed, result], check=True, capture_output=True, timeout=120)
    return dict(np.load(result))


def error_of(case: Case, folder: Path, engine: list | None = None) -> float:
    net = nets.padded(folder, pad=case.pad, group=case.group)
    image = nets.pixels(3, 16, 16, seed="mean image")
    options = case.options(nets.mean_file(folder / "mean.binaryproto", image[None]))
    x = nets.pixels(1, 3, 12, 10)
    expected = net.infer({"data": case.preprocess(x, image)}, "--disable_fusing")["conv2"]
    if engine:
        return worst_error(run_engine(engine, net.convert(*options, out="inferred").xml, {"data": x})["conv2"], expected)
    return worst_error(net.infer({"data": x}, *options)["conv2"], expected)
