"""Looks at a Caffe net without converting it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import _converter
from ._errors import Message, to_messages, typed_errors
from ._options import PathLike, to_texts


@dataclass(frozen=True)
class Blob:
    """A bottom or top of a layer."""

    name: str
    shape: tuple[int, ...] | None
    """None where the layer is not understood."""


@dataclass(frozen=True)
class Layer:
    """What is known of a Caffe layer."""

    name: str
    type: str
    bottoms: tuple[Blob, ...]
    tops: tuple[Blob, ...]
    parameters: dict[str, str]
    """Those set and with effect: ``{"num_output": "20"}``."""
    multiply_adds: int
    """With weights."""
    weights: int
    """Numbers in its blobs."""


@dataclass(frozen=True)
class ModelInfo:
    """What is known of a Caffe net."""

    name: str
    trained: bool
    """The weights are a caffemodel's; else those that training would give."""
    layers: tuple[Layer, ...]
    """Those of inference, in the order of the file."""
    messages: tuple[Message, ...]
    """Problems too: they are no exception here."""

    @property
    def multiply_adds(self) -> int:
        return sum(layer.multiply_adds for layer in self.layers)

    @property
    def weights(self) -> int:
        return sum(layer.weights for layer in self.layers)

    def __getitem__(self, name: str) -> Layer:
        """The layer of that name."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(name)


def _blobs(raw: list[Any]) -> tuple[Blob, ...]:
    return tuple(Blob(name, None if shape is None else tuple(shape)) for name, shape in raw)


def inspect(
    input_model: PathLike | None = None,
    *,
    input_proto: PathLike | None = None,
    input: Any = None,
    output: str | list[str] | None = None,
    input_shape: Any = None,
    batch: int | None = None,
    k: PathLike | None = None,
    extensions: Any = None,
    caffe_proto: PathLike | None = None,
) -> ModelInfo:
    """Layers, shapes, parameters, multiply-adds, weights and problems of a net; ``input_proto`` alone will do.

    Raises:
        FileError, OptionError, and ModelError where not even its layers can be told.
    """
    options = dict(locals())
    with typed_errors():
        name, trained, raw, messages = _converter.inspect(to_texts(options))
    layers = tuple(
        Layer(name, kind, _blobs(bottoms), _blobs(tops), dict(parameters), round(multiply_adds), round(weights))
        for name, kind, bottoms, tops, parameters, multiply_adds, weights in raw
    )
    return ModelInfo(name, trained, layers, to_messages(messages))
