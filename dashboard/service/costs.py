"""What running the AI costs: the month against its budget."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.month import month as month_chart
from dashboard.declared import Declared
from dashboard.escape import plain
from dashboard.money import spent as money
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, prose, stamp
from dashboard.service.spending import PACE_DAYS, Month, month_so_far, outlook_words, used_words
from dashboard.words import day
from evaluators.wording import count, level

SEND = (
    "No recommendation says what it cost. Send `cost`, in the study's currency, with the "
    "recommendations, and `input_tokens` and `output_tokens` of a language model."
)
DECLARE = "No budget is declared: `budget: per_month` in study.yaml, and `currency`."


def costs(visit: Visit, declared: Declared) -> None:
    """Show the month's spending against the budget, or say what to send."""
    found = month_so_far(visit, declared)
    if found is None:
        st.subheader("What it costs", anchor=False)
        timeless = visit.evidence.publication.data_to is None
        empty("The records carry no days, so there is no month to follow." if timeless else SEND)
        return
    bound = level(visit.evidence.publication.alpha)
    sentence = outlook_words(found)
    rule = None
    if found.budget is not None:
        rule = (found.budget, f"budget {money(found.budget, found.currency)}")
    figure(
        Figure(
            name="month-so-far",
            sentence=plain(sentence),
            numbers=plain_numbers(found, bound),
            takeaway=f"Spent this month by day. {used_words(found)}. {sentence}.",
            chart=month_chart(
                found.running,
                list(zip(found.low, found.high, strict=True)),
                rule,
                found.length,
                f"{money(found.spent, found.currency)} by day {found.today.day}",
                visit.palette,
            ),
            how=(
                "The line is what the month's recommendations have cost in all, by the day of the "
                "decision. The dashed range is what the rest of the month may add: it is made from "
                f"the mean and the spread of the last {PACE_DAYS} days and holds each day's total "
                f"in {bound} of months whose days are like those. A change of volume or of prices "
                "is not foreseen. Records that say no cost are not counted."
            ),
            table=_table(found),
            csv=lambda: _csv(found, visit),
        ),
        visit,
    )
    if found.budget is None:
        prose(DECLARE)


def plain_numbers(found: Month, bound: str) -> str:
    """Return what is spent, of how much, and the range at the end of the month, as markdown."""
    spent = plain(money(found.spent, found.currency))
    of = "" if found.budget is None else f" of {plain(money(found.budget, found.currency))}"
    head = f"**{spent}**{of} by {day(found.today)} ({count(found.priced, 'record')} with a cost)"
    if not found.high:
        return f"{head}."
    low, high = (plain(money(x[-1], found.currency)) for x in (found.low, found.high))
    return f"{head}; {low} to {high} by the end of the month ({bound} range)."


def _table(found: Month) -> list[dict[str, str]]:
    so_far = [
        {
            "Day": str(i),
            "That day": money(cost, found.currency),
            "In all": money(total, found.currency),
        }
        for i, (cost, total) in enumerate(zip(found.days, found.running, strict=True), 1)
    ]
    coming = [
        {
            "Day": str(found.today.day + i),
            "That day": "to come",
            "In all": f"{money(low, found.currency)} to {money(high, found.currency)}",
        }
        for i, (low, high) in enumerate(zip(found.low, found.high, strict=True), 1)
    ]
    return so_far + coming


def _csv(found: Month, visit: Visit) -> list[dict[str, object]]:
    start = found.today.replace(day=1)
    shared = {"n": found.priced, "currency": found.currency, "budget": found.budget}
    so_far = [
        {
            **stamp(visit),
            "day": start.replace(day=i).isoformat(),
            "in_all": total,
            "low": total,
            "high": total,
            **shared,
            "state": "spent",
        }
        for i, total in enumerate(found.running, 1)
    ]
    coming = [
        {
            **stamp(visit),
            "day": start.replace(day=found.today.day + i).isoformat(),
            "in_all": None,
            "low": low,
            "high": high,
            **shared,
            "state": "foreseen",
        }
        for i, (low, high) in enumerate(zip(found.low, found.high, strict=True), 1)
    ]
    return so_far + coming
