"""Whether the AI is up: cases without an answer in time, what they were, and what is left."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.by_period import Dot, Objective, by_period
from dashboard.declared import Declared
from dashboard.escape import plain
from dashboard.overall import number
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, table
from dashboard.period import Period
from dashboard.periods import Periods
from dashboard.service.answered import (
    WINDOW,
    Days,
    allowance,
    answered_days,
    last_days,
    summed,
)
from dashboard.service.shown import chosen_days, drawn_from, fitting, origin
from evaluators.statistics.intervals import wilson
from evaluators.wording import count, level, percent, plain_percent


def answers(visit: Visit, declared: Declared, period: Period | None) -> None:
    """Show the share of cases without an answer in time, its kinds and the allowance left.

    The allowance is always that of the last days of the record, whatever period is chosen.
    """
    found = answered_days(visit, declared, period)
    whole = number(visit, "availability")
    if not found.days or whole is None or whole.estimate is None:
        st.subheader("How often an answer is missing", anchor=False)
        empty(
            "No case with a day has arrived yet in this period; answers are counted from the "
            "decisions and the recommendations for them."
        )
        return
    rows = tuple({"cohort_day": on, "n": n} for on, n in zip(found.days, found.cases, strict=True))
    periods = fitting(rows, "n", visit)
    objective = declared.levels.availability
    sums = summed(found, periods)
    bound = level(visit.evidence.publication.alpha)
    low = None if whole.high is None else 1 - whole.high
    high = None if whole.low is None else 1 - whole.low
    against = (
        "; no objective is declared (`service_levels: availability`)."
        if objective is None
        else f", at most {plain_percent(1 - objective)} may."
    )
    in_time = " in time" if declared.levels.latency_p95_ms else ""
    last = answered_days(visit, declared, None).last(WINDOW)
    sentence = allowance(sum(last.cases), sum(last.without), objective, f"an answer{in_time}")
    figure(
        Figure(
            name="without-answer",
            sentence=plain(sentence),
            numbers=(
                f"**{percent(1 - whole.estimate)}** of cases got no answer{in_time} over the whole "
                f"record ({bound} interval {percent(low)} to {percent(high)}; "
                f"{count(whole.n, 'case')}){against} {last_days(last)}{drawn_from(period)}"
            ),
            takeaway=(
                f"Share of cases without an answer, by {periods.name}{chosen_days(period)}. "
                f"{sentence}."
            ),
            chart=by_period(
                _dots(sums, periods, visit.evidence.publication.alpha),
                None
                if objective is None
                else Objective(1 - objective, f"objective: at most {plain_percent(1 - objective)}"),
                ".1~%",
                visit.palette,
            ),
            how=(
                f"Each dot is the share of the cases of one {periods.name} to which the AI gave "
                "no answer, or none within the limit of response times where one is declared; the "
                f"bar is its {bound} interval, for one look at one {periods.name}. Such a case "
                "falls back to production. The allowance is what the objective leaves: of so many "
                f"cases in the last {WINDOW} days of the record so many may go without; it and the "
                "number above do not change with the period chosen. Cases whose decider had seen "
                "the AI's answer are left out."
            ),
            table=_table(sums, periods, visit.evidence.publication.alpha),
            csv=lambda: csv_rows(
                sums, periods, objective, visit.evidence.publication.alpha, origin(visit, period)
            ),
        ),
        visit,
    )
    _kinds(found, period)


def _ends(sums: Sequence[tuple[int, int, int]], alpha: float) -> list[tuple[float, float]]:
    low, high = wilson([w for _, _, w in sums], [n for _, n, _ in sums], alpha)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def _dots(sums: Sequence[tuple[int, int, int]], periods: Periods, alpha: float) -> list[Dot]:
    return [
        Dot(periods.start(p), w / n, low, high, f"{periods.label(p)}: {w:,} of {n:,} cases")
        for (p, n, w), (low, high) in zip(sums, _ends(sums, alpha), strict=True)
    ]


def _table(
    sums: Sequence[tuple[int, int, int]], periods: Periods, alpha: float
) -> list[dict[str, str]]:
    return [
        {
            periods.name.capitalize(): periods.label(p, year=True),
            "Without answer": f"{w:,}",
            "Share": percent(w / n),
            "Interval": f"{percent(low)} to {percent(high)}",
            "Cases": f"{n:,}",
        }
        for (p, n, w), (low, high) in zip(sums, _ends(sums, alpha), strict=True)
    ]


def csv_rows(
    sums: Sequence[tuple[int, int, int]],
    periods: Periods,
    objective: float | None,
    alpha: float,
    whence: dict[str, object],
) -> list[dict[str, object]]:
    """Return the rows of the download, each beginning with where it comes from."""
    most = None if objective is None else 1 - objective

    def state(share: float, low: float, high: float) -> str:
        if most is None:
            return "no objective declared"
        return "within the objective" if high <= most else "beyond it" if low > most else "open"

    return [
        {
            **whence,
            "from": periods.start(p).isoformat(),
            "period": periods.name,
            "without_answer": w,
            "share": w / n,
            "low": low,
            "high": high,
            "n": n,
            "objective": most,
            "state": state(w / n, low, high),
        }
        for (p, n, w), (low, high) in zip(sums, _ends(sums, alpha), strict=True)
    ]


def _kinds(found: Days, period: Period | None) -> None:
    total, whole = sum(found.without), sum(found.cases)
    if not total:
        return
    with st.expander(f"What happened to the {total:,} without an answer{chosen_days(period)}"):
        table(
            [
                {
                    "What happened": words,
                    "Cases": f"{n:,}",
                    "Of all cases": percent(n / whole),
                }
                for words, n in sorted(found.kinds.items(), key=lambda kind: -kind[1])
            ],
            "Cases without an answer by what happened, the most frequent first",
        )
