"""The tiles of the readiness page: only those there is something to say in."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.cells import LEFT_OUT
from dashboard.escape import plain
from dashboard.limits import whole_limit
from dashboard.page import Visit
from dashboard.parts import Tile
from dashboard.published import OUTCOMES, counts
from dashboard.segments import DIFFERENCE, segment_table
from dashboard.vouched import Vouched, vouched
from dashboard.words import bounds, share
from data_contracts.vocabulary import Answer, Shown
from evaluators.wording import joined, level, points

KNOWN = "accuracy_production"
"""The metric whose n is the number of mature cases with a known outcome."""


def figure_tiles(visit: Visit) -> tuple[Tile, ...]:
    """Return at most four tiles: difference, segments, outcomes, answers."""
    return tuple([*_difference(visit), *_segments(visit), *_cases(visit)])


def joint_count(visit: Visit, cut: str) -> tuple[int, int] | None:
    """Return how many segments the cut's gate vouches for together, and how many it needs.

    None where it counts something else: cases, or the segments of several cuts.
    """
    found = vouched_on(visit, cut)
    return None if found is None else found.of_one_cut


def vouched_on(visit: Visit, cut: str) -> Vouched | None:
    """Return what the gate that judges a cut vouches for; None without one that counts."""
    gate = visit.evidence.gate_on(visit.candidate, cut)
    return None if gate is None else vouched(gate.result, gate.settings)


def gated_cut(visit: Visit) -> str | None:
    """Return the first cut the policy has a gate on, else the first cut."""
    cuts = visit.evidence.cuts
    gated = [cut for cut in cuts if visit.evidence.limits[cut] is not None]
    return next(iter([*gated, *cuts]), None)


def _difference(visit: Visit) -> Iterator[Tile]:
    limit = whole_limit(visit.evidence)
    found = visit.evidence.finding(DIFFERENCE, visit.candidate)
    if found is not None and found.estimate is not None:
        yield Tile(
            "Difference",
            f"{points(found.estimate, limit)} points",
            f"{level(visit.evidence.publication.alpha)}: {bounds(found.low, found.high, limit)}",
            "AI minus production, in accuracy, over all cases old enough; above 0 the AI is "
            "right more often.",
        )


def _segments(visit: Visit) -> Iterator[Tile]:
    cut = gated_cut(visit)
    if cut is None or OUTCOMES not in visit.evidence.measures:
        return
    rows = segment_table(str(visit.evidence.path), visit.candidate, cut, None)
    good = len(rows.having(Shown.BETTER, Shown.AT_LEAST_AS_GOOD))
    gate, named = joint_count(visit, cut), plain(cut)
    other = vouched_on(visit, cut) if gate is None else None
    if rows.rows and other is not None:
        what = "Share of the cases that lie in segments" if other.by_volume else "Segments"
        yield Tile(
            "At least as good",
            other.so_far,
            f"needed: {other.asked}",
            f"{what} by {plain(joined(other.cuts))} for which the gate vouches together; "
            f"{good} of {len(rows.rows):,} by {named} are shown singly.",
        )
    elif rows.rows:
        shown = good if gate is None else gate[0]
        above = "the limit" if rows.limit is not None else "0"
        yield Tile(
            "At least as good" if rows.limit is not None else "Better",
            f"{min(shown, len(rows.rows)):,} of {len(rows.rows):,}",
            f"needed: {gate[1]:,}" if gate else "segments, singly",
            f"Segments by {named} for which the gate vouches together; {good} are shown singly."
            if gate
            else f"Segments by {named} whose whole interval lies above {above}, each singly.",
        )


def _cases(visit: Visit) -> Iterator[Tile]:
    if OUTCOMES not in visit.evidence.measures:
        return
    by_answer = {row["answer"]: int(row["n"]) for row in counts(visit, OUTCOMES, ("answer",))}
    if not by_answer:
        return
    total = sum(n for answer, n in by_answer.items() if answer not in LEFT_OUT)
    known = visit.evidence.finding(KNOWN, visit.candidate)
    final = 0 if known is None else known.n
    yield Tile(
        "Outcome final",
        f"{final:,}",
        f"of {total:,} cases",
        "Cases old enough whose outcome is known; of the others it may still come.",
    )
    answered = by_answer.get(Answer.ANSWERED, 0)
    yield Tile(
        "Answered",
        share(answered, total),
        f"{total - answered:,} not answered",
        "Cases for which the AI gave an answer in time; the others fall back to production.",
    )
