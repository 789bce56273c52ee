"""Bins of a feature: of numbers between edges, of texts by value; from days or from a profile."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from evaluators.drifting.bin_names import NAMED, NEVER_SEEN, NO_VALUE, OTHER, ranges
from evaluators.drifting.input_reference import MISSING, UNSEEN
from evaluators.feed.profiles import FieldMode, FieldProfile, bin_edge
from pipelines.warehouse.connection import literal

RARE = 5
"""A value held fewer times in the reference is not named."""
MOST = 1000
"""Different values of a text that are kept apart from those never seen."""
NO_NUMBER = "not a number"


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin as it is kept; see `drift_reference` among the warehouse's tables."""

    bin: int
    label: str
    n: int
    edge: float | None = None
    centre: float | None = None
    spread: float | None = None
    known: tuple[int, ...] | None = ()


Bins = tuple[Bin, ...]


def number_of(edges: Sequence[float]) -> str:
    """Return the SQL of the number of the bin that `x` falls into.

    Examples
    --------
    >>> number_of([1.0])
    'CASE WHEN x < 1.0 THEN 0 ELSE 1 END'
    """
    cases = " ".join(f"WHEN x < {edge!r} THEN {i}" for i, edge in enumerate(edges))
    return f"CASE {cases} ELSE {len(edges)} END"


def numbers(
    edges: Sequence[float],
    counts: Sequence[tuple[int, float | None]],
    spread: float,
    missing: int,
    other: int,
) -> Bins:
    """Return the bins of numbers; an empty bin stands at its edge."""
    starts = [None, *edges]
    labels = ranges(edges)
    return (
        *(
            Bin(i, labels[i], n, starts[i], _centre(centre, i, edges), spread)
            for i, (n, centre) in enumerate(counts)
        ),
        Bin(MISSING, NO_VALUE, missing, spread=spread),
        Bin(UNSEEN, NO_NUMBER, other, spread=spread),
    )


def _centre(centre: float | None, number: int, edges: Sequence[float]) -> float:
    if centre is not None:
        return centre
    return edges[max(0, number - 1)] if edges else 0.0


def texts(
    values: Sequence[tuple[str, int, int]],
    given: int,
    missing: int,
    *,
    complete: bool,
    hidden: bool,
) -> Bins:
    """Return the bins of texts, the most frequent first; without their names where hidden."""
    named = [row for row in values[:NAMED] if row[1] >= RARE]
    rest = values[len(named) :]
    bins = [
        Bin(i, f"value {i + 1}" if hidden else text, n, known=(print_,))
        for i, (text, n, print_) in enumerate(named)
    ]
    known = tuple(row[2] for row in rest) if complete else None
    bins.append(Bin(len(named), OTHER, given - sum(b.n for b in bins), known=known))
    bins.append(Bin(MISSING, NO_VALUE, missing))
    return (*bins, Bin(UNSEEN, NEVER_SEEN, 0)) if complete else tuple(bins)


def of_profile(connection: duckdb.DuckDBPyConnection, field: FieldProfile, bins: int) -> Bins:
    """Return the bins of a field as the pilot's profile has counted it."""
    given = field.rows - field.missing
    if field.mode is FieldMode.NUMBERS:
        held = {int(v): n for v, n in field.values.items() if v is not None and _is_whole(v)}
        return _of_fine_bins(dict(sorted(held.items())), given, field.missing, bins)
    if field.mode is not FieldMode.VALUES:
        return texts((), given, field.missing, complete=False, hidden=True)
    found = sorted(
        ((v, n) for v, n in field.values.items() if v), key=lambda row: (-row[1], row[0])
    )
    prints = [
        connection.execute(f"SELECT md5_number_lower({literal(v)})::UBIGINT").fetchall()[0][0]
        for v, _ in found
    ]
    rows = [(v, n, p) for (v, n), p in zip(found, prints, strict=True)]
    return texts(rows, given, field.missing, complete="" not in field.values, hidden=False)


def _of_fine_bins(held: Mapping[int, int], given: int, missing: int, bins: int) -> Bins:
    """Return about equally full bins of numbers from finer ones, whose edges they share."""
    total, running = sum(held.values()), 0
    edges: list[float] = []
    sums: list[list[float]] = [[0, 0.0]]
    squares = 0.0
    for number, n in held.items():
        start, end = _span(number)
        if running * bins >= total * len(sums) and sums[-1][0]:
            edges.append(start)
            sums.append([0, 0.0])
        middle = (start + end) / 2
        sums[-1][0] += n
        sums[-1][1] += n * middle
        squares += n * middle**2
        running += n
    mean = sum(s for _, s in sums) / max(total, 1)
    spread = math.sqrt(max(0.0, squares / max(total, 1) - mean**2))
    counts: list[tuple[int, Any]] = [(int(n), s / n if n else None) for n, s in sums]
    return numbers(edges, counts, spread, missing, given - total)


def _span(number: int) -> tuple[float, float]:
    """Return the least and the greatest number of a bin of the profile."""
    if number == 0:
        return -bin_edge(1), bin_edge(1)
    ends = (bin_edge(number), math.copysign(bin_edge(abs(number) + 1), number))
    return min(ends), max(ends)


def _is_whole(text: str) -> bool:
    return text.lstrip("-").isdigit()
