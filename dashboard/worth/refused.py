"""What if the refused cases had been decided as the AI says: bounds, tipping point, supposition."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.unseen import Bar, unseen_bar
from dashboard.declared import Declared
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import Figure, figure, prose, stamp
from dashboard.words import bounds
from dashboard.worth.unseen import Assumed, Unseen, unseen
from evaluators.wording import count, level, percent, points

STEP = 5
"""Shares the reader can suppose, in hundredths: those the assumptions were published for."""


def refused(visit: Visit, declared: Declared) -> None:
    """Show what outcomes that cannot be seen leave possible; nothing where all can be seen."""
    found = unseen(visit)
    if found is None or not declared.observed_when:
        return
    if not found.hidden:
        st.subheader("No disagreement has an outcome that cannot be seen", anchor=False)
        return
    name = decisions(declared)
    st.subheader(plain(f"What if the AI had decided? {title(found, name)}"), anchor=False)
    prose(plain(answer(found, name, declared)))
    supposed = _supposed(found)
    bound = level(visit.evidence.publication.alpha)
    limit = -found.margin
    tip = "limit" if found.break_even is None else f"limit; {tipping(found.break_even)}"
    figure(
        Figure(
            name="outcomes-nobody-can-see",
            sentence="The answer depends on cases nobody has seen; here is by how much",
            numbers=(
                f"Between **{bounds(found.worst, found.best, limit)} points** ({bound} interval "
                f"with sampling {bounds(found.low, found.high, limit)}; {count(found.n, 'case')}, "
                f"of which {found.hidden:,} have an outcome nobody can see), limit "
                f"{points(limit)}. {_told(found, supposed, limit)}"
            ),
            takeaway=f"Possible difference from {points(found.worst)} to {points(found.best)} "
            f"points; {tip}.",
            chart=unseen_bar(_bar(found, supposed, tip), visit.palette),
            how=(
                "The dashed bar holds every difference in accuracy that is possible: at its left "
                "end the AI would have been right in none of the cases nobody can see, at its "
                "right end in all of them. The thin line adds sampling, and holds however often "
                "you look. The triangle is where the difference would be if these cases were like "
                "the ones on which both chose what can be seen; nothing shows that they are. The "
                "dot is what you suppose; its line starts at the lower end of the interval if at "
                "least that share were right, and ends where all others would have been too."
            ),
            table=[_line(one, found) for one in found.assumed],
            csv=lambda: [_csv(one, found, visit) for one in found.assumed],
        ),
        visit,
    )


def decisions(declared: Declared) -> str:
    """Return what production decided where the outcome cannot be seen, in words.

    A class by its name where there is only one.
    """
    hidden = [name for name in declared.classes if name not in declared.observed_when]
    return f"“{hidden[0]}”" if len(hidden) == 1 else "the decision"


def title(found: Unseen, name: str) -> str:
    """Return how many overturned decisions have no outcome.

    Examples
    --------
    >>> one = Unseen(9, 1, 0, 0, 0, 0, 0.01, None, None, 0, ())
    >>> title(one, "“deny”")
    '1 overturned “deny” has no outcome'
    """
    verb = "has" if found.hidden == 1 else "have"
    return f"{found.hidden:,} overturned {name} {verb} no outcome"


def tipping(share: float) -> str:
    """Return the share at which it tips, in so many of a hundred.

    Examples
    --------
    >>> tipping(0.067), tipping(0.004), tipping(-1.0), tipping(1.2)
    ('break-even: 7 in 100', 'break-even: under 1 in 100', 'kept whatever they are', 'out of reach')
    """
    if share <= 0:
        return "kept whatever they are"
    if share > 1:
        return "out of reach"
    return f"break-even: {in_100(share)}"


def in_100(share: float) -> str:
    """Return a share as so many in a hundred; none and all only where exact."""
    if 0 < share < 0.005:
        return "under 1 in 100"
    if 0.995 < share < 1:
        return "over 99 in 100"
    return f"{100 * share:.0f} in 100"


def answer(found: Unseen, name: str, declared: Declared) -> str:
    """Return where it tips, and what similar cases did."""
    which = (
        f"the one overturned {name}"
        if found.hidden == 1
        else f"the {found.hidden:,} overturned {name}"
    )
    share = found.break_even
    head = "Production's decision hides the outcome, so nobody knows."
    if share is None or share <= 0:
        tip = (
            f"The AI is at least as good, within the limit, whatever {which} would have come to, "
            "sampling left out"
        )
    elif share > 1:
        tip = f"The AI is not within the limit even if it were right in all of {which}"
    else:
        tip = (
            f"The AI is at least as good, within the limit, as long as it would have been right in "
            f"{in_100(share)} of {which}, sampling left out"
        )
    if found.comparable_good is None:
        return f"{head} {tip}; there are no similar cases to hold against it."
    seen = declared.observed_when
    both = f"both chose “{seen[0]}”" if len(seen) == 1 else "both chose what can be seen"
    return (
        f"{head} {tip}; among the {count(found.comparable, 'similar case')} in which {both} it was "
        f"in {in_100(found.comparable_good)}."
    )


def _supposed(found: Unseen) -> Assumed:
    """Return what the reader supposes; it lives in the address."""
    like = found.comparable_good if found.comparable_good is not None else 0.5
    start = int(100 * like // STEP * STEP)
    asked = st.slider(
        "Suppose the AI would have been right in so many of 100 of them",
        0,
        100,
        start,
        STEP,
        key="suppose",
        bind="query-params",
        width=420,
    )
    nearest = found.nearest(asked / 100)
    return nearest or Assumed(0.0, found.worst, found.low)


def _told(found: Unseen, supposed: Assumed, limit: float) -> str:
    return (
        f"If in {in_100(supposed.good)}: **{points(supposed.difference, limit)} points** "
        f"({bounds(supposed.low, found.high, limit)})."
    )


def _bar(found: Unseen, supposed: Assumed, tip: str) -> Bar:
    similar = found.like_comparable
    return Bar(
        100 * found.worst,
        100 * found.best,
        100 * found.low,
        100 * found.high,
        -100 * found.margin,
        tip,
        None if similar is None else 100 * similar,
        100 * supposed.difference,
        100 * supposed.low,
        f"if {in_100(supposed.good)}",
    )


def _state(one: Assumed, found: Unseen) -> str:
    return "shown within the limit" if one.low > -found.margin else "not shown"


def _line(one: Assumed, found: Unseen) -> dict[str, str]:
    limit = -found.margin
    return {
        "If right in": percent(one.good),
        "Points": points(one.difference, limit),
        "Interval": bounds(one.low, found.high, limit),
        "State": _state(one, found),
    }


def _csv(one: Assumed, found: Unseen, visit: Visit) -> dict[str, object]:
    return {
        **stamp(visit),
        "supposed_share": one.good,
        "difference": one.difference,
        "low": one.low,
        "high": found.high,
        "n": found.n,
        "hidden": found.hidden,
        "limit": -found.margin,
        "state": _state(one, found),
    }
