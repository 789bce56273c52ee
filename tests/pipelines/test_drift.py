"""Drift through the real command line: a feature moves, a category is new, a feed goes empty."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.as_of import evaluate_as_of
from pipelines.study_file import read_study
from pipelines.study_folder import StudyFolder

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


def fill(place: Any, days: range, *, cases: int = CASES, **moved: float) -> None:
    """Write some days."""
    for day in days:
        place.write_day(day, cases)
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


REFERENCE = (
    "SELECT feature, bin, label, edge, centre, spread, known, n FROM drift_reference ORDER BY ALL"
)


def drift_of(assessed: Any) -> tuple[str, str]:
    """Return status and sentence of the gate of an evaluation."""
    (found,) = (g for g in assessed.assessments[0].gates if g.kind == "drift")
    return found.status.value, found.sentence


def test_the_reference_never_moves_and_the_past_comes_out_again(
    make_place: Callable[..., Any],
) -> None:
    place = make_place(
        days=0, features=FEATURES, policy={"gates": GATES}, drift={"weeks": 2, "bins": 5}
    )
    fill(place, range(17), cases=20)
    place.understudy("run", check=None)
    assert place.query(REFERENCE) == [], "a whole week must pass first"
    status, reason, sentence, earliest = gate(place)
    assert (status, reason) == ("NO_DATA", "too_few_weeks")
    assert "whole on 22 Mar 2026" in sentence
    assert f"{earliest}" == "2026-03-22"

    fill(place, range(17, 21), cases=20)
    place.understudy("run", check=None)
    status, reason, sentence, _ = gate(place)
    assert (status, reason) == ("INCONCLUSIVE", "too_few_cases")
    assert "Too few cases to tell" in sentence
    assert "are needed" in sentence or "too few by itself" in sentence
    kept = place.query(REFERENCE)
    assert {row[0] for row in kept} == set(FEATURES)
    assert len([row for row in kept if row[0] == "amount" and row[1] >= 0]) == 5
    before = gate(place)
    ((moment,),) = place.evidence("SELECT published_at FROM publication")

    # Late records of reference days, far from what they were, and a day more.
    late = place.root / "data" / "decisions" / "late.csv"
    lines = [f"late-{i},2026-03-04T10:00:00Z,yes,north,9999,new,z,blue" for i in range(50)]
    head = "decision_id,decided_at,decision,region,amount,channel,source,colour"
    late.write_text("\n".join([head, *lines]) + "\n")
    fill(place, range(21, 22), cases=20)
    place.understudy("run", check=None)
    assert place.query(REFERENCE) == kept
    counted = "SELECT sum(n) FROM measures.feature_counts WHERE feature = 'amount'"
    assert place.query(counted) == [(22 * 20 + 50,)]
    now = gate(place)

    folder = StudyFolder.at(place.root)
    past = evaluate_as_of(folder, read_study(folder), moment.astimezone(UTC))
    assert past.comparable
    assert past.different == ()
    assert drift_of(past) == (before[0], before[2])

    place.understudy("ingest", "--rebuild")
    assert place.query(REFERENCE) == kept
    place.understudy("evaluate", check=None)
    assert place.query(counted) == [(22 * 20 + 50,)]
    assert gate(place) == now


def test_hidden_values_are_in_neither_the_warehouse_nor_the_evidence(
    make_place: Callable[..., Any],
) -> None:
    place = make_place(
        days=0,
        features=FEATURES,
        policy={"gates": GATES},
        drift={"weeks": 1},
        privacy={"fields": {"channel": "pseudonymise", "colour": "drop"}},
    )
    key = place.root / "pseudonym.key"
    key.write_text("k" * 64)
    key.chmod(0o600)
    fill(place, range(14), cases=20)
    place.understudy("run", check=None)
    labels = place.evidence("SELECT label FROM drift_bins WHERE name IN ('channel', 'colour')")
    assert {label for (label,) in labels} == {
        "value 1",
        "value 2",
        "other values",
        "no value",
        "never seen before",
    }
    rows = place.query("SELECT label FROM drift_reference WHERE feature IN ('channel', 'colour')")
    assert not {"branch", "phone", "red", "green"} & {label for (label,) in rows}
    ((missing, alarm),) = place.evidence(
        "SELECT max(missing), bool_or(alarm) FROM drift WHERE name = 'colour'"
    )
    assert (missing, alarm) == (1, False)


def test_features_are_held_against_the_pilot(
    make_place: Callable[..., Any], tmp_path: Path
) -> None:
    place = make_place(
        days=0,
        features=FEATURES,
        policy={"gates": [*GATES[:2], {"kind": "drift", "subjects": ["input"]}]},
        drift={"reference": "pilot"},
    )
    fill(place, range(14))
    pilot = tmp_path / "pilot"
    shutil.copytree(place.root / "data", pilot / "data")
    shutil.rmtree(place.root / "data")
    fill(place, range(28, 35), shift=1.5, new=0.3, empty=0.6)
    place.understudy("run", check=None)
    assert gate(place)[:2] == ("NO_DATA", "no_baseline")
    place.understudy("profile", "--pilot", str(pilot))
    place.understudy("run", check=None)
    status, _, sentence, _ = gate(place)
    assert status == "FAIL"
    assert all(f"`{name}`" in sentence for name in ("amount", "channel", "source"))
    assert "colour" not in sentence
    ((n, first),) = place.evidence(
        "SELECT n_reference, first_day FROM drift WHERE name = 'amount' AND weeks = 1"
        " AND first_day = (SELECT min(first_day) FROM drift)"
    )
    assert (n, f"{first}") == (14 * CASES, "2026-03-30")
