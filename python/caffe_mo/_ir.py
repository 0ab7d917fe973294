"""Conversions: to a model of the runtime, to an IR in memory, to files."""

from __future__ import annotations

import inspect
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

import numpy

from . import _converter
from ._errors import Message, to_messages, typed_errors
from ._options import PathLike, to_texts

if TYPE_CHECKING:
    import openvino  # type: ignore[import-untyped]
    from numpy.typing import NDArray

_LOG = logging.getLogger("caffe_mo")
_LEVELS = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

Progress = Callable[[str, int, int], object]
_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T", covariant=True)


@dataclass(frozen=True)
class Port:
    """An input or output of an IR."""

    name: str
    """The Caffe blob's, which the runtime knows it by."""
    shape: tuple[int, ...]
    """Outermost dimension first; -1: not known before inference."""


@dataclass(frozen=True, eq=False)
class Ir:
    """An IR in memory: what the files of ``mo`` hold, byte by byte."""

    xml: bytes
    """The layers."""
    weights: NDArray[numpy.uint8]
    """What the layers refer to: bytes, not writeable."""
    mapping: bytes
    """Which value is which Caffe layer's top, in XML."""
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    messages: tuple[Message, ...]
    """Warnings and notes."""

    def save(self, path: PathLike) -> None:
        """Writes ``path``, which ends in .xml, and the .bin and .mapping files beside it: all of them or none."""
        with typed_errors():
            _converter.save(self.xml, self.weights, self.mapping, os.fspath(path))


class _Place(Protocol[_T]):
    """Memory for weights, and what is made of them."""

    def allocate(self, size: int, /) -> NDArray[numpy.uint8]: ...

    def finish(self, raw: tuple[Any, ...], messages: tuple[Message, ...], /) -> _T: ...


class _InArray:
    """Weights in an array."""

    def allocate(self, size: int) -> NDArray[numpy.uint8]:
        self.array = numpy.empty(size, numpy.uint8)
        return self.array

    def finish(self, raw: tuple[Any, ...], messages: tuple[Message, ...]) -> Ir:
        xml, mapping, inputs, outputs, _ = raw
        self.array.flags.writeable = False
        ports = [tuple(Port(name, tuple(shape)) for name, shape in ports) for ports in (inputs, outputs)]
        return Ir(xml, self.array, mapping, ports[0], ports[1], messages)


class _InTensor:
    """Weights in a tensor of the runtime, which keeps them as long as a model needs them."""

    def __init__(self, runtime: Any):
        self.runtime = runtime

    def allocate(self, size: int) -> NDArray[numpy.uint8]:
        self.tensor = self.runtime.Tensor(self.runtime.Type.u8, [size])
        memory: NDArray[numpy.uint8] = self.tensor.data
        return memory

    def finish(self, raw: tuple[Any, ...], messages: tuple[Message, ...]) -> openvino.Model:
        del messages
        return self.runtime.Core().read_model(raw[0], self.tensor)


def _place_for_model(ir_version: int) -> _Place[openvino.Model | Ir]:
    if ir_version < 10:  # today's runtime does not read it
        return _InArray()
    try:
        import openvino
    except ImportError:
        return _InArray()
    return _InTensor(openvino)


def _log(messages: tuple[Message, ...]) -> None:
    for message in messages:
        _LOG.log(_LEVELS[message.level], "%s", message)


def _convert(options: dict[str, Any], place: _Place[_R]) -> _R:
    threads = options.pop("threads") or 0
    progress = options.pop("progress")
    silent = options.pop("silent")
    if options["ir_version"] == 11:
        del options["ir_version"]  # the default leaves no trace in the IR
    with typed_errors():
        raw = _converter.convert(to_texts(options), place.allocate, threads, progress)
    messages = to_messages(raw[-1])
    if not silent:
        _log(messages)
    return place.finish(raw, messages)


