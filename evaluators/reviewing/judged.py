"""What people said of the drawn cases, as counts by stratum, and the shares they come to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import ALL_CASES
from data_contracts.reviews import KNOWN_DIFFERENCE, Judgement
from evaluators.columns import UNKNOWN, Columns, Measures
from evaluators.statistics.reviews import Numbers, share_interval, share_within

JUDGEMENTS = tuple(one for one in Judgement if one is not Judgement.WITHDRAWN)
"""What a judgement can be."""
SAYINGS: tuple[str, ...] = (*JUDGEMENTS, KNOWN_DIFFERENCE)
"""What a judgement can count as, in the order of columns."""
FEWEST = 5
"""Judgements of every stratum, as far as so many can be made, from which on a round is counted."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Drawn cases by stratum; each stratum of each round is one of its own.

    Attributes
    ----------
    keys
        (round, stratum).
    population, drawn
        Cases that were there to be drawn, and those drawn; shape (cells,).
    reachable
        Drawn cases that are judged or can still be: not those purged before anybody judged them.
    said
        Judgements counted, by `SAYINGS`; shape (cells, sayings).
    """

    keys: tuple[tuple[int, str], ...]
    population: Numbers
    drawn: Numbers
    reachable: Numbers
    said: Numbers

    @property
    def judged(self) -> Numbers:
        """Cases that were judged, by cell."""
        found: Numbers = self.said.sum(axis=1)
        return found

    def only(self, keep: Sequence[bool] | NDArray[np.bool_]) -> Cells:
        """Return some of the cells."""
        at = np.flatnonzero(np.asarray(keep, np.bool_))
        keys = tuple(self.keys[i] for i in at)
        return Cells(keys, self.population[at], self.drawn[at], self.reachable[at], self.said[at])


def overall(measures: Measures, *, agree: bool, known: Collection[str] = ()) -> Cells:
    """Return the cells of all disagreements, or of all agreements.

    Parameters
    ----------
    known
        Reasons that are known differences: disagreements judged with one count as that, whoever was
        right.
    """
    found = dict(segment_cells(measures, ALL_CASES, agree=agree, least=0, known=known))
    return found.get(ALL_CASES, _none())


def counted(cells: Cells) -> Cells:
    """Return the cells of the rounds that are far enough to speak for their days.

    A round is counted once every stratum of it has a few judgements, or all that can still be made.
    That goes by how far people have come, never by what they said, so it bends nothing. Of a
    stratum that was purged before anybody judged it everything stays possible.
    """
    behind = cells.judged < np.minimum(FEWEST, cells.reachable)
    nothing = (cells.drawn == 0) & (cells.population > 0)
    late = {key[0] for key, bad in zip(cells.keys, behind | nothing, strict=True) if bad}
    begun = {key[0] for key, n in zip(cells.keys, cells.judged, strict=True) if n > 0}
    return cells.only([key[0] in begun - late for key in cells.keys])


def segment_cells(
    measures: Measures, cut: str, *, agree: bool, least: int, known: Collection[str] = ()
) -> Iterator[tuple[str, Cells]]:
    """Yield the segments of a cut with at least so many judged cases, with their cells."""
    frame, counts = (
        _rows(measures, "review_frame", cut, agree),
        _rows(measures, "review_counts", cut, agree),
    )
    if not len(frame):
        return
    names = frame.labels["segment"]
    judged: dict[str, int] = {}
    for code, n in zip(_list(counts, "segment"), _list(counts, "n"), strict=True):
        name = counts.labels["segment"][code] if code != UNKNOWN else ""
        judged[name] = judged.get(name, 0) + n
    for code in np.unique(frame["segment"]).tolist():
        if code != UNKNOWN and judged.get(names[code], 0) >= least:
            yield names[code], _cells(frame, counts, names[code], () if agree else known)


def shares(cells: Cells, said: Numbers, alpha: float) -> tuple[Numbers, Numbers, Numbers]:
    """Return shares of the population of some cells, with intervals.

    Parameters
    ----------
    said
        Cases of which something was said, a column for each thing; shape (cells, things).

    Notes
    -----
    Weighted by stratum, interval by MOVER-Wilson. Of cells that nobody judged everything is
    possible: they widen the interval by their weight and leave the estimate to the others. NaN
    where nothing was judged.

    References
    ----------
    Zou & Donner (2008), doi:10.1002/sim.3095; Cochran (1977), Sampling Techniques, ch. 5.
    """
    seen = cells.judged > 0
    if not seen.any():
        nothing = np.full(said.shape[1], np.nan)
        return nothing, nothing, nothing
    share, low, high = share_interval(
        cells.population[seen], cells.judged[seen], said[seen].T, alpha
    )
    unseen = float(cells.population[~seen].sum() / cells.population.sum())
    return _widened(share, low, high, unseen)


def shares_apart(cells: Cells, said: Numbers, alpha: float) -> tuple[Numbers, Numbers, Numbers]:
    """Return shares of the cases that are no known difference, with intervals.

    As `shares`, of a part whose size is itself an estimate. NaN where nothing but known differences
    was judged.

    References
    ----------
    Cochran (1977), Sampling Techniques, sec. 5A.14.
    """
    seen = cells.judged > 0
    within = cells.judged - cells.said[:, SAYINGS.index(KNOWN_DIFFERENCE)]
    if not within.any():
        nothing = np.full(said.shape[1], np.nan)
        return nothing, nothing, nothing
    share, low, high = share_within(
        cells.population[seen], cells.judged[seen], within[seen], said[seen].T, alpha
    )
    inside = float((cells.population[seen] * within[seen] / cells.judged[seen]).sum())
    lost = float(cells.population[~seen].sum())
    return _widened(share, low, high, lost / (lost + inside))


def _widened(
    share: Numbers, low: Numbers, high: Numbers, unseen: float
) -> tuple[Numbers, Numbers, Numbers]:
    """Return a share whose interval allows for a part of the cases that nobody judged."""
    low = np.clip((1 - unseen) * low, 0, 1)
    high = np.clip((1 - unseen) * high + unseen, 0, 1)
    return share, np.minimum(low, share), np.maximum(high, share)


def _rows(measures: Measures, name: str, cut: str, agree: bool) -> Columns:
    table = measures.get(name, Columns({}))
    if not len(table):
        return Columns({})
    return table.where((table["cut"] == table.code("cut", cut)) & (table["agree"] == int(agree)))


def _cells(frame: Columns, counts: Columns, segment: str, known: Collection[str]) -> Cells:
    mine = frame.where(frame["segment"] == frame.code("segment", segment))
    strata = mine.labels["stratum"]
    rows = sorted(
        zip(
            _list(mine, "round"),
            [strata[code] for code in _list(mine, "stratum")],
            _list(mine, "population"),
            _list(mine, "drawn"),
            _list(mine, "reachable"),
            strict=True,
        )
    )
    place = {(number, stratum): i for i, (number, stratum, *_) in enumerate(rows)}
    said = np.zeros((len(rows), len(SAYINGS)))
    if len(counts):
        theirs = counts.where(counts["segment"] == counts.code("segment", segment))
        names = ("round", "stratum", "judgement", "reason", "n")
        for number, stratum, judgement, reason, n in zip(
            *(_list(theirs, name) for name in names), strict=True
        ):
            key = (number, theirs.labels["stratum"][stratum])
            told = theirs.labels["judgement"][judgement]
            if reason != UNKNOWN and theirs.labels["reason"][reason] in known:
                told = KNOWN_DIFFERENCE
            said[place[key], SAYINGS.index(told)] += n
    population, drawn, reachable = (np.array([row[i] for row in rows], float) for i in (2, 3, 4))
    return Cells(tuple(place), population, drawn, reachable, said)


def _list(table: Columns, name: str) -> list[int]:
    return [int(value) for value in table[name].tolist()] if len(table) else []


def _none() -> Cells:
    nothing = np.zeros(0)
    return Cells((), nothing, nothing, nothing, np.zeros((0, len(SAYINGS))))
