"""A row of a layer table: a small net with seeded weights and inputs, and where its expected results come from."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from support import prototxt
from support.caffemodel import Encoding


@dataclass(frozen=True)
class Row:
    """One case. Expected results are BVLC Caffe's, from references/, unless `formula` says otherwise."""

    name: str
    net: str  # prototxt text for the converter
    weights: dict  # layer name -> [array, ...]
    inputs: dict  # top name -> array
    outputs: tuple = ()  # tops to compare; default: whatever the reference has
    executor_net: str = (
        ""  # an equivalent deploy net, where executors cannot run `net` (data layers, old formats)
    )
    formula: Callable | None = (
        None  # inputs -> {top: array}, where BVLC Caffe lacks the layer or the parameter
    )
    opencv: str = ""  # why OpenCV is not asked: what it lacks, or gets wrong
    options: tuple = ()  # further arguments of `mo`
    limit: float = 1e-5  # of the error in FP32
    encoding: Encoding = field(default_factory=Encoding)
    renamed: dict = field(default_factory=dict)  # top -> tensor name, where a layer overwrites the net's input
    detections: tuple = ()  # tops that are lists of detections: compared as sets
    padded: tuple = ()  # tops whose closing rows of zeros stand for rows that each runtime fills its own way
    since_v11: bool = False  # IR v10 lacks what it takes: a test of its own says so
    fusing: bool = False  # convert with --disable_fusing too: both IRs have to say the same

    @property
    def reference_net(self) -> str:
        return self.executor_net or self.net

    def digest(self) -> np.ndarray:
        """Eight bytes that change with anything that the expected results depend on."""
        h = hashlib.sha256(self.reference_net.encode())
        for group in (self.weights, self.inputs):
            for name in sorted(group):
                h.update(name.encode())
                for array in group[name] if isinstance(group[name], list) else [group[name]]:
                    h.update(repr(array.shape).encode() + np.ascontiguousarray(array, "<f4").tobytes())
        return np.frombuffer(h.digest()[:8], np.uint8)


class Numbers:
    """Seeded arrays. RandomState, since NumPy promises that its streams never change."""

    def __init__(self, seed: str):
        self._state = np.random.RandomState(crc32(seed.encode()))

    def normal(self, *shape: int) -> np.ndarray:
        return self._state.standard_normal(shape).astype(np.float32)

    def uniform(self, low: float, high: float, *shape: int) -> np.ndarray:
        return self._state.uniform(low, high, shape).astype(np.float32)

    def weights(self, *shape: int) -> np.ndarray:
        """Of a convolution or inner product: keeps the scale of what passes through."""
        return self.normal(*shape) / np.float32(np.sqrt(max(1, np.prod(shape[1:]))))


def normal(numbers: Numbers, shape) -> np.ndarray:
    return numbers.normal(*shape)


def positive(numbers: Numbers, shape) -> np.ndarray:
    return numbers.uniform(0.2, 3.0, *shape)


def single(
    name: str,
    type_: str,
    params: str = "",
    bottoms=((2, 3, 6, 5),),
    blobs=(),
    tops=("out",),
    feed=normal,
    after="",
    **more,
) -> Row:
    """A net of one layer under test, `layer`; its blobs are shapes (normal weights) or functions of Numbers.

    `after` is the type of a layer behind it, for layers that change nothing: a net of them alone is another case.
    """
    numbers = Numbers(name)
    names = ["data"] if len(bottoms) == 1 else [f"data{i}" for i in range(len(bottoms))]
    net = "".join(prototxt.input_layer(n, s) for n, s in zip(names, bottoms))
    net += prototxt.layer("layer", type_, names, tops, params)
    net += prototxt.layer("after", after, tops) if after else ""
    arrays = [b(numbers) if callable(b) else numbers.weights(*b) for b in blobs]
    inputs = {n: feed(numbers, s) for n, s in zip(names, bottoms)}
    return Row(name, net, {"layer": arrays} if arrays else {}, inputs, **more)


def several(name: str, inputs: dict, layers, weights=None, feed=normal, **more) -> Row:
    """A net of several layers: `inputs` name -> shape; `weights` layer -> blobs as in `single`."""
    numbers = Numbers(name)
    net = "".join(prototxt.input_layer(n, s) for n, s in inputs.items()) + "".join(layers)
    arrays = {
        layer: [b(numbers) if callable(b) else numbers.weights(*b) for b in blobs]
        for layer, blobs in (weights or {}).items()
    }
    return Row(name, net, arrays, {n: feed(numbers, s) for n, s in inputs.items()}, **more)


def text_net(name: str, net: str, inputs: dict, weights=None, feed=normal, **more) -> Row:
    """A net as it is written: for the forms of prototxt themselves."""
    row = several(name, inputs, (), weights, feed, **more)
    return Row(**{**row.__dict__, "net": net})


def batch_norm(channels: int, factor: float = 2.5):
    """Blobs of a BatchNorm layer: sums of means and variances, and the factor that divides them."""
    return (
        lambda n: n.normal(channels) * np.float32(0.5 * factor),
        lambda n: n.uniform(0.5, 2.0, channels) * np.float32(factor if factor else 1),
        lambda n: np.array([factor], np.float32),
    )
