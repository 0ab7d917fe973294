"""Options in Python's types, and as texts of the command line, which alone says what they mean."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Union

PathLike = Union[str, "os.PathLike[str]"]


class InputCutInfo(NamedTuple):
    """An input, or a place to cut the net at, as of the original's package."""

    name: str | None = None
    shape: Any = None
    type: Any = None
    value: Any = None


class LayoutMap(NamedTuple):
    """The net's layout, and the application's."""

    source_layout: Any = None
    target_layout: Any = None


_ELEMENT_TYPES = {
    "bool": "boolean",
    "float16": "f16",
    "float32": "f32",
    "float64": "f64",
    "int32": "i32",
    "int64": "i64",
    "uint8": "u8",
}


def _number(value: Any) -> str:
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))


def _dimension(value: Any) -> str:
    if value is None:
        return "?"
    text = str(value)
    return "?" if text == "-1" else text


def _shape(value: Any) -> str:
    """Of numbers, -1, None, or the runtime's Dimension, Shape and PartialShape, which iterate over theirs."""
    if isinstance(value, str):
        return value
    return "[" + ",".join(_dimension(dimension) for dimension in value) + "]"


def _is_shape_type(value: Any) -> bool:
    return type(value).__name__ in ("PartialShape", "Shape")


def shapes(value: Any) -> str:
    if isinstance(value, str):
        return value
    if _is_shape_type(value):
        return _shape(value)
    if any(_is_sequence(part) or isinstance(part, str) for part in value):
        return ",".join(_shape(part) for part in value)
    return _shape(value)


def _values(value: Any) -> str:
    return "[" + ",".join(_number(part) for part in (value if _is_sequence(value) else [value])) + "]"


def channel_values(value: Any) -> str:
    """Numbers, several lists of them, or by the names of inputs."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ",".join(f"{name}{_values(values)}" for name, values in value.items())
    if _is_sequence(value) and any(_is_sequence(part) for part in value):
        return ",".join(_values(part) for part in value)
    return _values(value)


def _element_type(value: Any) -> str:
    """Of the IR's name, the runtime's Type, or what NumPy takes for a type."""
    if isinstance(value, str):
        return value
    if hasattr(value, "get_type_name"):
        return str(value.get_type_name())
    import numpy

    name = str(numpy.dtype(value).name)
    return _ELEMENT_TYPES.get(name, name)


def _constant(value: Any) -> str:
    if _is_sequence(value):
        return "[" + " ".join(_number(part) for part in value) + "]"
    return _number(value)


def _input(item: Any) -> str:
    if isinstance(item, str):
        return item
    if not isinstance(item, InputCutInfo):
        if not _is_sequence(item) or _is_shape_type(item):
            item = (item,)
        name = next((part for part in item if isinstance(part, str)), None)
        shape = next((part for part in item if _is_sequence(part)), None)
        kind = next((part for part in item if part is not name and part is not shape), None)
        item = InputCutInfo(name, shape, kind)
    text = item.name or ""
    if item.shape is not None:
        text += _shape(item.shape)
    if item.type is not None:
        text += "{" + _element_type(item.type) + "}"
    if item.value is not None:
        text += "->" + _constant(item.value)
    return text


def inputs(value: Any) -> str:
    """A text, one of the original's forms, or several of them in a list."""
    return ",".join(_input(item) for item in (value if isinstance(value, list) else [value]))


def names(value: Any) -> str:
    return value if isinstance(value, str) else ",".join(str(part) for part in value)


def _one_layout(value: Any) -> str:
    if isinstance(value, LayoutMap):
        source, target = value
        return f"{'' if source is None else source}" + ("" if target is None else f"->{target}")
    return str(value)


def layouts(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}({_one_layout(layout)})" for name, layout in value.items())
    if isinstance(value, list):
        return ",".join(_one_layout(layout) for layout in value)
    return _one_layout(value)


def frozen(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}->{_constant(values)}" for name, values in value.items())
    return str(value)


def _offsets(value: Any) -> str:
    return value if isinstance(value, str) else f"({value[0]},{value[1]})"


def paths(value: Any) -> str:
    return names([os.fspath(part) for part in (value if isinstance(value, (list, tuple)) else [value])])


def _scale(value: Any) -> str:
    return value if isinstance(value, str) else _number(value)


FORMS: dict[str, Callable[[Any], str]] = {
    "input_model": os.fspath,
    "input_proto": os.fspath,
    "framework": str,
    "model_name": str,
    "input": inputs,
    "input_shape": shapes,
    "batch": str,
    "output": names,
    "freeze_placeholder_with_value": frozen,
    "layout": layouts,
    "source_layout": layouts,
    "target_layout": layouts,
    "mean_values": channel_values,
    "scale_values": channel_values,
    "scale": _scale,
    "mean_file": os.fspath,
    "mean_file_offsets": _offsets,
    "preprocess": str,
    "data_type": str,
    "ir_version": str,
    "finegrain_fusing": names,
    "transform": names,
    "transformations_config": os.fspath,
    "k": os.fspath,
    "extensions": paths,
    "caffe_proto": os.fspath,
    "upgrade_ir": os.fspath,
}


def _is_absent(value: Any) -> bool:
    return value is None or value is False or (isinstance(value, (str, Sequence)) and len(value) == 0)


def to_texts(options: Mapping[str, Any]) -> dict[str, str]:
    """Every option that is given, as the command line has it; switches are ``True``."""
    return {
        name: FORMS.get(name, str)(value)
        for name, value in options.items()
        if not _is_absent(value)
    }
