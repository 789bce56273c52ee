"""Agreement beyond chance, and class by class: what a high share alone may hide."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.agreement.counted import Asked
from dashboard.page import Visit
from dashboard.parts import prose
from dashboard.parts import table as shown
from dashboard.published import Row, table
from evaluators.wording import NO_VALUE, percent

BEYOND = {
    "agreement_ac1": "Beyond chance (Gwet's AC1)",
    "agreement_kappa": "Beyond chance (Cohen's kappa)",
    "agreement_kappa_linear": "Beyond chance, near misses count partly (linear kappa)",
    "agreement_kappa_quadratic": "Beyond chance, near misses count partly (quadratic kappa)",
}
"""What each number is called: 1 is the same answer always, 0 what chance alone would give."""

SPECIFIC = "agreement_specific:"
MOST_CLASSES = 12


def beyond_chance(visit: Visit, asked: Asked) -> None:
    """Show what the share of same answers is worth; published for the whole record only."""
    if asked.period is not None:
        return
    part = asked.segment
    rows = beyond_rows(table(visit, "findings", "metric", cut=part.cut, segment=part.value))
    if not rows:
        return
    st.subheader("What the share of same answers is worth", anchor=False)
    prose(
        "Where nearly all cases are of one class, two that always name it agree without knowing "
        "anything. Beyond chance, 1 is always the same answer and 0 what chance alone would give. "
        "Class by class: of the cases in which either says it, how often both do."
    )
    shown(rows, "Agreement beyond chance and class by class, with intervals")


def beyond_rows(found: Sequence[Row]) -> list[dict[str, str]]:
    """Return the table: beyond chance first, then the classes, of those that can be told.

    Examples
    --------
    >>> row = {"estimate": 0.9, "low": 0.8, "high": 0.95, "n": 40, "method": "at any look"}
    >>> [r["What"] for r in beyond_rows([{**row, "metric": "agreement_specific:late"}])]
    ['When one says late, the other does']
    """
    known = [row for row in found if row["estimate"] is not None and row["n"]]
    classes = [row for row in known if row["metric"].startswith(SPECIFIC)]
    beyond = [row for name in BEYOND for row in known if row["metric"] == name]
    return [
        *(_row(BEYOND[row["metric"]], row, _index) for row in beyond),
        *(
            _row(f"When one says {_class(row)}, the other does", row, percent)
            for row in sorted(classes, key=lambda row: -row["n"])[:MOST_CLASSES]
        ),
    ]


def _class(row: Row) -> str:
    return str(row["metric"]).removeprefix(SPECIFIC)


def _index(value: float | None) -> str:
    return NO_VALUE if value is None else f"{value:.3f}".replace("-", "\u2212")


def _row(name: str, row: Row, say: Callable[[float | None], str]) -> dict[str, str]:
    return {
        "What": name,
        "Measured": say(row["estimate"]),
        "Interval": f"{say(row['low'])} to {say(row['high'])}",
        "It holds": "for one look" if "one look" in row["method"] else "at any look",
        "Cases": f"{row['n']:,}",
    }
