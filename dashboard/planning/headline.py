"""The answer of the planning page: at the pace so far, how long it takes, as ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from dashboard.planning.basis import Basis
from dashboard.planning.needs import Need, weeks_words, whole
from dashboard.records import Gate
from dashboard.vouched import KIND, by_volume
from data_contracts.findings import ALL_CASES
from data_contracts.vocabulary import Status
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
    if all(need.n == 0 for need in found):
        return NOTHING_YET
    if today is None or all(need.a_week is None for need in found):
        return f"{_timeless(found, gates)} {NO_DAYS}"
    parts = []
    if all_cases is not None:
        parts.append(_whole(all_cases, today))
    parts += [_segments(gate, mine, today) for gate, mine in _by_gate(found, gates)]
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


def _by_gate(found: Sequence[Need], gates: Sequence[Gate]) -> Iterator[tuple[Gate, Sequence[Need]]]:
    """Yield each gate about segments with what its segments need."""
    for gate in gates:
        mine = [n for n in found if n.gate == gate.result.gate and n.cut != ALL_CASES]
        if mine:
            yield gate, mine


def _segments(gate: Gate, mine: Sequence[Need], today: date) -> str:
    """Return when a gate about segments is expected to pass, and how many are shown singly."""
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
    if gate.result.kind != KIND:
        return joined([need.segment for need in mine]), total == 1
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


def _timeless(found: Sequence[Need], gates: Sequence[Gate]) -> str:
    """Return what all cases need; where no gate is about them, what the segments do."""
    need = whole(found)
    if need is None:
        told = "; ".join(_undated(gate, mine) for gate, mine in _by_gate(found, gates))
        return f"{told[:1].upper()}{told[1:]}."
    if need.shown:
        return "It is shown already for all cases together."
    if need.more is None:
        return "More cases would not show all cases together."
    return f"All cases together need about {count(need.more, 'further case')}."


def _undated(gate: Gate, mine: Sequence[Need]) -> str:
    """Return what a gate about segments still needs, each taken singly, in cases."""
    which, _ = asked_of(gate, mine)
    if gate.result.status is Status.PASS:
        return f"it is shown already for {which}"
    total, shown = len(mine), sum(need.shown for need in mine)
    more = [need.more for need in mine if need.more]
    hopeless = total - shown - len(more)
    if total == 1 and not shown:
        if hopeless:
            return f"more cases would not show {which}"
        return f"{which} needs about {count(more[0], 'further case')}"
    have = "none" if not shown else f"{shown:,}" if shown < total else "all"
    parts = [f"singly it is shown for {have} of {count(total, 'segment')} by {mine[0].cut}"]
    if more:
        few, many = min(more), max(more)
        span = f"{few:,} to {many:,} further cases" if few < many else count(few, "further case")
        parts.append(f"{len(more):,} {'needs' if len(more) == 1 else 'need'} about {span}")
    if hopeless:
        parts.append(f"more cases would not show {hopeless:,}")
    return ", ".join(parts)
