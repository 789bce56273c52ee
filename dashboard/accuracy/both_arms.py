"""How often each arm was right, and which errors it makes, on the same cases."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.cells import cells
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import empty, prose, table
from dashboard.period import Period
from dashboard.segments import recomputed, scope_of
from data_contracts.findings import WHOLE, Finding, Segment
from evaluators.kinds import all_evaluators
from evaluators.wording import NO_VALUE, count, level, percent

ARMS = {"production": "Production", "candidate": "AI"}
RIGHT = "accuracy_{arm}"
KINDS = {
    "Right": RIGHT,
    "False positives": "false_positive_rate_{arm}",
    "False negatives": "false_negative_rate_{arm}",
}
EVALUATORS = ("accuracy", "errors_by_kind")


def both_arms(visit: Visit, segment: Segment, period: Period | None) -> None:
    """Show a table of both arms over a segment's cases: right, false positives, false negatives."""
    found = _found(visit, segment, period)
    right = found.get(RIGHT.format(arm="candidate"))
    if right is None:
        return
    st.subheader("Right and wrong, both on the same cases", anchor=False)
    if right.estimate is None:
        empty("No case that is old enough has its outcome yet.", "hourglass_top")
        return
    kinds = {
        title: metric
        for title, metric in KINDS.items()
        if any(_estimate(found, metric, arm) is not None for arm in ARMS)
    }
    prose(_explained(visit, segment, right.n, with_errors=len(kinds) > 1))
    table(
        [
            {"Who": name, **{title: _cell(found, metric, arm) for title, metric in kinds.items()}}
            for arm, name in ARMS.items()
        ],
        "How often production and the AI were right, and their errors by kind",
    )


def _explained(visit: Visit, segment: Segment, n: int, *, with_errors: bool) -> str:
    it = visit.evidence.publication
    positive = it.part("decision").get("positive")
    where = "" if segment == WHOLE else f" in {plain(segment.value)}"
    parts = [
        f"Over {count(n, 'case')}{where} old enough and with a known outcome, "
        f"with {level(it.alpha)} intervals."
    ]
    if with_errors and positive is not None:
        parts.append(
            f"A false positive says \u201c{plain(positive)}\u201d where it did not turn out so, "
            "as a share of those cases; a false negative misses one."
        )
    parts.append("No gate rests on these: the difference above also allows for missing outcomes.")
    return " ".join(parts)


def _found(visit: Visit, segment: Segment, period: Period | None) -> Mapping[str, Finding]:
    """Return the findings on a segment by metric: published, or recomputed for a period."""
    if period is None:
        metrics = [metric.format(arm=arm) for metric in KINDS.values() for arm in ARMS]
        known = {m: visit.evidence.finding(m, visit.candidate, segment) for m in metrics}
        return {metric: found for metric, found in known.items() if found is not None}
    only = [segment.value]
    path = str(visit.evidence.path)
    part = cells(path, visit.candidate, segment.cut, period, only, words=True)
    scope = scope_of(visit.evidence, visit.candidate, period)
    found: dict[str, Finding] = {}
    for name in EVALUATORS:
        for metric, rows in recomputed(all_evaluators()[name], part, scope).items():
            if segment in rows:
                found[metric] = rows[segment]
    return found


def _estimate(found: Mapping[str, Finding], metric: str, arm: str) -> float | None:
    finding = found.get(metric.format(arm=arm))
    return None if finding is None else finding.estimate


def _cell(found: Mapping[str, Finding], metric: str, arm: str) -> str:
    it = found.get(metric.format(arm=arm))
    if it is None or it.estimate is None:
        return NO_VALUE
    bounds = f"{percent(it.low)} to {percent(it.high)}"
    if it.n < 100:
        return f"{round(it.estimate * it.n)} of {it.n} ({bounds})"
    return f"{percent(it.estimate)} ({bounds}) of {it.n:,}"
