"""What was expected of a stream and did not come, put together in a few sentences."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from evaluators.feed.arrival_words import about, capital, long_day, units_in_words
from evaluators.feed.arrivals import UnitState
from evaluators.wording import joined

MOST = 5
"""Entries a stream gets, at most, before the rest is counted in one."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """Some units that are silent since the same day, or that left out the same days.

    Attributes
    ----------
    units
        Their names.
    silent
        Whether they are silent still; else they have reported since.
    since
        Last day they reported, or first day they left out.
    days
        Days each of them owes.
    expected
        Records a day expected of all of them together.
    """

    stream: str
    units: tuple[str, ...]
    silent: bool
    since: int
    days: int
    expected: float
    sentence: str


def overdue(
    stream: str, noun: str, units: tuple[str, ...], state: UnitState
) -> tuple[Overdue, ...]:
    """Return what is overdue, the most records first.

    Parameters
    ----------
    noun
        What a reporter is called, e.g. `store`; empty where units are sources.
    """
    silent: dict[int, list[int]] = defaultdict(list)
    for i in np.flatnonzero(state.overdue > 0).tolist():
        silent[int(state.last_day[i])].append(i)
    found = [_silence(stream, noun, units, state, day, group) for day, group in silent.items()]
    missed: dict[int, list[int]] = defaultdict(list)
    for place, i in enumerate(state.hole_unit.tolist()):
        missed[i].append(place)
    holes: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for i, places in missed.items():
        holes[tuple(state.hole_day[places].tolist())].append(i)
    usual = {i: float(state.hole_expected[places].mean()) for i, places in missed.items()}
    found += [
        _hole(stream, noun, units, state, days, group, sum(usual[i] for i in group))
        for days, group in holes.items()
    ]
    found.sort(key=lambda o: (not o.silent, -o.expected * o.days, o.since, o.units))
    return tuple(found)


def in_a_handful(found: tuple[Overdue, ...]) -> tuple[Overdue, ...]:
    """Return the biggest few, and one entry that counts all the others."""
    rest = found[MOST:]
    if not rest:
        return found
    units = tuple(sorted({unit for o in rest for unit in o.units}))
    return (
        *found[:MOST],
        Overdue(
            rest[0].stream,
            units,
            any(o.silent for o in rest),
            min(o.since for o in rest),
            max(o.days for o in rest),
            sum(o.expected for o in rest),
            f"{len(units):,} more are overdue or have left out days.",
        ),
    )


def _silence(
    stream: str, noun: str, units: tuple[str, ...], state: UnitState, day: int, group: list[int]
) -> Overdue:
    names = tuple(units[i] for i in group)
    expected = float(state.expected[group].sum())
    has = "has" if len(group) == 1 else "have"
    sentence = (
        f"{capital(units_in_words(noun, names))} {has} not reported since"
        f" {long_day(day, state.now)} ({about(expected)} {stream} a day expected)."
    )
    days = int(state.overdue[group].max())
    return Overdue(stream, names, True, day, days, expected, sentence)


def _hole(
    stream: str,
    noun: str,
    units: tuple[str, ...],
    state: UnitState,
    days: tuple[int, ...],
    group: list[int],
    expected: float,
) -> Overdue:
    names = tuple(units[i] for i in group)
    said = [long_day(day, state.now) for day in days]
    when = joined(said) if len(said) < 4 else f"{len(said)} days since {said[0]}"
    each = " a day" if len(days) > 1 else ""
    tail = f"for {when} ({about(expected)} {stream}{each} expected)."
    if len(names) == len(units):
        sentence = f"No {stream} have come {tail}"
    else:
        sentence = f"{capital(units_in_words(noun, names))} sent no {stream} {tail}"
    return Overdue(stream, names, False, days[0], len(days), expected, sentence)
