"""A numeric study through the command line: exact sums, whatever the parts, and the gate `loss`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

START = datetime(2025, 3, 3, 8, tzinfo=UTC)
UNIT = 2.0**-19  # the tolerance of 2, to the power of two below, divided by 2**20
GATES = [{"kind": "books"}, {"kind": "loss", "margin": 0.5}, {"kind": "pairing"}]
DECISION = {"type": "numeric", "tolerance": 2, "largest_loss": 20}

Place = Any
MakePlace = Callable[..., Place]


def rows_of(day: int, cases: int = 12) -> list[dict[str, Any]]:
    rng = np.random.default_rng(100 + day)
    truth = np.round(rng.normal(100, 20, cases), 2)
    decision, given = truth + rng.normal(1, 6, cases), truth + rng.normal(0, 4, cases)
    return [
        {
            "id": f"{day:03d}-{i}",
            "decision": round(float(decision[i]), 3),
            "given": None if i == 3 else round(float(given[i]), 3),
            "outcome": None if i == 5 else float(truth[i]),
            "region": "north" if i % 2 else "south",
        }
        for i in range(cases)
    ]


def write_day(data: Path, day: int) -> None:
    at = (START + timedelta(days=day)).isoformat()
    known = (START + timedelta(days=day, hours=20)).isoformat()
    folders = {name: data / name for name in ("decisions", "recommendations", "outcomes")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    rows = rows_of(day)
    lines = [f"{r['id']},{at},{r['decision']},{r['region']}" for r in rows]
    (folders["decisions"] / f"{day:03d}.csv").write_text(
        "\n".join(["decision_id,decided_at,decision,region", *lines]) + "\n"
    )
    given = [
        {"decision_id": r["id"], "recommended_at": at, "recommendation": r["given"]}
        for r in rows
        if r["given"] is not None
    ]
    outcomes = [
        {"decision_id": r["id"], "observed_at": known, "outcome": r["outcome"]}
        for r in rows
        if r["outcome"] is not None
    ]
    for name, records in (("recommendations", given), ("outcomes", outcomes)):
        text = "".join(json.dumps(record) + "\n" for record in records)
        (folders[name] / f"{day:03d}.jsonl").write_text(text)


@pytest.fixture
def numeric(make_place: MakePlace) -> Callable[..., Place]:
    """Return a function that makes a numeric study without files."""

    def make(**changes: Any) -> Place:
        return make_place(days=0, decision={**DECISION, **changes}, policy={"gates": GATES})

    return make


def whole(value: float) -> int:
    return round(value / UNIT)


def test_sums_equal_those_of_whole_numbers_in_python(numeric: Callable[..., Place]) -> None:
    place = numeric()
    for day in range(3):
        write_day(place.root / "data", day)
    place.understudy("run", check=None)
    sums = dict.fromkeys(
        ("known", "open_differ", "e_p", "ee_a", "abs_a", "abs_dd", "ll_p", "dd", "open_d"), 0
    )
    for row in (r for day in range(3) for r in rows_of(day)):
        x = whole(row["decision"])
        z = x if row["given"] is None else whole(row["given"])
        sums["dd"] += (z - x) ** 2
        if row["outcome"] is None:
            sums["open_differ"] += x != z
            sums["open_d"] += abs(x - z)
            continue
        y = whole(row["outcome"])
        sums["known"] += 1
        sums["e_p"] += x - y
        sums["ee_a"] += (z - y) ** 2
        sums["abs_a"] += abs(z - y)
        sums["abs_dd"] += (abs(x - y) - abs(z - y)) ** 2
        sums["ll_p"] += min(abs(x - y), whole(20)) ** 2
    asked = ", ".join(f"sum({name})" for name in sums)
    for cut in ("all", "region"):
        (found,) = place.query(f"SELECT {asked} FROM measures.loss_sums WHERE cut = '{cut}'")
        assert dict(zip(sums, map(int, found), strict=True)) == sums


def test_the_same_cases_in_other_parts_give_the_same_digits(
    numeric: Callable[..., Place], tmp_path: Path
) -> None:
    place = numeric()
    for day in (2, 0):
        write_day(place.root / "data", day)
    place.understudy("run", check=None)
    for day in (1, 3):
        write_day(place.root / "data", day)
    place.understudy("run", check=None)
    tables = ("loss_sums", "loss_difference_bins")
    parts = [place.query(f"FROM measures.{table} ORDER BY ALL") for table in tables]
    place.understudy("ingest", "--rebuild")
    place.understudy("evaluate", check=None)
    assert parts == [place.query(f"FROM measures.{table} ORDER BY ALL") for table in tables]
    assert all(parts)


def test_a_numeric_study_is_judged_by_its_loss(numeric: Callable[..., Place]) -> None:
    place = numeric()
    for day in range(84):
        write_day(place.root / "data", day)
    place.understudy("run", check=None)
    ((status, sentence, value, low),) = place.evidence(
        "SELECT status, sentence, value, low FROM gates WHERE kind = 'loss'"
    )
    assert status == "PASS", sentence
    assert "mean absolute error" in sentence
    assert low > -0.5
    ((difference,),) = place.evidence(
        "SELECT difference FROM loss_intervals WHERE cut = 'all' AND metric = 'absolute'"
    )
    assert value == pytest.approx(difference, abs=0.3)
    # A limit in the decision's unit is not one in points of accuracy.
    assert place.evidence("SELECT \"limit\" FROM cuts WHERE cut = 'all'") == [(None,)]


def test_other_decisions_have_no_sums_of_losses(place: Place) -> None:
    place.understudy("run", check=None)
    for table in ("loss_sums", "loss_difference_bins"):
        assert place.query(f"SELECT count(*) FROM measures.{table}") == [(0,)]
    assert place.evidence("SELECT count(*) FROM loss_intervals") == [(0,)]


@pytest.mark.parametrize("loss", [{"loss": "squared"}, {"loss": "quantile", "quantile": 0.9}])
def test_every_loss_can_be_registered(numeric: Callable[..., Place], loss: dict[str, Any]) -> None:
    place = numeric(**loss)
    for day in range(2):
        write_day(place.root / "data", day)
    place.understudy("run", check=None)
    unit = UNIT**2 * 2**30 if loss["loss"] == "squared" else UNIT
    ((found,),) = place.query(
        f"SELECT sum(loss_p)::DOUBLE * {unit} FROM measures.loss_sums WHERE cut = 'all'"
    )
    errors = [
        r["outcome"] - r["decision"] for d in (0, 1) for r in rows_of(d) if r["outcome"] is not None
    ]
    own = [e * e if loss["loss"] == "squared" else max(0.9 * e, -0.1 * e) for e in errors]
    assert found == pytest.approx(sum(min(one, 20) for one in own), rel=1e-4)
