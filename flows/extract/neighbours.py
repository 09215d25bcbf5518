"""Columns of tokens as arrays, and what stands beside each token: a letter is a byte, and 0 where there is none."""

from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

Letters = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]
Column = TypeVar("Column", Letters, Flags)

ALPHABET = pl.Series([None, *(chr(letter) for letter in range(1, 128))], dtype=pl.String)


def before(values: Column, n: int = 1, fill: bool = False) -> Column:
    """The value of the n-th token before each; `fill` where there is none."""
    return np.concatenate([np.full(min(n, len(values)), fill, dtype=values.dtype), values[:-n]])


def behind(values: Column, n: int = 1) -> Column:
    """The value of the n-th token behind each; 0 or False where there is none."""
    return np.concatenate([values[n:], np.zeros(min(n, len(values)), dtype=values.dtype)])


def changes(values: NDArray[Any]) -> Flags:
    """Where a column of numbers differs from the row before; so does the first row."""
    return np.concatenate([np.full(min(1, len(values)), True), values[1:] != values[:-1]])


def read_letters(column: pl.Series) -> Letters:
    """A column of single ASCII letters as bytes; NULL is 0."""
    return np.frombuffer(str(column.fill_null("\0").str.join("").item()).encode("ascii"), dtype=np.uint8)


def write_letters(name: str, letters: Letters) -> pl.Series:
    """Bytes as a column of letters; 0 is NULL."""
    return ALPHABET[pl.Series(letters)].alias(name)


def is_one(letters: Letters, options: str) -> Flags:
    """Where a letter is one of a few."""
    table = np.zeros(256, dtype=np.bool_)
    table[list(options.encode("ascii"))] = True
    return table[letters]


def first_of(*layers: Letters | tuple[Flags, str]) -> Letters:
    """The first letter that each token has: of a layer, or one letter where its flag is set."""
    letters = np.zeros(0, dtype=np.uint8)
    for layer in reversed(layers):
        if isinstance(layer, tuple):
            letters = np.where(layer[0], np.uint8(ord(layer[1])), letters if len(letters) else np.uint8(0))
        else:
            letters = np.where(layer, layer, letters) if len(letters) else layer
    return letters
