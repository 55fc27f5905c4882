"""Whole numbers as bytes that a database keeps, 32 bits each: read back at once, where JSON takes them one by one."""

import sys
from array import array
from collections.abc import Iterable


def written(numbers: Iterable[int]) -> bytes:
    """The bytes that `read` understands, on any machine. Raises OverflowError for a number of more than 32 bits."""
    return _little(array("i", numbers)).tobytes()


def read(content: bytes) -> "array[int]":
    """The numbers that were written. Raises ValueError for bytes that are damaged."""
    numbers = array("i")
    numbers.frombytes(content)
    return _little(numbers)


def _little(numbers: "array[int]") -> "array[int]":
    """The same with the bytes in the order that is stored, or from it."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
