"""Writes .caffemodel files in every encoding that is found in the wild."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from support import prototxt
from support.wire import FIXED32, FIXED64, delimited, integer, key, varint

# V1LayerParameter.LayerType
V1_TYPE_NUMBERS = {
    "ABSVAL": 35, "ACCURACY": 1, "ARGMAX": 30, "BNLL": 2, "CONCAT": 3, "CONVOLUTION": 4, "DATA": 5, "DECONVOLUTION": 39,
    "DROPOUT": 6, "ELTWISE": 25, "EUCLIDEAN_LOSS": 7, "EXP": 38, "FLATTEN": 8, "INNER_PRODUCT": 14, "LRN": 15,
    "POOLING": 17, "POWER": 26, "RELU": 18, "SIGMOID": 19, "SIGMOID_CROSS_ENTROPY_LOSS": 27, "SILENCE": 36, "SLICE": 33,
    "SOFTMAX": 20, "SOFTMAX_LOSS": 21, "SPLIT": 22, "TANH": 23,
}  # fmt: skip


@dataclass(frozen=True)
class Encoding:
    """How a caffemodel says its weights."""

    layers: str = (
        "v2"  # "v2": `layer`, string types; "v1": `layers`, enum types; "v0": `layers { layer { ... } }`
    )
    legacy_dims: bool = False  # num, channels, height, width in place of `shape`
    packed: bool = True  # one array, or one key per number
    values: str = "float"  # "float", "double" (double_data) or "half" (raw_data, as NVIDIA's fork writes)


def blob(array: np.ndarray, encoding: Encoding = Encoding()) -> bytes:
    """A BlobProto."""
    array = np.asarray(array)
    if encoding.legacy_dims:
        dims = (1,) * (4 - array.ndim) + array.shape
        head = b"".join(integer(i + 1, d) for i, d in enumerate(dims))
    else:
        head = delimited(7, delimited(1, b"".join(varint(d) for d in array.shape)))
    if encoding.values == "half":
        return head + integer(10, 2) + delimited(12, np.ascontiguousarray(array, "<f2").tobytes())
    field, dtype, fixed = (8, "<f8", FIXED64) if encoding.values == "double" else (5, "<f4", FIXED32)
    numbers = np.ascontiguousarray(array, dtype)
    if encoding.packed:
        return head + delimited(field, numbers.tobytes())
    return head + b"".join(key(field, fixed) + n.tobytes() for n in numbers.ravel())


def layer(name: str, type_: str, blobs, encoding: Encoding = Encoding()) -> bytes:
    """One layer of a net, with its key: a field of NetParameter."""
    encoded = [blob(b, encoding) for b in blobs]
    if encoding.layers == "v2":
        body = delimited(1, name) + delimited(2, type_) + b"".join(delimited(7, b) for b in encoded)
        return delimited(100, body)
    if encoding.layers == "v1":
        body = b"".join(delimited(6, b) for b in encoded)
        return delimited(2, delimited(4, name) + integer(5, V1_TYPE_NUMBERS[type_]) + body)
    body = delimited(1, name) + delimited(2, type_) + b"".join(delimited(50, b) for b in encoded)
    return delimited(2, delimited(1, body))


def write(path: Path, net_text: str, weights: dict, encoding: Encoding = Encoding()) -> None:
    """A trained net: `weights` maps layer names to lists of arrays; types are looked up in the prototxt.

    Layers without weights are written too, as Caffe does.
    """
    types = dict(prototxt.layer_types(net_text))
    unknown = set(weights) - set(types)
    if unknown:
        raise ValueError(f"weights for layers that the net does not have: {sorted(unknown)}")
    with open(path, "wb") as file:
        file.write(delimited(1, "net"))
        for name, type_ in types.items():
            file.write(layer(name, type_, weights.get(name, []), encoding))