def convert_model(
    input_model: PathLike | None = None,
    *,
    framework: str | None = None,
    input: Any = None,
    output: str | list[str] | None = None,
    input_shape: Any = None,
    batch: int | None = None,
    mean_values: Any = None,
    scale_values: Any = None,
    scale: float | str | None = None,
    reverse_input_channels: bool = False,
    source_layout: Any = None,
    target_layout: Any = None,
    layout: Any = None,
    compress_to_fp16: bool = False,
    allow_fp16_overflow: bool = False,
    extensions: Any = None,
    transform: Any = None,
    transformations_config: PathLike | None = None,
    silent: bool = False,
    progress: Progress | None = None,
    input_proto: PathLike | None = None,
    k: PathLike | None = None,
    disable_omitting_optional: bool = False,
    enable_flattening_nested_params: bool = False,
    data_type: str | None = None,
    model_name: str | None = None,
    freeze_placeholder_with_value: Any = None,
    mean_file: PathLike | None = None,
    mean_file_offsets: Any = None,
    preprocess: str | None = None,
    move_to_preprocess: bool = False,
    disable_fusing: bool = False,
    disable_gfusing: bool = False,
    disable_resnet_optimization: bool = False,
    finegrain_fusing: Any = None,
    fold_constants: bool = False,
    caffe_proto: PathLike | None = None,
    ir_version: int = 11,
    threads: int | None = None,
) -> openvino.Model | Ir:
    """Converts a Caffe model.

    Options have the names and the meaning of the command line ``mo`` (see its documentation), and take its texts or
    Python's types:

    * paths: ``str`` or ``os.PathLike``; several in a list
    * ``input``: names, or ``(name, shape, type)`` or ``InputCutInfo``; several in a list
    * ``input_shape``: ``[1, 3, 224, 224]``, with -1 or None for what is not known; several in a list; PartialShape
    * ``mean_values``, ``scale_values``: ``[104, 117, 123]``; several in a list, or ``{"data": [104, 117, 123]}``
    * ``layout`` and its two sides: a text, ``{"data": "nchw"}``, a ``LayoutMap``, or a list
    * ``progress``: called as ``progress(phase, done, total)`` in this thread, with bytes, 0 for an unknown total; what
      it raises ends the conversion
    * ``silent``: warnings do not go to the logger ``caffe_mo``
    * ``threads``: at most, for the weights

    Returns:
        A model of the runtime where ``openvino`` can be imported and reads that version of IR, else an ``Ir``.

    Raises:
        ModelError, OptionError, FileError: all ``ConversionError``, with every message.
    """
    return _convert(dict(locals()), _place_for_model(ir_version))


def _same_parameters(_: Callable[_P, Any]) -> Callable[[Callable[..., _R]], Callable[_P, _R]]:
    """Types a function that takes what another takes."""

    def decorate(function: Callable[..., _R]) -> Callable[_P, _R]:
        function.__signature__ = _SIGNATURE.replace(return_annotation=Ir)  # type: ignore[attr-defined]
        return function

    return decorate


_SIGNATURE = inspect.signature(convert_model)


@_same_parameters(convert_model)
def convert_to_ir(*arguments: Any, **options: Any) -> Ir:
    """As ``convert_model``, but always gives an ``Ir``, which needs no runtime and has the warnings in ``messages``."""
    bound = _SIGNATURE.bind(*arguments, **options)
    bound.apply_defaults()
    return _convert(dict(bound.arguments), _InArray())


def _upgrade(options: dict[str, Any], place: _Place[_R]) -> _R:
    compress = options.pop("compress_to_fp16")
    texts = to_texts(options)
    if compress is not None:
        texts["compress_to_fp16"] = str(compress)
    with typed_errors():
        raw = _converter.upgrade(texts, place.allocate)
    messages = to_messages(raw[-1])
    _log(messages)
    return place.finish(raw, messages)


def upgrade_ir(
    upgrade_ir: PathLike,
    *,
    ir_version: int = 11,
    compress_to_fp16: bool | None = None,
    allow_fp16_overflow: bool = False,
    model_name: str | None = None,
) -> openvino.Model | Ir:
    """Turns an IR v2 to v7, the .xml with its .bin beside it, into one that today's runtime reads.

    ``compress_to_fp16``: None keeps the weights' type, and ``allow_fp16_overflow`` lets weights become infinite by it.
    Returns and raises what ``convert_model`` does.
    """
    return _upgrade(dict(locals()), _place_for_model(ir_version))


def upgrade_to_ir(
    upgrade_ir: PathLike,
    *,
    ir_version: int = 11,
    compress_to_fp16: bool | None = None,
    allow_fp16_overflow: bool = False,
    model_name: str | None = None,
) -> Ir:
    """As ``upgrade_ir``, but always gives an ``Ir``."""
    return _upgrade(dict(locals()), _InArray())


def save_model(model: openvino.Model | Ir, output_model: PathLike, compress_to_fp16: bool = False) -> None:
    """Writes ``output_model``, which ends in .xml, and the .bin file beside it; of an ``Ir`` also the .mapping file.

    The weights of an ``Ir`` are as it was converted: ``compress_to_fp16`` is for models of the runtime.
    """
    if isinstance(model, Ir):
        if compress_to_fp16:
            raise ValueError("the weights of an Ir are as it was converted: give compress_to_fp16 to the conversion")
        model.save(output_model)
        return
    import openvino

    openvino.save_model(model, os.fspath(output_model), compress_to_fp16)
