"""Numeric decisions: how far the AI's numbers lie from production's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import streamlit as st

from dashboard.agreement.answer import EXPLORATION, nothing_answered, shown_of
from dashboard.agreement.counted import Asked, scope_asked
from dashboard.escape import plain
from dashboard.evidence import columns
from dashboard.page import Visit
from dashboard.parts import badge, prose
from dashboard.published import Row, counts
from dashboard.words import number, span
from data_contracts.findings import WHOLE, Finding
from evaluators.columns import Columns
from evaluators.metrics.numeric_agreement import EVALUATOR
from evaluators.wording import count

SUMS = "loss_sums"
_ADDED = ("pairs", "x", "z", "xx", "zz", "dd")


@dataclass(frozen=True, slots=True)
class Compared:
    """The findings about two numbers for the same cases, and the sums behind them."""

    bias: Finding
    low: Finding
    high: Finding
    concordance: Finding
    sums: Columns


def compared(visit: Visit, asked: Asked) -> Compared:
    """Return how far apart the numbers of the cases asked for are."""
    rows = counts(
        visit,
        SUMS,
        ("cohort_day", "unit"),
        sums=_ADDED,
        cut=asked.segment.cut,
        segment=asked.segment.value,
        period=asked.period,
    )
    sums = _columns(rows)
    found = EVALUATOR.evaluate({SUMS: sums}, scope_asked(visit, asked))
    bias, low, high, concordance = (next(iter(part.rows())) for part in found)
    return Compared(bias, low, high, concordance, sums)


def numeric_answer(bias: Finding, low: Finding, high: Finding, *, everything: bool = True) -> str:
    """Return how far apart two numbers for the same case are.

    Examples
    --------
    >>> from data_contracts.vocabulary import Reason, Status
    >>> rest = (None, None, 420, "", Status.PASS, Reason.OK)
    >>> bias, low, high = (Finding("", "c", "1", WHOLE, v, *rest) for v in (1.5, -2.0, 5.0))
    >>> numeric_answer(bias, low, high).split(" (")[0]
    "The AI's numbers are on average 1.5 above production's"
    """
    if bias.n == 0:
        return nothing_answered(everything=everything)
    if bias.estimate is None:
        cases = count(bias.n, "case")
        return f"There are too few cases yet to tell how far the two lie apart ({cases})."
    where = "as high as production's on average"
    if bias.estimate != 0:
        side = "above" if bias.estimate > 0 else "below"
        where = f"on average {number(abs(bias.estimate))} {side} production's"
    ends = f"{span(bias.low, bias.high)}; {count(bias.n, 'case')}"
    return (
        f"The AI's numbers are {where} ({ends}); in 95 of 100 cases they "
        f"differ by {span(low.estimate, high.estimate)}."
    )


def numeric_header(visit: Visit, asked: Asked) -> Compared:
    """Say how far apart the two numbers are; return what is behind it."""
    it = compared(visit, asked)
    told = numeric_answer(it.bias, it.low, it.high, everything=asked.everything)
    st.header(plain(told), anchor=False)
    if not asked.everything:
        badge(EXPLORATION)
        prose(plain(f"Shown: {shown_of(asked)}; the verdict rests on the whole record."))
    prose(
        "The decisions are numbers, so there are no classes to set against each other. How near "
        "the two lie does not say which of them is right."
    )
    return it


def _columns(rows: Sequence[Row]) -> Columns:
    arrays = {
        "cut": pa.array([WHOLE.cut] * len(rows), pa.string()),
        "segment": pa.array([WHOLE.value] * len(rows), pa.string()),
        "cohort_day": pa.array([row["cohort_day"] for row in rows], pa.date32()),
        "unit": pa.array([float(row["unit"]) for row in rows], pa.float64()),
    }
    for name in _ADDED:
        values = [float(row[name] or 0) for row in rows]
        arrays[name] = pa.array(values, pa.float64())
    return columns(pa.table(arrays))
