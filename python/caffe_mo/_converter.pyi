"""The module in C++ (python/src/module.cpp)."""

from collections.abc import Callable
from typing import Any

import numpy
from numpy.typing import NDArray

__version__: str

class Failed(Exception): ...

def convert(
    options: dict[str, str],
    allocate: Callable[[int], NDArray[numpy.uint8]],
    threads: int,
    report: Callable[[str, int, int], object] | None,
) -> tuple[bytes, bytes, list[tuple[str, list[int]]], list[tuple[str, list[int]]], list[dict[str, Any]]]: ...
def upgrade(
    options: dict[str, str], allocate: Callable[[int], NDArray[numpy.uint8]]
) -> tuple[bytes, bytes, list[tuple[str, list[int]]], list[tuple[str, list[int]]], list[dict[str, Any]]]: ...
def inspect(options: dict[str, str]) -> tuple[str, bool, list[Any], list[dict[str, Any]]]: ...
def save(xml: bytes, weights: NDArray[numpy.uint8], mapping: bytes, path: str) -> None: ...
