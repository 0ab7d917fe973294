"""Runs a net layer by layer, for nets that no executor reads as a whole.

Each layer is a net of its own in OpenCV; what OpenCV lacks or computes otherwise than Caffe is a formula in NumPy.
"""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from support import prototxt
from support.executors import run_opencv
from support.wire import delimited, fields, read_varint

_TOKEN = re.compile(r'#[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[{}]|[^\s{}:;,"\'#\[\]]+')


_SAME_AS = {"DepthwiseConvolution": "Convolution"}  # a fork's name for what another layer computes


class Word(str):
    """A value without quotes: of an enumeration."""


def parse(text: str) -> dict:
    """Field -> list of values; a message is a dict again."""
    stack, tokens = [{}], [t for t in _TOKEN.findall(text) if not t.startswith("#")]
    i = 0
    while i < len(tokens):
        if tokens[i] == "}":
            stack.pop()
            i += 1
        elif tokens[i + 1] == "{":
            inner = {}
            stack[-1].setdefault(tokens[i], []).append(inner)
            stack.append(inner)
            i += 2
        else:
            stack[-1].setdefault(tokens[i], []).append(_value(tokens[i + 1]))
            i += 2
    return stack[0]


def _value(token: str):
    if token[0] in "\"'":
        return token[1:-1].replace("\\'", "'").replace('\\"', '"').replace("\\n", "\n")
    if token in ("true", "false"):
        return token == "true"
    try:
        return int(token)
    except ValueError:
        pass
    try:
        return float(token.rstrip("f"))
    except ValueError:
        return Word(token)


def _text(message: dict) -> str:
    def one(name, value):
        if isinstance(value, dict):
            return f"{name} {{ {_text(value)} }}"
        if isinstance(value, bool):
            return f"{name}: {str(value).lower()}"
        quoted = isinstance(value, str) and not isinstance(value, Word)
        return f'{name}: "{value}"' if quoted else f"{name}: {value}"

    return " ".join(one(name, value) for name, values in message.items() for value in values)


@dataclass
class Layer:
    """One layer of a prototxt; `message` is all of it."""

    message: dict

    def __post_init__(self):
        self.name, self.type = self.message["name"][0], self.message["type"][0]
        self.bottoms, self.tops = self.message.get("bottom", []), self.message.get("top", [])

    def all(self, path: str) -> list:
        *parts, last = path.split(".")
        message = self.message
        for part in parts:
            message = message.get(part, [{}])[0]
        return message.get(last, [])

    def one(self, path: str, default=None):
        return (self.all(path) or [default])[-1]


def layers(net_text: str) -> list:
    """Those of phase TEST."""
    found = [Layer(m) for m in parse(net_text).get("layer", [])]
    return [x for x in found if all(rule.get("phase") != ["TRAIN"] for rule in x.message.get("include", []))]


def weights(caffemodel: Path) -> dict:
    """Layer name -> (the layer as it stands in the file, its blobs)."""
    found = {}
    for field, value in fields(memoryview(caffemodel.read_bytes())):
        if field != 100:
            continue
        parts = list(fields(value))
        name = next(bytes(v).decode() for f, v in parts if f == 1)
        found.setdefault(name, (bytes(value), [_blob(v) for f, v in parts if f == 7]))
    return found


def _blob(message) -> np.ndarray:
    data, shape, old = np.zeros(0, np.float32), None, {}
    for field, value in fields(message):
        if field == 5:
            data = np.frombuffer(value, "<f4")
        elif field == 7:
            shape = [d for f, v in fields(value) if f == 1 for d in ([v] if isinstance(v, int) else _varints(v))]
        elif field <= 4:
            old[field] = value
    if shape is None and old:
        shape = [old.get(i, 1) for i in range(1, 5)]
    return data.reshape(shape) if shape is not None else data


def _varints(data) -> list:
    values, at = [], 0
    while at < len(data):
        value, at = read_varint(data, at)
        values.append(value)
    return values


def _alone(layer: Layer, record: bytes, bottoms: list) -> np.ndarray:
    """The first top of a layer, by OpenCV."""
    names = [f"bottom{i}" for i in range(len(bottoms))]
    message = {k: v for k, v in layer.message.items() if k not in ("bottom", "top", "name", "include", "param")}
    message |= {"type": [_SAME_AS.get(layer.type, layer.type)], "name": [layer.name], "bottom": names, "top": ["top"]}
    net = "".join(prototxt.input_layer(n, b.shape) for n, b in zip(names, bottoms)) + f"layer {{ {_text(message)} }}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.caffemodel"
        path.write_bytes(delimited(1, "net") + (delimited(100, record) if record else b""))
        try:
            return run_opencv(net, path, dict(zip(names, bottoms)), {"top": layer.name})["top"]
        except cv2.error as why:
            raise RuntimeError(f"OpenCV does not run {layer.name} ({layer.type}): {why.err}") from why


def steps(net_text: str, caffemodel: Path, inputs: dict, formulas: dict, instead=lambda layer, index: None):
    """(layer, its tops' arrays) in the order of the net.

    `formulas` maps a type to a function of (layer, bottoms, blobs) that gives the list of tops.  What `instead` gives for a
    layer's top, of its size, is what the layers behind it read.
    """
    kept, known, todo = dict(inputs), weights(caffemodel), layers(net_text)
    last_use = {bottom: i for i, layer in enumerate(todo) for bottom in layer.bottoms}
    for i, layer in enumerate(todo):
        if layer.type in ("Silence", "Accuracy"):
            continue
        if not layer.bottoms and layer.tops[0] in inputs:
            kept |= dict.fromkeys(set(layer.tops) - set(kept))  # labels, which nothing is computed from
            continue
        record, blobs = known.get(layer.name, (b"", []))
        bottoms = [kept[b] for b in layer.bottoms]
        if layer.type in formulas:
            tops = formulas[layer.type](layer, bottoms, blobs)
        else:
            tops = [_alone(layer, record, bottoms)]
        for top, value in zip(layer.tops, tops):
            kept[top] = np.ascontiguousarray(value, np.float32)
        for name in set(layer.bottoms):
            if last_use[name] == i and name not in layer.tops:
                del kept[name]
        yield layer, [kept[top] for top in layer.tops[: len(tops)]]
        for index, top in enumerate(layer.tops[: len(tops)]):
            other = instead(layer, index)
            if other is not None and other.size == kept[top].size:
                kept[top] = other.reshape(kept[top].shape)


def run(net_text: str, caffemodel: Path, inputs: dict, formulas: dict) -> dict:
    """Top -> array, of every top that no later layer reads; `formulas` as in steps()."""
    results, read = {}, set()
    for layer, arrays in steps(net_text, caffemodel, inputs, formulas):
        read = (read | set(layer.bottoms)) - set(layer.tops)
        results = {name: value for name, value in results.items() if name not in read}
        results |= dict(zip(layer.tops, arrays))
    return results
