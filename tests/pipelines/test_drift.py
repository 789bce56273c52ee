"""Drift through the real command line: a feature moves, a category is new, a feed goes empty."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

START = datetime(2026, 3, 2, tzinfo=UTC)
WEEKS, CASES = 6, 60
GATES = [
    {"kind": "books"},
    {"kind": "noninferiority", "margin": 0.05},
    {"kind": "drift", "subjects": ["input", "mix", "decision", "recommendation", "score"]},
]
FEATURES = {name: name for name in ("amount", "channel", "source", "colour")}


def write_features(
    data: Path, day: int, *, shift: float = 0.0, new: float = 0.0, empty: float = 0.0
) -> None:
    """Add features to the decisions of a day: a number and three texts."""
    file = data / "decisions" / f"{(START + timedelta(days=day)).date()}.csv"
    with file.open() as lines:
        rows = list(csv.DictReader(lines))
    rng = np.random.default_rng(1000 + day)
    n = len(rows)
    amount = rng.normal(100 + 20 * shift, 20, n)
    channel = np.where(rng.random(n) < new, "app", rng.choice(["branch", "phone"], n))
    source = np.where(rng.random(n) < empty, "", rng.choice(["a", "b", "c"], n))
    colour = rng.choice(["red", "green"], n)
    for row, *values in zip(rows, amount, channel, source, colour, strict=True):
        row |= dict(zip(FEATURES, (f"{values[0]:.2f}", *map(str, values[1:])), strict=True))
    with file.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def fill(place: Any, days: range, **moved: float) -> None:
    """Write some days."""
    for day in days:
        place.write_day(day, CASES)
        write_features(place.root / "data", day, **moved)


def gate(place: Any, kind: str = "drift") -> tuple[Any, ...]:
    """Return the published row of a gate."""
    (row,) = place.evidence(
        f"SELECT status, reason, sentence, earliest FROM gates WHERE kind = '{kind}'"
    )
    return row


@pytest.fixture
def calm(make_place: Callable[..., Any]) -> Any:
    """Return a study of five quiet weeks, the first four of which are the reference."""
    place = make_place(days=0, features=FEATURES, policy={"gates": GATES})
    fill(place, range(35))
    return place


def test_what_moves_in_week_6_is_named_and_nothing_else(calm: Any) -> None:
    calm.understudy("run")
    status, _, sentence, _ = gate(calm)
    assert status == "PASS", sentence
    fill(calm, range(35, 42), shift=1.5, new=0.3, empty=0.6)
    calm.understudy("run", check=None)
    status, reason, sentence, _ = gate(calm)
    assert (status, reason) == ("FAIL", "data_changed")
    assert "the feature `amount`" in sentence
    assert "the feature `channel`" in sentence
    assert "“never seen before”, from 0% to" in sentence
    assert "the feature `source`" in sentence
    assert "“no value”, from 0% to" in sentence
    assert "colour" not in sentence
    rows = calm.evidence(
        "SELECT name, alarm, unseen, missing, n_current FROM drift"
        " WHERE kind = 'input' AND weeks = 1 AND day = (SELECT max(day) FROM drift) ORDER BY name"
    )
    assert [(name, alarm) for name, alarm, *_ in rows] == [
        ("amount", True),
        ("channel", True),
        ("colour", False),
        ("source", True),
    ]
    found = {name: (unseen, missing) for name, _, unseen, missing, _ in rows}
    assert found["channel"][0] == pytest.approx(0.3, abs=0.1)
    assert found["source"][1] == pytest.approx(0.6, abs=0.1)
    assert {n for *_, n in rows} == {7 * CASES}
    quiet = calm.evidence("SELECT count(*) FROM drift WHERE alarm AND day < DATE '2026-04-12'")
    assert quiet == [(0,)]
    shares = calm.evidence(
        "SELECT sum(reference), sum(latest), sum(together) FROM drift_bins GROUP BY kind, name"
    )
    assert np.allclose(shares, 1)
