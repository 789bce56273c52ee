"""Who was right where the two differ, as people judged it: over all, by stratum, by segment."""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.findings import ALL_CASES
from evaluators.columns import Measures
from evaluators.kinds import Report, Rows
from evaluators.reviewing.judged import (
    JUDGEMENTS,
    SAYINGS,
    Cells,
    counted,
    overall,
    segment_cells,
    shares,
)
from evaluators.scope import Scope

LEAST = 10
"""Judged disagreements of a segment, below which it is not told singly."""
COLUMNS = ("part", "cut", "name", "judgement", "estimate", "low", "high")
SIZES = ("judged", "drawn", "population", "said")


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row for every judgement of all disagreements, agreements, strata and segments.

    Notes
    -----
    Shares of the cases that were there to be drawn, each stratum by its size and not by its
    reviews. "Cannot tell" is a share of its own and stays in what the others are shares of; so are
    known differences, told where the study names any: whoever was right in a disagreement judged
    with such a reason, it counts for neither side. Of all
    disagreements only rounds count in which every stratum has a few judgements; a stratum or a
    segment is told of the rounds that have any. Intervals are for one look. What was said of the
    judged cases is counted as it is: pooled over strata or rounds it is another share.

    References
    ----------
    Cochran (1977), Sampling Techniques, ch. 5; Zou & Donner (2008), doi:10.1002/sim.3095.
    """
    found: dict[str, list[object]] = {name: [] for name in (*COLUMNS, *SIZES)}
    for place, cells in _parts(measures, scope):
        used = counted(cells) if place[0] in ("disagreements", "agreements") else cells
        estimate, low, high = shares(used, used.said, scope.alpha)
        told = used if used.keys else cells
        said = told.said.sum(axis=0)
        sizes = [int(x.sum()) for x in (told.judged, told.drawn, told.population)]
        apart = place[0] != "agreements" and scope.terms.review.known_differences
        for i, saying in enumerate(SAYINGS if apart else JUDGEMENTS):
            values = (*place, str(saying), float(estimate[i]), float(low[i]), float(high[i]))
            for name, value in zip(
                (*COLUMNS, *SIZES), (*values, *sizes, int(said[i])), strict=True
            ):
                found[name].append(value)
    return found


def _parts(measures: Measures, scope: Scope) -> Iterator[tuple[tuple[str, str, str], Cells]]:
    known = scope.terms.review.known_differences
    differ, same = (overall(measures, agree=agree, known=known) for agree in (False, True))
    for part, cells in (("disagreements", differ), ("agreements", same)):
        if cells.drawn.sum() > 0:
            yield (part, "", ""), cells
    for name in dict.fromkeys(name for _, name in differ.keys):
        mine = differ.only([stratum == name for _, stratum in differ.keys])
        yield ("stratum", "", name), _begun(mine)
    for cut in scope.cuts:
        if cut == ALL_CASES:
            continue
        for name, cells in segment_cells(measures, cut, agree=False, least=LEAST, known=known):
            if cells.population.sum() >= scope.terms.smallest_segment:
                yield ("segment", cut, name), _begun(cells)


def _begun(cells: Cells) -> Cells:
    """Return the cells of the rounds in which anything was judged, or all where none is."""
    begun = {key[0] for key, n in zip(cells.keys, cells.judged, strict=True) if n > 0}
    return cells.only([key[0] in begun for key in cells.keys]) if begun else cells


REPORT = Report("review_results", "Who was right, as people judged", ("review_counts",), tabulate)
