"""The answer of the planning page: at the pace so far, how long it takes, as ranges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard.planning.basis import Basis
from dashboard.planning.needs import Need, weeks_words, whole
from dashboard.records import Gate
from dashboard.vouched import by_volume
from data_contracts.vocabulary import GateFamily, Status
from evaluators.wording import count, joined, percent, plain_percent

NO_GATE = "The policy asks for no difference in accuracy, so no number of cases is needed."
NOTHING_YET = (
    "No case is old enough to plan from; the picture says how long a record like the one declared"
    " must run."
)
NO_DAYS = "The records carry no days, so cases can be said and weeks cannot."


def headline(
    found: Sequence[Need], gates: Sequence[Gate], today: date | None, asks: bool, start: Basis
) -> str:
    """Return the one sentence.

    Parameters
    ----------
    found
        What each gate about the difference needs.
    gates
        Of the latest verdict.
    today
        Last day of the record; None in a timeless study.
    asks
        Whether the policy has a gate about the difference.
    start
        Where the plans further down the page start from; the same numbers are said here.
    """
    if not asks:
        return NO_GATE
    all_cases = whole(found)
    basis = all_cases or (found[0] if found else None)
    if basis is None or basis.n == 0:
        return NOTHING_YET
    if today is None or basis.a_week is None:
        return _timeless(found)
    parts = []
    if all_cases is not None:
        parts.append(_whole(all_cases, today))
    parts += [
        _segments(found, gate, today)
        for gate in gates
        if gate.result.family is GateFamily.SEGMENTS
        and any(n.gate == gate.result.gate for n in found)
    ]
    told = "; ".join(part for part in parts if part)
    pace = ""
    if all_cases is not None and start.measured:
        pace = (
            f"At {count(round(start.a_day), 'case')} a day and "
            f"{percent(start.disagreement)} disagreement: "
        )
    told = f"{pace}{told}" if pace else f"{told[:1].upper()}{told[1:]}"
    return f"{told}."


def _whole(need: Need, today: date) -> str:
    if need.shown:
        return "it is shown already for all cases together"
    if need.hopeless:
        return "waiting will not show it for all cases together"
    weeks = weeks_words(need.earliest, need.latest, today)
    return f"all cases together need {weeks}" if weeks else "no day can be named for all cases"


def _segments(found: Sequence[Need], gate: Gate, today: date) -> str:
    """Return when a gate about segments is expected to pass, and how many are shown singly."""
    mine = [need for need in found if need.gate == gate.result.gate]
    total, shown = len(mine), sum(need.shown for need in mine)
    which, one = asked_of(gate, mine)
    if gate.result.status is Status.PASS:
        return f"it is shown already for {which}"
    forecast = gate.result.forecast
    singly = f" ({shown:,}{_total(gate, mine)} shown singly so far)" if total > 1 else ""
    if forecast is not None and not forecast.reachable:
        return f"waiting will not show it for {which}{singly}"
    weeks = weeks_words(forecast.earliest, forecast.latest, today) if forecast else ""
    if not weeks:
        return f"for {which} no day can be named{singly}"
    return f"{which} {'needs' if one else 'need'} {weeks}{singly}"


def asked_of(gate: Gate, mine: Sequence[Need]) -> tuple[str, bool]:
    """Return what a gate asks to be shown, in words, and whether that is one thing."""
    settings, needed, total = gate.settings, gate.result.threshold, len(mine)
    if by_volume(settings):
        share = plain_percent(float(needed or settings["share"]))
        return f"segments with {share} of the cases", False
    if settings.get("also"):
        cuts = joined([settings["cut"], *settings["also"]])
        return f"{count(int(needed), 'segment') if needed else 'enough segments'} by {cuts}", False
    if total == 1:
        return "the one segment", True
    if needed and 1 <= needed < total:
        return f"{int(needed):,} of {total:,} segments", False
    return f"all {total:,} segments", False


def _total(gate: Gate, mine: Sequence[Need]) -> str:
    """Return of how many segments some are shown, where the gate does not count just those."""
    if gate.settings.get("also"):
        return f" of {len(mine):,} by {gate.settings['cut']}"
    return f" of {count(len(mine), 'segment')}" if by_volume(gate.settings) else ""


def _timeless(found: Sequence[Need]) -> str:
    need = whole(found) or found[0]
    if need.shown:
        return f"It is shown already for all cases together. {NO_DAYS}"
    if need.more is None:
        return f"More cases would not show all cases together. {NO_DAYS}"
    return f"All cases together need about {count(need.more, 'further case')}. {NO_DAYS}"
