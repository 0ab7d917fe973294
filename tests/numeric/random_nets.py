"""Random small nets that are valid Caffe: for comparing what rewrites make of a net with the net as it was read.

A net is a list of layers with the shapes that Caffe gives them; its weights depend on the layers' names alone, so that
a part of a net computes what it did in the whole.
"""

import random
from dataclasses import dataclass, replace

import numpy as np

from numeric.random_layers import KINDS, Builder, convolution
from numeric.row import Numbers
from support import prototxt

LARGEST = 4000  # values of a blob


@dataclass(frozen=True)
class Net:
    """`mean` and so on are options of the conversion; empty: none."""

    seed: str
    inputs: dict  # name -> shape
    layers: tuple
    mean: tuple = ()
    scale: tuple = ()  # one number, or one for each channel
    reversed: bool = False

    @property
    def text(self) -> str:
        used = {bottom for layer in self.layers for bottom in layer.bottoms}
        declared = {name: shape for name, shape in self.inputs.items() if name in used}
        return "".join(prototxt.input_layer(*one) for one in declared.items()) + "".join(l.text for l in self.layers)

    @property
    def weights(self) -> dict:
        return {layer.name: [array(Numbers(f"{self.seed} {layer.name} {i}"), *blob) for i, blob in enumerate(layer.blobs)]
                for layer in self.layers if layer.blobs}  # fmt: skip

    @property
    def outputs(self) -> dict:
        """Shapes of what nothing consumes."""
        ends = {}
        for layer in self.layers:
            for bottom in layer.bottoms:
                ends.pop(bottom, None)
            ends.update(layer.tops)
        return ends

    @property
    def options(self) -> list:
        numbers = ["[" + ",".join(map(str, values)) + "]" for values in (self.mean, self.scale)]
        found = ["--mean_values", numbers[0]] if self.mean else []
        if self.scale:
            found += ["--scale", str(self.scale[0])] if len(self.scale) == 1 else ["--scale_values", numbers[1]]
        return found + ["--reverse_input_channels"] * self.reversed

    def feed(self) -> dict:
        used = {bottom for layer in self.layers for bottom in layer.bottoms}
        return {name: Numbers(f"{self.seed} {name}").normal(*shape) for name, shape in self.inputs.items() if name in used}

    def preprocessed(self, feed: dict) -> dict:
        """What the options mean, done to `feed`."""
        done = {}
        for name, value in feed.items():
            value = value[:, ::-1] if self.reversed else value
            if self.mean:
                value = value - np.float32(self.mean).reshape(1, -1, 1, 1)
            done[name] = value / np.float32(self.scale).reshape(1, -1, 1, 1) if self.scale else value
        return done


def array(numbers: Numbers, kind: str, shape: tuple) -> np.ndarray:
    if kind == "weights":
        return numbers.weights(*shape)
    if kind == "positive":
        return numbers.uniform(0.5, 2.0, *shape)
    if kind == "signed":  # as gammas are: of either sign, and not so small that nothing is left
        return numbers.uniform(0.5, 1.5, *shape) * np.where(numbers.uniform(0, 1, *shape) < 0.3, np.float32(-1), np.float32(1))
    if kind == "slopes":
        return numbers.uniform(-0.5, 0.9, *shape)
    if kind == "factor":
        return np.float32([1.5])
    return numbers.normal(*shape)


def make(seed: str) -> Net:
    """One to twelve layers, or a few more where layers come as a group."""
    r = random.Random(seed)
    image = (r.choice((1, 1, 2)), r.choice((1, 2, 3, 3, 3, 4, 6)), r.randint(3, 12), r.randint(3, 12))
    b = Builder(r, {"data": image} | ({"more": image} if r.random() < 0.15 else {}))
    for _ in range(r.randint(1, 12)):
        before = (list(b.layers), dict(b.shapes))
        r.choices(list(KINDS), list(KINDS.values()))[0](b)
        if any(np.prod(shape) > LARGEST for shape in b.shapes.values()):
            b.layers, b.shapes = before
    if not b.layers:
        convolution(b, "data")
    net = Net(seed, b.inputs, tuple(b.layers))
    if len(net.feed()) == 1 and "data" in net.feed() and r.random() < 0.4:
        net = preprocessing(net, r)
    return net


def preprocessing(net: Net, r: random.Random) -> Net:
    channels = net.inputs["data"][1]
    values = [tuple(round(r.uniform(low, high), 3) for _ in range(channels)) for low, high in ((-1, 1), (0.3, 3))]
    return replace(net, mean=r.choice(((), values[0])), scale=r.choice(((), values[1], values[1][:1])),
                   reversed=channels == 3 and r.random() < 0.5)  # fmt: skip


def ancestors(net: Net, last: int) -> Net:
    """The layer at `last` and what it needs."""
    wanted, kept = set(net.layers[last].tops), []
    for layer in reversed(net.layers[: last + 1]):
        if wanted & set(layer.tops):
            kept.append(layer)
            wanted |= set(layer.bottoms)
    return replace(net, layers=tuple(reversed(kept)))


def without(net: Net, at: int) -> Net | None:
    """Readers of a layer read what it does, where that has the same shape."""
    layer = net.layers[at]
    shapes = dict(net.inputs)
    for earlier in net.layers[:at]:
        shapes |= earlier.tops
    names = {}
    for top, shape in layer.tops.items():
        same = [bottom for bottom in layer.bottoms if shapes[bottom] == shape]
        if not same:
            return None
        names[top] = same[0]
    later = [replace(one, bottoms=tuple(names.get(b, b) for b in one.bottoms),
                     tops={names.get(t, t): shape for t, shape in one.tops.items()} if set(one.tops) & set(one.bottoms)
                     else one.tops) for one in net.layers[at + 1 :]]  # fmt: skip
    return replace(net, layers=(*net.layers[:at], *later))


def smaller(net: Net):
    """Nets with less in them, the smallest first."""
    for last in range(len(net.layers)):
        yield ancestors(net, last)
    for at in range(len(net.layers)):
        yield without(net, at)
    yield replace(net, mean=())
    yield replace(net, scale=())
    yield replace(net, reversed=False)


def overwrites_an_input(net: Net) -> bool:
    """Which then has the blob's name: such nets are never made."""
    return any(top in net.inputs for layer in net.layers for top in layer.tops)


def shrink(net: Net, fails) -> Net:
    """The smallest net on the way down from `net` that `fails`, which it does itself."""
    for candidate in smaller(net):
        if candidate and not overwrites_an_input(candidate) and candidate.outputs and candidate != net and candidate.feed() and fails(candidate):
            return shrink(candidate, fails)
    return net
