"""Layers of random nets: one, or a group as trained nets have them, added to what a net has so far, with Caffe's shapes."""

import random
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from support import prototxt


@dataclass(frozen=True)
class Layer:
    name: str
    type: str
    bottoms: tuple
    tops: dict  # name -> shape
    params: str = ""
    blobs: tuple = ()  # (kind, shape): kinds are those of `array`

    @property
    def text(self) -> str:
        return prototxt.layer(self.name, self.type, self.bottoms, tuple(self.tops), self.params)


@dataclass
class Builder:
    """Grows a net layer by layer."""

    r: random.Random
    inputs: dict
    layers: list = field(default_factory=list)
    shapes: dict = field(default_factory=dict)  # blobs so far

    def __post_init__(self):
        self.shapes = dict(self.inputs)

    def blob(self, rank: int | None = 4, where=lambda shape: True) -> str | None:
        """One that there is, the newest more often than not: nets are deep rather than wide."""
        fits = [name for name, shape in self.shapes.items() if (rank is None or len(shape) == rank) and where(shape)]
        if not fits:
            return None
        return fits[-1] if self.r.random() < 0.7 else self.r.choice(fits)

    def add(self, type_: str, bottoms, shape: tuple, params: str = "", blobs: tuple = (), tops: int | list = 1,
            in_place: bool = False) -> str:  # fmt: skip
        """`tops`: how many of `shape`, or the shape of each."""
        name = f"{type_.lower()}{len(self.layers)}"
        shapes = [tuple(shape)] * tops if isinstance(tops, int) else [tuple(s) for s in tops]
        names = [name] if len(shapes) == 1 else [f"{name}_{i}" for i in range(len(shapes))]
        if in_place and bottoms[0] not in self.inputs:  # else the input would have the blob's name, the result none
            names = [bottoms[0]]
        layer = Layer(name, type_, tuple(bottoms), dict(zip(names, shapes)), params, tuple(blobs))
        self.layers.append(layer)
        for top, made in layer.tops.items():
            self.shapes.pop(top, None)  # the newest is last
            self.shapes[top] = made
        return names[0]

    def maybe(self, probability: float = 0.5) -> bool:
        return self.r.random() < probability


def windows(b: Builder, shape: tuple, largest: int = 5) -> tuple:
    """Kernel, stride and padding of each side that a window of this size has room for."""
    def one(size):
        kernel = b.r.randint(1, min(largest, size))
        return kernel, b.r.choice((1, 1, 2, 3)), b.r.randint(0, min(2, kernel - 1))

    height = one(shape[2])
    width = height if shape[2] == shape[3] or height[0] <= shape[3] and b.maybe() else one(shape[3])
    return tuple(zip(height, width))


def sizes(kernel, stride, pad) -> str:
    names = zip(("kernel", "stride", "pad"), (kernel, stride, pad))
    return " ".join(f"{n if n != 'kernel' or h != w else 'kernel_size'}: {h}" if h == w else f"{n}_h: {h} {n}_w: {w}"
                    for n, (h, w) in names)  # fmt: skip


