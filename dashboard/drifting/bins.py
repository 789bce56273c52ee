"""Where the cases of one subject went: its shares, value by value, against the reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dashboard.charts.ranked import Mark, Ranked, ranked
from dashboard.drifting.overview import index, singly, when
from dashboard.drifting.published import Stretch, Watched, capital
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import Figure, figure, stamp
from evaluators.statistics.intervals import wilson
from evaluators.wording import count, level, percent

_NAMES = {"latest": "the latest week", "together": "the last weeks together"}
MOST_BINS = 20
"""So many values are drawn; the table and the file have all of them."""


def bins_answer(rows: Sequence[dict[str, Any]], title: str, column: str = "latest") -> str:
    """Return which bin has changed most, as a sentence without its stop; not escaped.

    Examples
    --------
    >>> bins_answer([{"label": "a", "reference": 0.2, "latest": 0.3}], "carrier")
    'Carrier: the share of a has grown most, from 20.0% to 30.0%'
    """
    known = [r for r in rows if r["reference"] is not None and r[column] is not None]
    name = capital(title)
    if not known:
        return f"{name}: no case to compare yet"
    most = max(known, key=lambda r: abs(r[column] - r["reference"]))
    before, after = most["reference"], most[column]
    if before == after:
        return f"{name}: every share is what it was in the reference"
    grown = "grown" if after > before else "shrunk"
    return (
        f"{name}: the share of {most['label']} has {grown} most, from {percent(before)} to "
        f"{percent(after)}"
    )


def _ends(
    rows: Sequence[dict[str, Any]], column: str, at: Stretch | None, alpha: float
) -> list[tuple[float | None, float | None]]:
    """Return the interval of each share; cases of one day count for less, as in the test."""
    if at is None or at.n == 0:
        return [(None, None)] * len(rows)
    size = at.n / max(at.effect, 1.0)
    shares = np.array([np.nan if r[column] is None else r[column] for r in rows])
    low, high = wilson(shares * size, np.full(len(rows), size), alpha)
    return [
        (None, None) if np.isnan(s) else (float(a), float(b))
        for s, a, b in zip(shares, low, high, strict=True)
    ]


def bins_figure(visit: Visit, it: Watched, rows: Sequence[dict[str, Any]], longer: bool) -> None:
    """Show the shares of every value of a subject, against its reference."""
    alpha = visit.evidence.publication.alpha
    at = it.over(longer)
    main = "together" if at is not None and at.weeks > 1 else "latest"
    other = "latest" if main == "together" else "together"
    used = [r for r in rows if any(r[c] for c in ("reference", main, other))] or list(rows)
    ends = _ends(used, main, at, alpha)
    largest = sorted(
        range(len(used)), key=lambda i: -max(used[i]["reference"] or 0, used[i][main] or 0)
    )
    drawn = sorted(largest[:MOST_BINS])
    sentence, name = bins_answer(used, it.title, main), _NAMES[main]
    figure(
        Figure(
            name=f"shares-{it.kind}-{it.name}",
            sentence=plain(sentence),
            numbers=_numbers(used, at, len(drawn)),
            takeaway=f"Shares in the reference and now. {sentence}.",
            chart=ranked(
                [
                    Ranked(
                        used[i]["label"],
                        f"{percent(used[i][main])} (was {percent(used[i]['reference'])})",
                        Mark(100 * (used[i][main] or 0.0), *map(_percent, ends[i])),
                        _mark(used[i]["reference"]),
                        _mark(used[i][other]),
                    )
                    for i in drawn
                ],
                "Share of cases",
                visit.palette,
            ),
            how=(
                "A row for each value; of a number, for each tenth of its reference values. ◇ is "
                f"the share in the reference, the dot the share in {name} with its "
                f"{level(alpha)} interval (Wilson, for one look; cases of days that differ count "
                f"for less), the small tick the share in {_NAMES[other]}."
            ),
            table=[
                {
                    "Value": r["label"],
                    "Reference": percent(r["reference"]),
                    capital(name.removeprefix("the ")): percent(r[main]),
                    "Interval": _interval(low, high),
                    capital(_NAMES[other].removeprefix("the ")): percent(r[other]),
                }
                for r, (low, high) in zip(used, ends, strict=True)
            ],
            csv=lambda: [
                {
                    **stamp(visit),
                    "kind": it.kind,
                    "name": it.name,
                    "value": r["label"],
                    "reference": r["reference"],
                    "share": r[main],
                    "low": low,
                    "high": high,
                    "n": at.n if at else 0,
                    "n_reference": at.n_reference if at else 0,
                    "state": at.standing.value if at else "",
                    "days": when(at) if at else "",
                    other: r[other],
                }
                for r, (low, high) in zip(used, ends, strict=True)
            ],
        ),
        visit,
    )


def _numbers(rows: Sequence[dict[str, Any]], latest: Stretch | None, drawn: int) -> str:
    if latest is None:
        return "No week can be compared yet."
    parts = [
        f"{capital(latest.standing.value)}: index **{index(latest.psi)}** (chance alone: up to "
        f"{index(latest.chance)}; {count(latest.n, 'case')} {when(latest)}, "
        f"{latest.n_reference:,} in the reference)."
    ]
    parts[0] += singly(latest)
    if latest.shift is not None:
        parts.append(f"Values lie {latest.shift:.2f} standard deviations from the reference.")
    if latest.unseen:
        parts.append(f"{percent(latest.unseen)} of cases hold a value the reference never held.")
    if latest.missing:
        parts.append(f"{percent(latest.missing)} of cases have no value.")
    if drawn < len(rows):
        parts.append(f"Drawn are the {drawn} largest of {len(rows)} values.")
    return " ".join(parts)


def _percent(value: float | None) -> float | None:
    return None if value is None else 100 * value


def _mark(value: float | None) -> Mark | None:
    return None if value is None else Mark(100 * value)


def _interval(low: float | None, high: float | None) -> str:
    return "—" if low is None else f"{percent(low)} to {percent(high)}"
