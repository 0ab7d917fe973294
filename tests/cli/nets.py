"""Small nets that the tests of the command line convert, and what a net gives for an input."""

from pathlib import Path

import numpy as np

from numeric.row import Numbers
from support import caffemodel, converter, executors
from support.prototxt import input_layer, layer


def convolution(name: str, bottom: str, outputs: int, kernel: int = 3, pad: int = 0, more: str = "") -> str:
    return layer(name, "Convolution", [bottom], params=f"convolution_param {{ num_output: {outputs} "
                 f"kernel_size: {kernel} pad: {pad} {more} }}")  # fmt: skip


class Net:
    """A prototxt with seeded weights, written into a folder."""

    def __init__(self, folder: Path, text: str, weights: dict, name: str = "net"):
        self.folder, self.name, self.text = folder, name, text
        folder.mkdir(parents=True, exist_ok=True)
        self.prototxt, self.model = folder / f"{name}.prototxt", folder / f"{name}.caffemodel"
        self.prototxt.write_text(text)
        caffemodel.write(self.model, text, weights)

    def convert(self, *options, status: int = 0, out: str = "ir", program: Path | None = None):
        """Runs `mo` on it; checks the exit status; gives the finished process, with the path of the IR as `xml`."""
        done = converter.run("--input_model", self.model, "--output_dir", self.folder / out, *options, cwd=self.folder)
        assert done.returncode == status, done.stdout + done.stderr
        done.xml = self.folder / out / f"{self.name}.xml"
        return done

    def infer(self, inputs: dict, *options) -> dict:
        """What the IR made with `options` gives, by tensor name."""
        return executors.run_openvino(self.convert(*options, out="inferred").xml, inputs)


def padded(folder: Path, channels: int = 3, pad: int = 1, group: int = 1) -> Net:
    """An image, a convolution, ReLU, pooling and a second convolution."""
    n = Numbers(f"padded{channels}{pad}{group}")
    text = (input_layer("data", (1, channels, 12, 10)) + convolution("conv1", "data", 6, pad=pad, more=f"group: {group}")
            + layer("relu1", "ReLU", ["conv1"], ["conv1"])
            + layer("pool1", "Pooling", ["conv1"], params="pooling_param { pool: MAX kernel_size: 2 stride: 2 }")
            + convolution("conv2", "pool1", 4))  # fmt: skip
    return Net(folder, text, {"conv1": [n.normal(6, channels // group, 3, 3), n.normal(6)],
                              "conv2": [n.normal(4, 6, 3, 3), n.normal(4)]})  # fmt: skip


def two_inputs(folder: Path) -> Net:
    """`data` and `rois`, three channels each, that meet in a sum."""
    n = Numbers("two inputs")
    text = (input_layer("data", (1, 3, 8, 8)) + input_layer("rois", (1, 3, 8, 8)) + convolution("a", "data", 4, pad=1)
            + convolution("b", "rois", 4, pad=1)
            + layer("sum", "Eltwise", ["a", "b"], params="eltwise_param { operation: SUM }"))  # fmt: skip
    return Net(folder, text, {name: [n.normal(4, 3, 3, 3), n.normal(4)] for name in "ab"})


def pixels(*shape: int, seed: str = "pixels") -> np.ndarray:
    return Numbers(seed).uniform(0, 255, *shape)


def mean_file(path: Path, mean: np.ndarray, legacy: bool = True) -> Path:
    path.write_bytes(caffemodel.blob(mean, caffemodel.Encoding(legacy_dims=legacy)))
    return path
