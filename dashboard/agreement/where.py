"""The segments in which the two differ most often, each with its interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.agreement.counted import Asked
from dashboard.charts.ranked import Mark, Ranked, ranked
from dashboard.escape import plain
from dashboard.figures import gated_cut
from dashboard.page import Visit
from dashboard.parts import Figure, figure, stamp
from dashboard.published import OUTCOMES, Row, counts
from data_contracts.findings import WHOLE, Finding
from data_contracts.vocabulary import Answer
from evaluators.statistics.intervals import share_p_value, wilson
from evaluators.statistics.multiplicity import holm
from evaluators.wording import count, level, percent

MOST = 10


@dataclass(frozen=True, slots=True)
class Part:
    """Answered cases of a segment, and how many of them differ.

    Attributes
    ----------
    low, high
        Interval of the share, the segment taken singly.
    above
        Whether the share is shown to be higher than that of all cases, all segments considered.
    """

    name: str
    n: int
    differ: int
    low: float
    high: float
    above: bool

    @property
    def share(self) -> float:
        """The part that differs."""
        return self.differ / self.n


def parts_of(rows: Sequence[Row], smallest: int, alpha: float, whole: float) -> tuple[Part, ...]:
    """Return the segments large enough to be shown, the one that differs most often first.

    Parameters
    ----------
    whole
        Share of all answers that differ. A segment is above it by Holm's procedure over the score
        tests that Wilson's intervals invert: the chance that any is named wrongly stays at alpha.
    """
    n: dict[str, int] = defaultdict(int)
    differ: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["answer"] == Answer.ANSWERED and row["segment"] is not None:
            n[row["segment"]] += int(row["n"])
            differ[row["segment"]] += 0 if row["agree"] else int(row["n"])
    names = [name for name in n if n[name] >= max(smallest, 1)]
    cases = np.array([n[name] for name in names], np.float64)
    differing = np.array([differ[name] for name in names], np.float64)
    low, high = wilson(differing, cases, alpha)
    shown = holm(share_p_value(differing, cases, whole)) <= alpha
    above = shown & (differing > cases * whole)
    parts = [
        Part(name, n[name], differ[name], float(a), float(b), bool(c))
        for name, a, b, c in zip(names, low, high, above, strict=True)
    ]
    return tuple(sorted(parts, key=lambda part: (-part.share, part.name)))


def where_answer(parts: Sequence[Part]) -> str:
    """Return where the two differ most, as a sentence without its stop; not escaped.

    Examples
    --------
    >>> lga = Part("LGA", 1000, 80, 0.065, 0.098, above=True)
    >>> where_answer([lga, Part("JFK", 900, 9, 0.005, 0.02, above=False)])
    'Answers differ more often than elsewhere in LGA: 8.0%'
    """
    above = [part for part in parts if part.above]
    if len(parts) == 1:
        return f"The one segment that can be shown is {parts[0].name}: {percent(parts[0].share)}"
    if not above:
        return "No segment is shown to differ more often than all together"
    first = above[0]
    if len(above) == 1:
        return f"Answers differ more often than elsewhere in {first.name}: {percent(first.share)}"
    return (
        f"In {len(above):,} of {len(parts):,} segments answers differ more often than in all "
        f"together, among these most in {first.name}: {percent(first.share)}"
    )


def where(visit: Visit, asked: Asked, agreement: Finding) -> None:
    """Show the segments of the first cut in which the two differ most often."""
    cut = gated_cut(visit)
    if cut is None or asked.segment != WHOLE or agreement.estimate is None:
        return
    publication = visit.evidence.publication
    rows = counts(visit, OUTCOMES, ("segment", "answer", "agree"), cut=cut, period=asked.period)
    whole, bound = 1 - agreement.estimate, level(publication.alpha)
    parts = parts_of(rows, publication.smallest_segment, publication.alpha, whole)
    if not parts:
        return
    sentence, drawn = where_answer(parts), parts[:MOST]
    first = next((part for part in parts if part.above), parts[0])
    numbers = (
        f"{plain(first.name)}: **{percent(first.share)}** ({bound} interval {percent(first.low)} "
        f"to {percent(first.high)}; {count(first.n, 'case')}); all together {percent(whole)}. By "
        f"{plain(cut)}, segments of {publication.smallest_segment:,} cases and more"
        + (f"; drawn are {len(drawn)} of {len(parts):,}." if len(drawn) < len(parts) else ".")
    )
    figure(
        Figure(
            name="where-they-differ",
            sentence=plain(sentence),
            numbers=numbers,
            takeaway=f"Segments in which the two differ most often. {sentence}.",
            chart=ranked(
                [
                    Ranked(
                        part.name,
                        f"{percent(part.share)} ({part.n:,} cases)",
                        Mark(100 * part.share, 100 * part.low, 100 * part.high),
                        Mark(100 * whole),
                    )
                    for part in drawn
                ],
                "Share of answers that differ",
                visit.palette,
            ),
            how=(
                "A row for each segment: the dot is the share of answers that differ, the line "
                f"its {bound} interval (Wilson, for one look, cases taken as independent), ◇ the "
                "share over all cases. Lines take each segment singly: among many some lie above "
                "by chance. The sentence names only what is shown with all segments considered "
                "(Holm)."
            ),
            table=[_row(part) for part in drawn],
            csv=lambda: [
                {
                    **stamp(visit),
                    "cut": cut,
                    "segment": part.name,
                    "differ": part.differ,
                    "share": part.share,
                    "low": part.low,
                    "high": part.high,
                    "n": part.n,
                    "state": "more than all together" if part.above else "not shown",
                }
                for part in parts
            ],
        ),
        visit,
    )


def _row(part: Part) -> dict[str, str]:
    return {
        "Segment": part.name,
        "Differ": percent(part.share),
        "Interval": f"{percent(part.low)} to {percent(part.high)}",
        "Cases": f"{part.n:,}",
    }
