"""What is said about a model, and the exceptions that say it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import _converter

_FAQ = Path(__file__).with_name("FAQ.md")


@dataclass(frozen=True)
class Message:
    """One fact: what is wrong, where, why, and what to do."""

    level: str
    """``info``, ``warning`` or ``error``."""
    code: str
    """Stable, and the heading of its entry in the FAQ: ``unsupported-layer``."""
    cause: str
    """One sentence, without the place."""
    remedy: str
    """What the user can do; may be empty."""
    layer: str
    """Name of the Caffe layer; empty where it is not about one."""
    layer_type: str
    """Its Caffe type."""
    file: str
    """Path as it was given."""
    line: int
    """In a text file, from 1; 0: not about a line."""
    column: int
    """In bytes, from 1."""
    field: str
    """Path of the field in a binary file: ``layer[3].blobs[0].data``."""
    byte_offset: int
    """Of the field in its file; -1: not about one."""
    text: str
    """All of it in lines, as the program prints it."""

    @property
    def faq(self) -> str:
        """URL of the entry in the FAQ that comes with this package."""
        return f"{_FAQ.as_uri()}#{self.code}"

    def __str__(self) -> str:
        return self.text.rstrip()


class ConversionError(Exception):
    """Why there is no result.  ``code``, ``layer`` and ``faq`` are those of the first error."""

    exit_status = 4

    def __init__(self, messages: tuple[Message, ...]):
        self.messages = messages
        """Everything that was found out: errors, warnings and notes."""
        super().__init__("\n".join(str(message) for message in self.errors))

    @property
    def errors(self) -> tuple[Message, ...]:
        """The messages that are errors; there is at least one."""
        return tuple(message for message in self.messages if message.level == "error")

    @property
    def code(self) -> str:
        return self.errors[0].code

    @property
    def layer(self) -> str:
        return self.errors[0].layer

    @property
    def faq(self) -> str:
        return self.errors[0].faq

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.messages,)


class ModelError(ConversionError):
    """The model cannot be converted."""

    exit_status = 1


class OptionError(ConversionError, ValueError):
    """An option is wrong."""

    exit_status = 2


class FileError(ConversionError, OSError):
    """A file cannot be read or written."""

    exit_status = 3

    def __str__(self) -> str:
        return Exception.__str__(self)


class InternalError(ConversionError):
    """A defect of the converter: please report it."""


_BY_STATUS = {kind.exit_status: kind for kind in (ModelError, OptionError, FileError, InternalError)}


def to_messages(raw: list[dict[str, Any]]) -> tuple[Message, ...]:
    return tuple(Message(**fields) for fields in raw)


@contextlib.contextmanager
def typed_errors() -> Iterator[None]:
    """Makes exceptions of this package of the module's own."""
    try:
        yield
    except _converter.Failed as failed:
        status, raw = failed.args
        error = _BY_STATUS.get(status, InternalError)(to_messages(raw))
    else:
        return
    raise error from None
