"""Made-up columns: times, picks and numbers as Arrow arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

FIRST_MONDAY = np.datetime64("2025-09-01T00:00", "m")
DAY = 24 * 60
"""Minutes of a day."""

Numbers = NDArray[np.int64]
Times = NDArray[np.datetime64]
Truths = NDArray[np.bool_]


def minutes_of_days(
    chance: np.random.Generator, days: int, a_day: int, opens: int = 8, closes: int = 18
) -> Numbers:
    """Return sorted times of cases, as many each day, in minutes since the first Monday."""
    first = np.repeat(np.arange(days), a_day) * DAY
    return np.sort(first + chance.integers(opens * 60, closes * 60, len(first)))


def moment(minutes: Numbers, first: np.datetime64 = FIRST_MONDAY) -> Times:
    """Return the time that many minutes after the first Monday began."""
    times: Times = first + minutes.astype("timedelta64[m]")
    return times


def later(times: Times, seconds: Numbers) -> Times:
    """Return times so many seconds later."""
    moved: Times = times.astype("datetime64[s]") + seconds.astype("timedelta64[s]")
    return moved


def recorded(chance: np.random.Generator, times: Times, hours: int) -> pa.Array:
    """Return when records of events were made, at most so many hours later, as texts."""
    return written(later(times, chance.integers(60, hours * 3600, len(times))))


def written(times: Times, form: str = "%Y-%m-%dT%H:%M:%SZ") -> pa.Array:
    """Return times as texts."""
    return pc.strftime(pa.array(times.astype("datetime64[s]")), form)


def pick(
    chance: np.random.Generator,
    names: Sequence[str],
    count: int,
    shares: Sequence[float] | None = None,
) -> pa.Array:
    """Return names drawn at random, all as often, or in these shares."""
    if shares is None:
        return pa.array(np.array(names)[chance.integers(0, len(names), count)])
    return pa.array(np.array(names)[chance.choice(len(names), count, p=shares)])


def either(truth: Truths, yes: str, no: str) -> pa.Array:
    """Return one of two names, case by case."""
    return pa.array(np.where(truth, yes, no))


def known(column: pa.Array, where: Truths) -> pa.Array:
    """Return a column that is empty elsewhere.

    Examples
    --------
    >>> known(pa.array([1, 2]), np.array([True, False])).to_pylist()
    [1, None]
    """
    return pc.if_else(pa.array(where), column, pa.scalar(None, column.type))


def numbered(prefix: str, numbers: Numbers) -> pa.Array:
    """Return names made of a prefix and a number."""
    return joined(prefix, pc.cast(pa.array(numbers), pa.string()))


def joined(*parts: str | pa.Array) -> pa.Array:
    """Return texts put together, row by row."""
    return pc.binary_join_element_wise(*parts, "")


def chance_of(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log odds as chances."""
    odds: NDArray[np.float64] = 1 / (1 + np.exp(-score))
    return odds
