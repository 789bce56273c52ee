"""Who is overdue, who is late as a habit, and the gate about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.vocabulary import Reason, Status
from evaluators.feed.arrivals import (
    ArrivalCounts,
    Expectation,
    last_day_of,
    unit_states,
    weekday_of,
)
from evaluators.feed.lateness import lateness_note, lateness_of_records, lateness_of_units
from evaluators.feed.overdue import in_a_handful, overdue
from evaluators.gates import arrivals as gate
from evaluators.scope import DataState, Reporting, Scope

MONDAY = 20_458  # 5 January 2026
DAYS = 63
NOW = MONDAY + DAYS - 1  # Sunday 8 March 2026


def stores(
    table: np.ndarray, late: np.ndarray | None = None, names: tuple[str, ...] | None = None
) -> ArrivalCounts:
    """Return the counts of a table (units, days), each arriving `late` days after its day."""
    unit, place = np.nonzero(table)
    day = MONDAY + place
    came = day if late is None else day + late[unit, place]
    units = names or tuple(str(i + 1) for i in range(len(table)))
    return ArrivalCounts(units, unit, day, table[unit, place], came)


def full(units: int = 50, n: int = 30) -> np.ndarray:
    return np.full((units, DAYS), n, np.int64)


def test_silent_stores_are_named_together() -> None:
    table = full()
    table[40:44, -1] = 0
    counts = stores(table)
    state = unit_states(counts, NOW, Expectation(True, within_days=0))
    assert not state.overdue.any(), "the day itself is not over"
    later = unit_states(counts, NOW + 1, Expectation(True, within_days=0))
    found = overdue("decisions", "store", counts.units, later)
    assert found[0].sentence == (
        "Stores 41 to 44 have not reported since Saturday 7 March"
        " (about 120 decisions a day expected)."
    )
    assert (found[0].days, found[0].silent, found[0].expected) == (1, True, 120)


def test_a_declared_lateness_is_waited_for() -> None:
    table = full(5)
    table[2, -3:] = 0
    states = [unit_states(stores(table), NOW, Expectation(True, days)) for days in (0, 1, 2, 3)]
    assert [state.overdue[2] for state in states] == [2, 1, 0, 0]
    assert all(state.overdue[[0, 1, 3, 4]].sum() == 0 for state in states)


def test_a_habit_of_lateness_is_learned_by_weekday() -> None:
    table, late = full(5), np.zeros((5, DAYS), np.int64)
    late[2, weekday_of(MONDAY + np.arange(DAYS)) == 5] = 2
    table[2, -2:] = 0  # Saturday and Sunday
    saturday, sunday = (
        unit_states(stores(table, late), day, Expectation()) for day in (NOW, NOW + 1)
    )
    assert saturday.overdue[2] == 0
    assert sunday.overdue[2] == 1, "Sunday's, which it has never sent late"
    assert unit_states(stores(table, late), NOW + 2, Expectation()).overdue[2] >= 2


def test_without_four_weeks_nothing_is_expected_unless_declared() -> None:
    table = full(3)[:, :21]
    table[1, 17:] = 0
    end = MONDAY + 20
    silent = unit_states(stores(table), end, Expectation())
    declared = unit_states(stores(table), end, Expectation(True, 0))
    assert not silent.watched.any()
    assert declared.watched.all()
    assert declared.overdue.tolist() == [0, 3, 0]


def test_a_weekday_that_was_ever_empty_is_not_expected() -> None:
    table = full(2)
    table[0, 5::7] = 0  # never on Saturdays
    table[1, 26] = 0  # once not on a Saturday
    table[:, -2:] = 0
    state = unit_states(stores(table), NOW + 1, Expectation())
    assert state.overdue.tolist() == [1, 1], "Sunday only"


def test_declared_weekdays_off_and_closed_units_are_not_waited_for() -> None:
    table = full(3)
    table[1:, -6:] = 0
    rule = Expectation(True, 0, frozenset({5, 6}), frozenset({"3"}))
    state = unit_states(stores(table), NOW + 1, rule)
    assert state.overdue.tolist() == [0, 4, 0]
    assert state.watched.tolist() == [True, True, False]


def test_a_day_left_out_is_named_though_the_store_reports_again() -> None:
    table = full(4)
    table[[0, 2], 57] = 0  # Tuesday 3 March
    counts = stores(table)
    state = unit_states(counts, NOW, Expectation())
    assert [o.sentence for o in overdue("decisions", "store", counts.units, state)] == [
        "Stores 1 and 3 sent no decisions for Tuesday 3 March (about 60 decisions expected)."
    ]
    table[:, 57] = 0
    nobody = overdue(
        "decisions", "store", counts.units, unit_states(stores(table), NOW, Expectation())
    )
    assert (
        nobody[0].sentence
        == "No decisions have come for Tuesday 3 March (about 120 decisions expected)."
    )


def test_at_most_a_handful_of_sentences_the_biggest_first() -> None:
    table = full(40)
    for i in range(12):
        table[i, DAYS - 2 - i :] = 0
    table[7] *= 100
    counts = stores(table)
    found = overdue("decisions", "store", counts.units, unit_states(counts, NOW, Expectation()))
    said = [o.sentence for o in in_a_handful(found)]
    assert len(said) == 6
    assert said[0].startswith("Store 8 has")
    assert said[-1] == "7 more are overdue or have left out days."


def test_a_record_from_the_future_does_not_make_everyone_overdue() -> None:
    counts = stores(full(3))
    day, n, came = (
        np.append(a, b)
        for a, b in zip((counts.day, counts.n, counts.came), (NOW + 400, 1, NOW), strict=True)
    )
    assert last_day_of(day, n, came) == NOW
    assert last_day_of(counts.day, counts.n, counts.came - 500) == NOW, "file times are of no use"
    empty = np.zeros(0, np.int64)
    assert last_day_of(empty, empty, empty) is None


@given(st.permutations(range(6)), st.integers(0, 5), st.integers(1, 20))
def test_the_order_of_units_does_not_matter(order: list[int], who: int, since: int) -> None:
    table = full(6)
    table[who, -since:] = 0
    names = tuple("abcdef")
    one = unit_states(stores(table, names=names), NOW, Expectation())
    turned = unit_states(stores(table[order], names=names), NOW, Expectation())
    assert turned.overdue.tolist() == one.overdue[order].tolist()
    assert one.overdue[who] == since - 1


def weekend(share: float, units: int = 500) -> np.ndarray:
    rng = np.random.default_rng(3)
    late = np.zeros((units, DAYS), np.int64)
    for day in range(DAYS):
        if day % 7 >= 5:
            late[rng.choice(units, round(share * units), replace=False), day] = 1
    return late


def test_the_weekend_effect_is_said_in_one_sentence() -> None:
    found = lateness_of_units(stores(full(500), weekend(0.08)))
    note = lateness_note(found, "store", "report")
    assert note is not None
    assert note.sentence == "8.0% of stores report a day late at weekends (0% on other days)."
    assert note.n == 40 * 18
    assert lateness_note(lateness_of_units(stores(full(500))), "store", "report") is None
    assert (
        lateness_note(lateness_of_units(stores(full(500), weekend(0.01))), "store", "report")
        is None
    )


def test_without_reporters_the_lag_of_the_records_shows_it() -> None:
    found = lateness_of_records([0, 1, 2, 3, 4, 5, 5, 6], [1, 1, 1, 1, 1, 1, 4, 1], [900] * 8)
    note = lateness_note(found, "decisions", "arrive")
    assert note is not None
    assert note.sentence == "50.0% of decisions arrive 3 days late on Saturdays (0% on other days)."


@pytest.mark.parametrize(
    ("settings", "status"), [({}, Status.FAIL), ({"overdue_units": 0.08}, Status.PASS)]
)
def test_the_gate_blocks_beyond_the_declared_share(
    scope: Callable[..., Scope], settings: dict[str, Any], status: Status
) -> None:
    told = Reporting("decisions", "store", 50, 4, ("Stores 41 to 44 have not reported.",))
    where = scope(30, data=DataState(reporting=(told, Reporting("outcomes", "source", 0, 0))))
    result = gate.judge("arrivals", gate.Settings(**settings), {}, where)
    assert result.status is status
    assert (result.value, result.n) == (0.08, 50)
    if status is Status.FAIL:
        assert result.reason is Reason.REPORTERS_SILENT
        assert result.sentence == "Stores 41 to 44 have not reported."
        assert result.measured == "4 of 50 stores of decisions overdue"
    nothing = replace(where, data=DataState())
    assert gate.judge("arrivals", gate.Settings(), {}, nothing).status is Status.NO_DATA
