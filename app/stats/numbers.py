"""Numbers as bytes that a database keeps, read back at once, where JSON takes them one by one."""

import sys
from array import array
from collections.abc import Iterable
from typing import TypeVar

NumberT = TypeVar("NumberT", int, float)


def written(numbers: Iterable[int]) -> bytes:
    """The bytes of whole numbers that `read` understands, on any machine, 32 bits each.

    Raises OverflowError for a number of more.
    """
    return _little(array("i", numbers)).tobytes()


def read(content: bytes) -> "array[int]":
    """The numbers that were written. Raises ValueError for bytes that are damaged."""
    numbers = array("i")
    numbers.frombytes(content)
    return _little(numbers)


def written_reals(numbers: Iterable[float]) -> bytes:
    """The bytes of numbers that `read_reals` understands, on any machine, 64 bits each."""
    return _little(array("d", numbers)).tobytes()


def read_reals(content: bytes) -> "array[float]":
    """The numbers that were written. Raises ValueError for bytes that are damaged."""
    numbers = array("d")
    numbers.frombytes(content)
    return _little(numbers)


def _little(numbers: "array[NumberT]") -> "array[NumberT]":
    """The same with the bytes in the order that is stored, or from it."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
