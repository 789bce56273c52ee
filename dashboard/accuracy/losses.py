"""Numeric decisions: by how much less the candidate misses than production, by segment."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.page import Visit
from dashboard.parts import prose, table
from dashboard.published import Row
from dashboard.published import table as published
from data_contracts.findings import ALL_CASES
from evaluators.wording import NO_VALUE, count, level

LOSSES = "loss_intervals"
NAMES = {"absolute": "Mean miss", "squared": "Mean squared miss", "quantile": "Quantile loss"}
MOST = 40


def losses(visit: Visit, cut: str) -> None:
    """Show the mean loss of both sides over all cases, and where the candidate gains least."""
    whole = published(visit, LOSSES, "metric", cut=ALL_CASES)
    if not whole:
        return
    main = _main(whole)
    bound = level(visit.evidence.publication.alpha)
    st.subheader(loss_sentence(main["anytime_low"], main["anytime_high"]), anchor=False)
    prose(
        f"**{_signed(main['difference'])}** smaller {NAMES[main['metric']].lower()} "
        f"({bound} interval {_signed(main['anytime_low'])} to {_signed(main['anytime_high'])}; "
        f"{count(main['n'], 'case')} on {count(main['days'], 'day')}), valid at any look; above 0 "
        "the AI misses by less."
    )
    parts = published(visit, LOSSES, "segment", cut=cut, metric=main["metric"])
    smallest = visit.evidence.publication.smallest_segment
    large = [row for row in parts if row["n"] >= smallest] if cut != ALL_CASES else []
    listed = sorted(large, key=lambda row: row["difference"] or 0.0)[:MOST]
    if len(large) > MOST:
        prose(f"Of {len(large):,} segments the {MOST} with the smallest gain are listed.")
    if len(large) < len(parts) and cut != ALL_CASES:
        few = count(len(parts) - len(large), "segment")
        prose(f"{few} with fewer than {smallest:,} cases not listed.")
    rows = [*(_cells(NAMES[row["metric"]], row) for row in whole)]
    rows += [_cells(f"{cut}: {row['segment']}", row) for row in listed]
    table(rows, "Mean losses of production and the AI, with the interval of their difference")


def loss_sentence(low: float | None, high: float | None) -> str:
    """Return what the interval of the difference shows.

    Examples
    --------
    >>> loss_sentence(0.1, 0.4), loss_sentence(-2.0, -1.0)
    ('The AI is shown to miss by less than production', 'The AI is shown to miss by more')
    >>> loss_sentence(-0.1, 0.4), loss_sentence(None, None)
    ('It is undecided whether the AI misses by less', 'It is not yet known which misses by less')
    """
    if low is None or high is None:
        return "It is not yet known which misses by less"
    if low > 0:
        return "The AI is shown to miss by less than production"
    if high < 0:
        return "The AI is shown to miss by more"
    return "It is undecided whether the AI misses by less"


def _main(whole: Sequence[Row]) -> Row:
    """Return the row of the registered loss: quantiles where they are asked, else the misses."""
    order = ("quantile", "absolute", "squared")
    return min(whole, key=lambda row: order.index(row["metric"]))


def _cells(name: str, row: Row) -> dict[str, str]:
    return {
        "What": name,
        "Cases": f"{row['n']:,}",
        "Production": _number(row["production_loss"]),
        "AI": _number(row["candidate_loss"]),
        "Difference": _signed(row["difference"]),
        "Valid at any look": f"{_signed(row['anytime_low'])} to {_signed(row['anytime_high'])}",
    }


def _number(value: float | None) -> str:
    return NO_VALUE if value is None else f"{value:,.4g}"


def _signed(value: float | None) -> str:
    if value is None:
        return NO_VALUE
    sign = "+" if value > 0 else "\u2212" if value < 0 else ""
    return f"{sign}{abs(value):,.4g}"
