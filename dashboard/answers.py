"""Sentences computed from what was found: one function each, right at none, one, some and all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import takewhile

from dashboard.escape import plain
from dashboard.history.past import PastGate
from dashboard.records import Candidate, Evidence, PastVerdict, Week
from dashboard.words import between, day, moment, short_day
from data_contracts.findings import GateResult
from data_contracts.vocabulary import Shown, Status, VerdictState

NOTHING_ASKED = "Nothing is asked of you today."


def next_step(evidence: Evidence, candidate: Candidate) -> str:
    """Return who acts next, as markdown; names from the data are escaped."""
    it = evidence.publication
    match evidence.verdict(candidate).state:
        case VerdictState.GO:
            return f"Next: **{plain(it.sponsor)}** (sponsor) decides on going live."
        case VerdictState.NO_GO:
            return "Waiting cannot change this; a new version of the candidate starts a new record."
        case VerdictState.BLOCKED:
            history = evidence.history(candidate)
            return (
                f"{_trusted(history)} With **{plain(it.owner)}** (owner of production) since "
                f"{moment(blocked_since(evidence, history))}."
            )
        case _:
            return _pace(evidence, candidate)


def _trusted(history: Sequence[PastVerdict]) -> str:
    """Return whose figures are shown while the data cannot be trusted."""
    for verdict in history:
        if verdict.state is not VerdictState.BLOCKED:
            shown = verdict.data_to or verdict.published_at.date()
            return (
                f"The figures below are those of the verdict of **{day(shown)}**, the last on data "
                "that could be trusted."
            )
    return "No verdict has rested on data that could be trusted, so no figure counts yet."


def blocked_since(evidence: Evidence, history: Sequence[PastVerdict]) -> datetime:
    """Return when the first of the verdicts was published that block without a break until now."""
    since = evidence.publication.published_at
    for verdict in history:
        if verdict.state is not VerdictState.BLOCKED:
            break
        since = verdict.published_at
    return since


def _pace(evidence: Evidence, candidate: Candidate) -> str:
    """Return when the last gate passes, or that waiting will not do, and what that asks for."""
    forecasts = [
        gate.result.forecast
        for gate in evidence.gates(candidate)
        if gate.result.status is not Status.PASS
    ]
    dated = [f for f in forecasts if f and f.reachable and f.earliest]
    if any(f is not None and not f.reachable for f in forecasts):
        return (
            "At the pace so far at least one gate will not pass by waiting: it takes more cases a "
            "week, another candidate or another policy."
        )
    if not dated:
        return NOTHING_ASKED
    earliest = max(f.earliest for f in dated if f.earliest)
    ends = [f.latest for f in dated]
    latest = None if None in ends else max(end for end in ends if end)
    some = "the last gate" if len(dated) == len(forecasts) else "the last gate with a forecast"
    return f"At the pace so far {some} passes **{between(earliest, latest)}**. {NOTHING_ASKED}"


def course_answer(
    weeks: Sequence[Week], gate: GateResult | PastGate | None, *, limited: bool = False
) -> str:
    """Return what the course over time has shown, as the gate on it says and since when.

    "Since" is said only of what the latest week still shows. A pass stands by rule though its
    latest interval alone would not do; that it was shown on its day, and is kept, is then said.
    Without a gate only "better than production" can be shown, by a week's whole interval; `limited`
    says whether the policy names a limit all the same.
    """
    known = [week for week in weeks if week.mature and week.low is not None]
    run = list(takewhile(_better, reversed(known)))
    better = run[-1].day if run else None
    if gate is None:
        return _without_limit(known, better, limited=limited)
    if gate.status is Status.FAIL:
        return "The AI is shown to be worse than the limit"
    if gate.status is not Status.PASS:
        return "It is not shown yet whether the AI is within the limit"
    since = f" since {short_day(gate.since)}" if gate.since else ""
    still = gate.low is None or gate.threshold is None or gate.low > gate.threshold
    if gate.since and not still:
        on = f"on {short_day(gate.since)}"
        shown = f"The AI was shown to be within the limit {on}, and what was shown is kept"
        return f"{shown}; better since {short_day(better)}" if better else shown + _once(known)
    shown = f"The AI has been shown to be within the limit{since}"
    if better is None:
        return shown + _once(known)
    if gate.since is None or better <= gate.since:
        return f"The AI has been shown to be better than production{since}"
    return f"{shown}, and better since {short_day(better)}"


def _without_limit(known: Sequence[Week], better: date | None, *, limited: bool) -> str:
    unnamed = "" if limited else "; the policy names no limit"
    if better is not None:
        return f"The AI has been shown to be better than production since {short_day(better)}"
    if once := _once(known):
        return f"The AI{once.removeprefix('; it')}"
    if known and _worse(known[-1]):
        return f"The AI is shown to be worse than production{unnamed}"
    return f"It is not shown yet whether the AI is better{unnamed}"


def _once(known: Sequence[Week]) -> str:
    """Return on which day it was first shown to be better, where the latest week shows it no more.

    Nothing where no week has shown it.
    """
    first = next((week.day for week in known if _better(week)), None)
    if first is None:
        return ""
    now = "shows it to be worse" if _worse(known[-1]) else "does not show it"
    return (
        f"; it was shown to be better than production on {short_day(first)}, and the latest week"
        f" {now}"
    )


def _better(week: Week) -> bool:
    return week.low is not None and week.low > 0


def _worse(week: Week) -> bool:
    return week.high is not None and week.high < 0


def segments_answer(
    states: Sequence[Shown],
    gate: tuple[int, int] | None,
    joint: str = "",
    *,
    limited: bool = True,
) -> str:
    """Return in how many segments the candidate is shown to be at least as good.

    Parameters
    ----------
    gate
        Segments the gate's joint test vouches for, and segments it needs; None without a gate, or
        for one that counts something else.
    joint
        What such a gate vouches for, in a sentence.
    limited
        Whether there is a limit; without one segments are better, worse or undecided.

    Examples
    --------
    >>> segments_answer([Shown.BETTER] * 3, None)
    'In all 3 segments the AI is shown to be at least as good as production.'
    >>> segments_answer([Shown.UNDECIDED, Shown.WORSE], None)
    'In 1 of 2 segments the AI is shown to be worse than the limit; 1 is undecided.'
    """
    total = len(states)
    good = sum(s in (Shown.BETTER, Shown.AT_LEAST_AS_GOOD) for s in states)
    worse = sum(s is Shown.WORSE for s in states)
    unknown = sum(s is Shown.NO_DATA for s in states)
    open_ = total - good - worse
    if total == 0:
        return "No segment has a case yet."
    if gate is not None or joint:
        told = joint if gate is None else _joint(*gate, total)
        return f"{told} {_singly(good, worse, open_ - unknown, unknown)}"
    as_good = f"the AI is shown to be {'at least as good as' if limited else 'better than'}"
    as_good += " production"
    as_bad = f"the AI is shown to be worse than {'the limit' if limited else 'production'}"
    where = "the one segment" if total == 1 else f"all {total:,} segments"
    if good == total:
        return f"In {where} {as_good}."
    if worse == total:
        return f"In {where} {as_bad}."
    if open_ == total:
        return f"In {where} it is not yet known whether the AI is {_question(limited)}."
    rest = f"{open_:,} {'is' if open_ == 1 else 'are'} undecided"
    if good == 0:
        some = f"In {worse:,} of {total:,} segments"
        return f"{some} {as_bad}; {rest}."
    tail = [f"in {worse:,} it is shown to be worse"] if worse else []
    tail += [rest] if open_ else []
    return f"In {good:,} of {total:,} segments {as_good}; {'; '.join(tail)}."


def _joint(vouched: int, needed: int, total: int) -> str:
    need = f"the gate {'needs' if vouched < needed else 'needed'} {needed:,}"
    if vouched == 0:
        return f"No segment can be vouched for yet; {need}."
    if total == 1:
        return "The one segment is at least as good."
    if vouched >= total:
        return f"All {total:,} segments are at least as good; {need}."
    return f"At least {vouched:,} of {total:,} segments are at least as good; {need}."


def _singly(good: int, worse: int, undecided: int, unknown: int) -> str:
    parts = [f"{good:,} shown", f"{worse:,} worse", f"{undecided:,} undecided"]
    if unknown:
        parts = [*(part for part in parts if part[0] != "0"), f"{unknown:,} not yet known"]
    return f"Singly: {', '.join(parts)}."


def whole_answer(state: Shown, *, limited: bool = True) -> str:
    """Return what is shown for all cases together, where there are no segments.

    Examples
    --------
    >>> whole_answer(Shown.BETTER)
    'All cases together: the AI is shown to be better than production.'
    >>> whole_answer(Shown.WORSE, limited=False)
    'All cases together: the AI is shown to be worse than production.'
    """
    words = {
        Shown.BETTER: "the AI is shown to be better than production",
        Shown.AT_LEAST_AS_GOOD: "the AI is shown to be at least as good as production",
        Shown.WORSE: f"the AI is shown to be worse than {'the limit' if limited else 'production'}",
        Shown.UNDECIDED: f"it is undecided whether the AI is {_question(limited)}",
        Shown.NO_DATA: f"it is not yet known whether the AI is {_question(limited)}",
    }
    return f"All cases together: {words[state]}."


def _question(limited: bool) -> str:
    return "at least as good as production" if limited else "better or worse than production"
