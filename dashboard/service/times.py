"""How long answers take: 95 of 100 of them, by day or week, against the declared limit."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from dashboard.charts.by_period import Dot, Objective, by_period
from dashboard.declared import Declared
from dashboard.escape import plain
from dashboard.overall import Number, number
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure
from dashboard.period import Period
from dashboard.periods import Periods
from dashboard.published import column, counts
from dashboard.service.shown import chosen_days, drawn_from, fitting, origin
from evaluators.wording import NO_VALUE, count, level
from evaluators.worth.latency_course import Percentiles, percentiles

SHARE = 0.95
MEASURE = "latency_counts"


def times(visit: Visit, declared: Declared, period: Period | None) -> None:
    """Show the 95th percentile over time, or say which column to send."""
    whole = number(visit, "latency_p95_ms")
    if whole is None or not whole.bounded:
        st.subheader("How fast answers come", anchor=False)
        empty(
            "No answer says how long it took. Send `latency_ms`, the milliseconds from request to "
            "answer, with the recommendations."
        )
        return
    rows = counts(
        visit, MEASURE, ("cohort_day", "latency_bin"), sums=("answered",), cut=None, period=period
    )
    rows = tuple(row for row in rows if row["cohort_day"] is not None)
    first = visit.evidence.publication.first_day
    if first is None or not rows:
        st.subheader("How fast answers come", anchor=False)
        st.markdown(_whole(whole, visit, declared))
        empty("The records carry no days in this period, so there is no course over time.")
        return
    periods = fitting(rows, "answered", visit)
    alpha = visit.evidence.publication.alpha
    found = percentiles(
        [periods.of(row["cohort_day"]) for row in rows],
        column(rows, "latency_bin"),
        column(rows, "answered"),
        SHARE,
        alpha,
    )
    limit = declared.levels.latency_p95_ms
    sentence = course_sentence(found, limit, periods.name)
    objective = None if limit is None else Objective(limit, f"limit {ms(limit)}")
    figure(
        Figure(
            name="response-time",
            sentence=plain(sentence),
            numbers=_whole(whole, visit, declared) + drawn_from(period),
            takeaway=(
                f"Time within which 95 of 100 answers came, by {periods.name}"
                f"{chosen_days(period)}. {sentence}."
            ),
            chart=by_period(_dots(found, periods), objective, ",d", visit.palette),
            how=(
                f"Each dot is the time in milliseconds within which 95 of 100 answers of that "
                f"{periods.name} came; the bar is its {level(alpha)} interval. It is read from a "
                "histogram whose steps are 3.5% apart, by the ranks of the answers: no shape of "
                f"the times is assumed, but the answers of one {periods.name} are taken as "
                "independent of each other, and each interval is for one look at one "
                f"{periods.name}. A triangle means that there are too few answers to say how slow "
                "it may be. The number above is over the whole record, whatever period is chosen; "
                "its interval is wider where days differ, and holds however often you look."
            ),
            table=_table(found, periods, limit),
            csv=lambda: _csv(found, periods, limit, origin(visit, period)),
        ),
        visit,
    )


def course_sentence(found: Percentiles, limit: float | None, name: str) -> str:
    """Return in how many periods 95 of 100 answers came within the limit.

    Parameters
    ----------
    name
        `day` or `week`.
    """
    total = len(found.period)
    if total == 0:
        return "No answer of this period says how long it took"
    if limit is None:
        low, high = float(found.value.min()), float(found.value.max())
        if total == 1:
            return f"95 of 100 answers came within {ms(high)}"
        return (
            f"From {name} to {name}, 95 of 100 answers came within {ms(low)} to {ms(high)}"
            if ms(low) != ms(high)
            else f"Every {name}, 95 of 100 answers came within {ms(high)}"
        )
    slow = int((found.low > limit).sum())
    within = int((found.high <= limit).sum())
    if total == 1:
        if within:
            return f"In the one {name} 95 of 100 answers came within the limit"
        words = "more than 5 of 100 answers took longer than the limit"
        unclear = "it is open whether 95 of 100 answers came within the limit"
        return f"In the one {name} {words if slow else unclear}"
    if within == total:
        return f"In all {total:,} {name}s 95 of 100 answers came within the limit"
    if slow == total:
        return f"In all {total:,} {name}s more than 5 of 100 answers took longer than the limit"
    rest = total - slow - within
    parts = f"In {within:,} of {total:,} {name}s 95 of 100 answers came within the limit"
    if within == 0:
        parts = f"In no {name} of {total:,} is it shown that 95 of 100 answers met the limit"
    if slow:
        parts += f"; in {slow:,} the AI was slower"
    return parts + (f"; {rest:,} {'is' if rest == 1 else 'are'} open" if rest else "")


def ms(value: float | None) -> str:
    """Return a time in milliseconds; seconds from ten of them on.

    Examples
    --------
    >>> ms(412.3), ms(3.14159), ms(12_400), ms(None)
    ('412 ms', '3.1 ms', '12.4 s', '—')
    """
    if value is None or math.isnan(value):
        return NO_VALUE
    if math.isinf(value):
        return "not bounded"
    if value >= 10_000:
        return f"{value / 1000:,.1f} s"
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


def _whole(found: Number, visit: Visit, declared: Declared) -> str:
    limit = declared.levels.latency_p95_ms
    bound = level(visit.evidence.publication.alpha)
    against = (
        "; no limit is declared (`service_levels: latency_p95_ms`)."
        if limit is None
        else f", limit {ms(limit)}."
    )
    return (
        f"**{ms(found.estimate)}** over the whole record ({bound} interval {ms(found.low)} to "
        f"{ms(found.high)}; {count(found.n, 'answer')}){against}"
    )


def _dots(found: Percentiles, periods: Periods) -> list[Dot]:
    return [
        Dot(
            periods.start(int(p)),
            float(value),
            float(low),
            float(high),
            f"{periods.label(int(p))}: {ms(float(value))}, {ms(float(low))} to {ms(float(high))}",
        )
        for p, value, low, high in zip(
            found.period, found.value, found.low, found.high, strict=True
        )
    ]


def _state(low: float, high: float, limit: float | None) -> str:
    if limit is None:
        return "no limit declared"
    return "within the limit" if high <= limit else "slower" if low > limit else "open"


def _table(found: Percentiles, periods: Periods, limit: float | None) -> list[dict[str, str]]:
    return [
        {
            periods.name.capitalize(): periods.label(int(p), year=True),
            "95 of 100 within": ms(float(value)),
            "Interval": f"{ms(float(low))} to {ms(float(high))}",
            "Answers": f"{int(n):,}",
            "State": _state(float(low), float(high), limit),
        }
        for p, value, low, high, n in zip(
            found.period, found.value, found.low, found.high, found.n, strict=True
        )
    ]


def _csv(
    found: Percentiles, periods: Periods, limit: float | None, whence: dict[str, object]
) -> list[dict[str, object]]:
    return [
        {
            **whence,
            "from": periods.start(int(p)).isoformat(),
            "period": periods.name,
            "p95_ms": float(value),
            "low": float(low),
            "high": float(high) if np.isfinite(high) else None,
            "n": int(n),
            "limit_ms": limit,
            "state": _state(float(low), float(high), limit),
        }
        for p, value, low, high, n in zip(
            found.period, found.value, found.low, found.high, found.n, strict=True
        )
    ]
