"""What the functions beside this file demand of their arguments.

Each demand gives the value back, or raises one ValueError that names it and what was expected.
"""

from operator import index

import numpy as np
from numpy.typing import ArrayLike, NDArray


def count(name: str, number: int, least: int = 0) -> int:
    """A whole number of at least `least`."""
    try:
        whole = index(number)  # refuses 3.0, accepts numpy's integers
    except TypeError:
        raise ValueError(f"{name} is {number!r}: expected a whole number") from None
    if whole < least:
        raise ValueError(f"{name} is {whole}: expected at least {least}")
    return whole


def at_most(name: str, number: int, rows: int) -> int:
    """A count of examples that fits into `rows` of them."""
    if number > rows:
        raise ValueError(f"{name} is {number}: expected at most rows, which is {rows}")
    return number


def level(confidence: float) -> float:
    """A confidence level between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"level is {confidence!r}: expected a number between 0 and 1, like 0.95")
    return confidence


def finite(name: str, values: ArrayLike, least: int = 1) -> NDArray[np.float64]:
    """At least `least` finite numbers, shape (n,)."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or array.size < least:
        raise ValueError(f"{name} has shape {array.shape}: expected (n,) with n at least {least}")
    if not np.isfinite(array).all():
        place = int(np.argmin(np.isfinite(array)))
        raise ValueError(f"{name}[{place}] is {array[place]}: expected finite numbers")
    return array


def table(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Finite numbers in columns, shape (n, c), of at least one row."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{name} has shape {array.shape}: expected (n, c) with n at least 1")
    finite(name, array.ravel())
    return array


def confusion(counts: ArrayLike) -> NDArray[np.int64]:
    """A matrix of counts, shape (K, K), that are not all zero."""
    matrix = np.asarray(counts)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"confusion has shape {matrix.shape}: expected (K, K)")
    cells = finite("confusion", matrix.ravel())
    if (cells < 0).any() or (cells != cells.round()).any():
        odd = cells[(cells < 0) | (cells != cells.round())][0]
        raise ValueError(f"confusion has a cell of {odd}: expected counts")
    if not cells.any():
        raise ValueError("confusion is all zero: expected at least one example")
    return matrix.astype(np.int64)


def share(name: str, number: float) -> float:
    """A number above 0 and below 1."""
    if not 0 < number < 1:
        raise ValueError(f"{name} is {number!r}: expected a number above 0 and below 1")
    return number


def probabilities(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Probabilities of classes, shape (n, K), each row with the sum 1."""
    matrix = table(name, values)
    off = np.flatnonzero((matrix < 0).any(axis=1) | (np.abs(matrix.sum(axis=1) - 1) > 1e-3))
    if off.size:
        row = int(off[0])
        raise ValueError(f"{name}[{row}] is {matrix[row]}: expected shares with the sum 1")
    return matrix
