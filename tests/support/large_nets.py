"""Nets of many layers in several shapes, each of which some algorithm could take more than linear time for.

SHAPES maps a name to a function of the number of layers that gives (prototxt, caffemodel).
"""

import numpy as np

from support.prototxt import input_layer, layer
from support.wire import delimited, varint

DATA = input_layer("data", (1, 1, 4, 4))
CONVOLUTION = "convolution_param { num_output: 1 kernel_size: 1 bias_term: false }"


def weights(name: str, *shape: int) -> bytes:
    """One blob of halves, as a layer of a caffemodel."""
    values = np.full(shape, 0.5, np.float32).tobytes()
    dims = delimited(7, delimited(1, b"".join(varint(dim) for dim in shape)))
    blob = delimited(7, dims + delimited(5, values))
    return delimited(100, delimited(1, name) + blob)


def convolution(name: str, bottom: str) -> tuple:
    return layer(name, "Convolution", [bottom], params=CONVOLUTION), weights(name, 1, 1, 1, 1)


def joined(pairs, *more) -> tuple:
    """`pairs` of prototxt and caffemodel, behind the input and before `more` prototxt."""
    texts, blobs = zip(*pairs)
    return DATA + "".join(texts) + "".join(more), b"".join(blobs) or weights("none", 1)


def chain(count):
    """Convolution, ReLU, Convolution ..."""
    pairs = []
    for i in range(1, count, 2):
        pairs += [convolution(f"b{i}", f"b{i - 1}" if i > 1 else "data"), (layer(f"b{i + 1}", "ReLU", [f"b{i}"]), b"")]
    return joined(pairs)


def fan(count):
    """Many readers of one value, each of which is an output."""
    return joined(convolution(f"c{i}", "data") for i in range(count))


def fan_behind_scales(count):
    """Scales that go forward into convolutions, each of which is an output."""
    pairs = []
    for i in range(count // 2):
        pairs += [(layer(f"s{i}", "Scale", ["data"]), weights(f"s{i}", 1)), convolution(f"c{i}", f"s{i}")]
    return joined(pairs)


def concat(count):
    """One Concat of as many inputs."""
    return joined((convolution(f"c{i}", "data") for i in range(count)), layer("all", "Concat", [f"c{i}" for i in range(count)]))


def total(count):
    """One sum of as many inputs."""
    return joined((convolution(f"c{i}", "data") for i in range(count)), layer("all", "Eltwise", [f"c{i}" for i in range(count)]))


def in_place(count):
    """Layers that all overwrite one blob."""
    return joined([convolution("x", "data"), *((layer(f"r{i}", "ReLU", ["x"], ["x"]), b"") for i in range(count))])


def names_of_one_value(count):
    """Dropouts with tops of their own: one value under many names."""
    return joined([convolution("d0", "data"), *((layer(f"d{i}", "Dropout", [f"d{i - 1}"]), b"") for i in range(1, count))])


def split(count):
    """One value under many names with many readers."""
    tops = [f"s{i}" for i in range(count // 2)]
    readers = [(layer(f"r{i}", "ReLU", [top]), b"") for i, top in enumerate(tops)]
    return joined([(layer("split", "Split", ["data"], tops), b""), *readers])


def sliced(count):
    """One layer with many outputs."""
    half = count // 2
    tops = [f"s{i}" for i in range(half)]
    params = f"convolution_param {{ num_output: {half} kernel_size: 1 bias_term: false }}"
    text = DATA + layer("wide", "Convolution", ["data"], params=params) + layer("slice", "Slice", ["wide"], tops)
    return text + "".join(layer(f"r{i}", "ReLU", [top]) for i, top in enumerate(tops)), weights("wide", half, 1, 1, 1)


def scales(count):
    """A chain that becomes one layer."""
    return joined((layer(f"s{i}", "Scale", [f"s{i - 1}" if i else "data"]), weights(f"s{i}", 1)) for i in range(count))


def powers(count):
    params = "power_param { scale: 2 shift: 1 }"
    return joined((layer(f"p{i}", "Power", [f"p{i - 1}" if i else "data"], params=params), b"") for i in range(count))


def reshapes(count):
    """A chain of which one is left."""
    params = "reshape_param { shape { dim: 0 dim: 4 dim: -1 } }"
    return joined((layer(f"r{i}", "Reshape", [f"r{i - 1}" if i else "data"], params=params), b"") for i in range(count))


def residual(count):
    """Blocks of a convolution, a sum and a ReLU in place."""
    pairs, x = [], "data"
    for i in range(count // 3):
        pairs += [convolution(f"c{i}", x), (layer(f"e{i}", "Eltwise", [x, f"c{i}"]), b""),
                  (layer(f"r{i}", "ReLU", [f"e{i}"], [f"e{i}"]), b"")]  # fmt: skip
        x = f"e{i}"
    return joined(pairs)


def dead(count):
    """Half of it has no influence on the output."""
    half = count // 2
    silent = (layer(f"s{i}", "Silence", [f"c{i}"], []) for i in range(half))
    return joined((convolution(f"c{i}", "data") for i in range(half)), *silent, layer("out", "ReLU", ["data"]))


def inputs(count):
    half = range(count // 2)
    return joined([("".join(input_layer(f"i{i}", (1, 1, 4, 4)) for i in half), b""),
                   *((layer(f"r{i}", "ReLU", [f"i{i}"]), b"") for i in half)])  # fmt: skip


def one_name(count):
    """Layers that are all called the same."""
    return joined((layer("same", "ReLU", ["data"], [f"x{i}"]), b"") for i in range(count))


SHAPES = {
    f.__name__: f
    for f in (chain, fan, fan_behind_scales, concat, total, in_place, names_of_one_value, split, sliced, scales, powers,
              reshapes, residual, dead, inputs, one_name)
}  # fmt: skip