def convolution(b: Builder, bottom: str | None = None, stride: int = 0, outputs: int = 0) -> str | None:
    bottom = bottom or b.blob()
    if bottom is None:
        return None
    n, c, *size = b.shapes[bottom]
    group = b.r.choice([g for g in (1, 1, 1, 2, 3, c) if c % g == 0])
    outputs = outputs or group * b.r.randint(1, max(1, 8 // group))
    group = group if outputs % group == 0 else 1
    kernel, strides, pad = windows(b, b.shapes[bottom]) if not stride else ((1, 1), (stride, stride), (0, 0))
    dilation = 2 if b.maybe(0.15) and all(2 * k - 1 <= s for k, s in zip(kernel, size)) else 1

    def shape():
        return tuple((s + 2 * p - (dilation * (k - 1) + 1)) // t + 1 for s, k, t, p in zip(size, kernel, strides, pad))

    # OpenVINO 2026.4 errs, in a convolution by itself, on one channel, one column of results and strides of 1 and more.
    if c == 1 and strides[0] == 1 and shape()[1] == 1:
        strides = (1, 1)
    made = shape()
    bias = b.maybe(0.7)
    params = (f"convolution_param {{ num_output: {outputs} {sizes(kernel, strides, pad)}"
              + f" group: {group}" * (group > 1) + f" dilation: {dilation}" * (dilation > 1)
              + " bias_term: false" * (not bias) + " }")  # fmt: skip
    blobs = (("weights", (outputs, c // group, *kernel)), ("normal", (outputs,)))[: 1 + bias]
    return b.add("Convolution", [bottom], (n, outputs, *made), params, blobs)


def deconvolution(b: Builder) -> str | None:
    bottom = b.blob(where=lambda s: np.prod(s) < 300)
    if bottom is None:
        return None
    n, c, *size = b.shapes[bottom]
    group = b.r.choice((1, c))
    outputs = group * b.r.randint(1, max(1, 6 // group))
    kernel, stride = b.r.randint(1, 4), b.r.randint(1, 2)
    pad = b.r.randint(0, min(kernel - 1, 1))
    made = tuple(stride * (s - 1) + kernel - 2 * pad for s in size)
    if min(made) < 1:
        return None
    bias = b.maybe()
    params = (f"convolution_param {{ num_output: {outputs} kernel_size: {kernel} stride: {stride} pad: {pad} group: {group}"
              + " bias_term: false" * (not bias) + " }")  # fmt: skip
    blobs = (("weights", (c, outputs // group, kernel, kernel)), ("normal", (outputs,)))[: 1 + bias]
    return b.add("Deconvolution", [bottom], (n, outputs, *made), params, blobs)


def inner_product(b: Builder) -> str | None:
    bottom = b.blob(rank=b.r.choice((2, 4)))
    if bottom is None:
        return None
    n, *rest = b.shapes[bottom]
    inner, outputs, bias, transpose = int(np.prod(rest)), b.r.randint(1, 9), b.maybe(0.7), b.maybe(0.2)
    params = (f"inner_product_param {{ num_output: {outputs}" + " bias_term: false" * (not bias)
              + " transpose: true" * transpose + " }")  # fmt: skip
    blobs = (("weights", (inner, outputs) if transpose else (outputs, inner)), ("normal", (outputs,)))[: 1 + bias]
    return b.add("InnerProduct", [bottom], (n, outputs), params, blobs)


def pooling(b: Builder) -> str | None:
    bottom = b.blob()
    if bottom is None:
        return None
    n, c, *size = b.shapes[bottom]
    method = b.r.choice(("MAX", "AVE"))
    if b.maybe(0.15):
        return b.add("Pooling", [bottom], (n, c, 1, 1), f"pooling_param {{ pool: {method} global_pooling: true }}")
    kernel, stride, pad = windows(b, b.shapes[bottom], 3)
    made = []
    for s, k, t, p in zip(size, kernel, stride, pad):
        last = -(-(s + 2 * p - k) // t)
        made.append(last + 1 - (any(pad) and last * t >= s + p))
        if last * t >= s + p and not any(pad):
            return None  # a window beyond the input: its mean is 0 / 0
    return b.add("Pooling", [bottom], (n, c, *made), f"pooling_param {{ pool: {method} {sizes(kernel, stride, pad)} }}")


def same_shape(type_: str, params: str = "", blobs=lambda shape: (), rank: int | None = None, where=lambda shape: True):
    """A layer that keeps the shape, in place or not; `params` is a choice of texts where it has several lines."""
    def make(b: Builder) -> str | None:
        bottom = b.blob(rank, where)
        if bottom is None:
            return None
        shape = b.shapes[bottom]
        said = b.r.choice(params.split("\n"))
        return b.add(type_, [bottom], shape, said, blobs(shape), in_place=b.maybe())

    return make


def batch_norm_and_scale(b: Builder) -> str | None:
    """As trained nets have them, one of both or the other alone too."""
    bottom = b.blob(rank=None)
    shape, done, in_place = b.shapes[bottom], None, b.maybe()
    parts = b.r.choice((("BatchNorm", "Scale"), ("BatchNorm", "Scale"), ("BatchNorm",), ("Scale",), ("Scale", "BatchNorm")))
    for part in parts:
        if part == "BatchNorm":
            blobs = (("normal", (shape[1],)), ("positive", (shape[1],)), ("factor", (1,)))
            params = b.r.choice(("", "batch_norm_param { use_global_stats: true eps: 0.001 }"))
        else:
            bias = b.maybe(0.7)
            blobs = (("signed", (shape[1],)), ("normal", (shape[1],)))[: 1 + bias]
            params = "scale_param { bias_term: true }" * bias
        bottom = done = b.add(part, [bottom], shape, params, blobs, in_place=in_place)
    return done


def number(b: Builder, low: float, high: float) -> float:
    return round(b.r.uniform(low, high), 3)


def power(b: Builder) -> str | None:
    bottom = b.blob(rank=None)
    scale = b.r.choice((-1, number(b, 0.2, 0.9), number(b, 1.1, 2)))
    said = [[f"scale: {scale}"], [f"shift: {number(b, 0.1, 1)}"]]
    said = b.r.choice((said[0], said[1], said[0] + said[1])) + ["power: 2"] * b.maybe(0.1)
    return b.add("Power", [bottom], b.shapes[bottom], f"power_param {{ {' '.join(said)} }}", in_place=b.maybe())


def eltwise(b: Builder) -> str | None:
    """Of blobs that are there, or of one and its own convolution, or with a constant."""
    one = b.blob(rank=None)
    shape = b.shapes[one]
    others = [name for name, s in b.shapes.items() if s == shape and name != one]
    if others and b.maybe(0.7):
        bottoms = [one, *b.r.sample(others, min(len(others), b.r.choice((1, 1, 2))))]
    elif len(shape) == 4 and b.maybe():
        bottoms = [one, b.add("ReLU", [one], shape), convolution(b, one, stride=1, outputs=shape[1])][:: b.r.choice((1, 2))]
    else:
        values = b.r.choice(("normal", "signed"))
        dims = " ".join(f"dim: {d}" for d in shape)
        bottoms = [one, b.add("Parameter", [], shape, f"parameter_param {{ shape {{ {dims} }} }}", ((values, shape),))]
    operation = b.r.choice(("SUM", "SUM", "PROD", "MAX"))
    coefficients = "".join(f" coeff: {number(b, 0.3, 2)}" for _ in bottoms) if operation == "SUM" and b.maybe(0.4) else ""
    b.r.shuffle(bottoms)
    return b.add("Eltwise", bottoms, shape, f"eltwise_param {{ operation: {operation}{coefficients} }}")


def concat(b: Builder) -> str | None:
    one = b.blob(rank=None)
    shape = b.shapes[one]
    fits = [name for name, s in b.shapes.items() if (s[0], *s[2:]) == (shape[0], *shape[2:]) and name != one]
    bottoms = [one, *b.r.sample(fits, min(len(fits), b.r.randint(0, 2)))]
    channels = sum(b.shapes[name][1] for name in bottoms)
    return b.add("Concat", bottoms, (shape[0], channels, *shape[2:]))


def sliced(b: Builder) -> str | None:
    """A Slice along the channels; often with a convolution of each part and a Concat, as a grouped convolution was made."""
    bottom = b.blob(where=lambda s: s[1] > 1)
    if bottom is None:
        return None
    n, c, *size = b.shapes[bottom]
    parts = b.r.choice([p for p in (2, 3) if c >= p])
    if c % parts == 0 and b.maybe():
        points = [c // parts * i for i in range(1, parts)]
    else:
        points = sorted(b.r.sample(range(1, c), parts - 1))
    shapes = [(n, end - begin, *size) for begin, end in pairwise([0, *points, c])]
    first = b.add("Slice", [bottom], (), "slice_param { axis: 1 " + " ".join(f"slice_point: {p}" for p in points) + " }",
                  tops=shapes)  # fmt: skip
    tops = list(b.layers[-1].tops)
    if b.maybe(0.6):
        outputs, stride, bias = b.r.randint(1, 4), b.r.choice((1, 2)), b.maybe(0.8)
        kernel = b.r.choice([k for k in (1, 3) if k <= min(size)])
        made = []
        for top, shape in zip(tops, shapes):
            params = (f"convolution_param {{ num_output: {outputs} kernel_size: {kernel} stride: {stride}"
                      + " bias_term: false" * (not bias) + " }")  # fmt: skip
            blobs = (("weights", (outputs, shape[1], kernel, kernel)), ("normal", (outputs,)))[: 1 + bias]
            out = tuple((s - kernel) // stride + 1 for s in size)
            made.append(b.add("Convolution", [top], (n, outputs, *out), params, blobs))
        return b.add("Concat", made, (n, outputs * parts, *out))
    return first


def split(b: Builder) -> str | None:
    """What reads the tops follows at once: they are one value, of which an output has one name."""
    bottom = b.blob(rank=None)
    shape = b.shapes[bottom]
    b.add("Split", [bottom], shape, tops=b.r.randint(2, 3))
    return [b.add(type_, [top], shape) for top, type_ in zip(list(b.layers[-1].tops), ("ReLU", "TanH", "AbsVal"))][0]


def flatten(b: Builder) -> str | None:
    bottom = b.blob()
    if bottom is None:
        return None
    n, *rest = b.shapes[bottom]
    return b.add("Flatten", [bottom], (n, int(np.prod(rest))))


def reshape(b: Builder) -> str | None:
    bottom = b.blob(rank=None)
    n, *rest = b.shapes[bottom]
    count = int(np.prod(rest))
    channels = b.r.choice([c for c in range(1, 9) if count % c == 0])
    side = b.r.choice([s for s in range(1, 8) if count // channels % s == 0])
    last = b.r.choice(("-1", str(count // channels // side)))
    return b.add("Reshape", [bottom], (n, channels, side, count // channels // side),
                 f"reshape_param {{ shape {{ dim: 0 dim: {channels} dim: {side} dim: {last} }} }}")  # fmt: skip


def permute(b: Builder) -> str | None:
    bottom = b.blob()
    if bottom is None:
        return None
    order = [0, *b.r.choice(((1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)))]
    return b.add("Permute", [bottom], tuple(b.shapes[bottom][axis] for axis in order),
                 "permute_param { " + " ".join(f"order: {axis}" for axis in order) + " }")  # fmt: skip


def stages_with_strides(b: Builder) -> str | None:
    """What a ResNet has between two stages: a sum that only 1x1 convolutions of stride 2 read."""
    bottom = b.blob(where=lambda s: min(s[2:]) >= 3)
    if bottom is None:
        return None
    shape = b.shapes[bottom]
    other = b.add("Convolution", [bottom], shape, f"convolution_param {{ num_output: {shape[1]} kernel_size: 3 pad: 1 }}",
                  (("weights", (shape[1], shape[1], 3, 3)), ("normal", (shape[1],))))  # fmt: skip
    joined = b.add("Eltwise", [bottom, other], shape)
    joined = b.add("ReLU", [joined], shape, in_place=b.maybe())
    outputs = b.r.randint(1, 5)
    ends = [convolution(b, joined, stride=2, outputs=outputs) for _ in range(b.r.randint(1, 2))]
    return b.add("Eltwise", ends, b.shapes[ends[0]]) if len(ends) == 2 else ends[0]


def squeeze_and_excite(b: Builder) -> str | None:
    """A factor for each channel, which the channels themselves decide on."""
    bottom = b.blob()
    if bottom is None:
        return None
    n, c, *size = b.shapes[bottom]
    mean = b.add("Pooling", [bottom], (n, c, 1, 1), "pooling_param { pool: AVE global_pooling: true }")
    factor = b.add("InnerProduct", [mean], (n, c), f"inner_product_param {{ num_output: {c} }}",
                   (("weights", (c, c)), ("normal", (c,))))  # fmt: skip
    factor = b.add("Sigmoid", [factor], (n, c), in_place=True)
    return b.add("Scale", [bottom, factor], b.shapes[bottom], "scale_param { axis: 0 }")


# How often each comes beside the others.
KINDS = {
    convolution: 10, batch_norm_and_scale: 8, eltwise: 5, concat: 3, sliced: 3, pooling: 3, inner_product: 2, power: 3,
    deconvolution: 2, split: 1, flatten: 1, reshape: 1, permute: 1, stages_with_strides: 2, squeeze_and_excite: 1,
    same_shape("ReLU", "\nrelu_param { negative_slope: 0.1 }"): 5,
    same_shape("PReLU", blobs=lambda shape: (("slopes", (shape[1],)),)): 1,
    same_shape("ELU"): 1,
    same_shape("Sigmoid"): 1,
    same_shape("TanH"): 1,
    same_shape("AbsVal"): 1,
    same_shape("BNLL"): 1,
    same_shape("Dropout"): 1,
    same_shape("Bias", blobs=lambda shape: (("normal", (shape[1],)),)): 2,
    same_shape("LRN", "lrn_param { local_size: 3 alpha: 0.1 }\nlrn_param { local_size: 3 alpha: 0.1 norm_region: WITHIN_CHANNEL }",
               rank=4): 1,
    same_shape("Softmax"): 1,
    same_shape("MVN", "\nmvn_param { across_channels: true }", rank=4, where=lambda shape: shape[2] * shape[3] >= 6): 1,
}  # fmt: skip
