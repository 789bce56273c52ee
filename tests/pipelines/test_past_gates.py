"""The gates of past verdicts as published: whole, in order, and stored once while nothing moves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_contracts.evidence import evidence_ddl
from pipelines.assessment.past_gates import PAST_GATES


def said(position: int = 0, **fields: Any) -> dict[str, Any]:
    row = {
        "candidate": "bot",
        "model_version": "1",
        "position": position,
        "gate": f"g{position}",
        "kind": "noninferiority",
        "family": "quality",
        "status": "INCONCLUSIVE",
        "reason": "undecided",
        "rule": "Rule.",
        "sentence": "Sentence.",
        "measured": "+0.1",
        "value": 0.1,
        "low": -0.25,
        "high": None,
        "threshold": -0.01,
        "n": 100,
        "since": None,
        "earliest": "2026-01-01",
        "latest": None,
        "reachable": True,
        "settings": '{"margin": 0.01}',
    }
    return row | fields


def rows(*verdicts: tuple[int, str, list[dict[str, Any]] | None]) -> list[dict[str, Any]]:
    with duckdb.connect() as db:
        db.execute(
            "CREATE TABLE verdicts (evidence_no BIGINT, candidate VARCHAR, model_version VARCHAR,"
            " gates VARCHAR)"
        )
        for number, name, gates in verdicts:
            text = None if gates is None else json.dumps(gates, sort_keys=True)
            db.execute("INSERT INTO verdicts VALUES (?, ?, '1', ?)", [number, name, text])
        found: list[dict[str, Any]] = db.sql(PAST_GATES).to_arrow_table().to_pylist()
        return found


def test_what_stays_the_same_is_one_row_from_first_to_last_verdict() -> None:
    passed = said(status="PASS", since="2025-12-01")
    found = rows((1, "bot", [said()]), (2, "bot", [said()]), (5, "bot", [passed]))
    spans = [(row["evidence_no"], row["last_no"], row["status"]) for row in found]
    assert spans == [(1, 2, "INCONCLUSIVE"), (5, 5, "PASS")]
    assert found[1]["since"].isoformat() == "2025-12-01"
    assert (found[0]["low"], found[0]["high"], found[0]["n"]) == (-0.25, None, 100)


def test_what_came_back_is_told_apart_from_what_stayed() -> None:
    found = rows((1, "bot", [said()]), (2, "bot", [said(n=7)]), (3, "bot", [said()]))
    assert [(r["evidence_no"], r["last_no"], r["n"]) for r in found] == [
        (1, 1, 100),
        (2, 2, 7),
        (3, 3, 100),
    ]


def test_a_gate_that_left_the_policy_ends_and_other_candidates_do_not_break_a_stretch() -> None:
    found = rows(
        (1, "bot", [said(), said(1)]),
        (2, "other", [said()]),
        (3, "bot", [said()]),
    )
    spans = {(r["candidate"], r["gate"]): (r["evidence_no"], r["last_no"]) for r in found}
    assert spans == {("bot", "g0"): (1, 3), ("bot", "g1"): (1, 1), ("other", "g0"): (2, 2)}


@pytest.mark.parametrize("gates", [None, []])
def test_verdicts_without_kept_gates_have_no_rows(gates: list[dict[str, Any]] | None) -> None:
    assert rows((1, "bot", gates)) == []


def test_a_thousand_verdicts_of_28_gates_stay_small(tmp_path: Path) -> None:
    verdicts = [
        (
            number,
            "bot",
            [said(k, n=number * 900 + k, measured=f"+0.{number % 97} ({k})") for k in range(28)],
        )
        for number in range(1, 1001)
    ]
    found = rows(*verdicts)
    assert len(found) == 28_000
    with duckdb.connect(str(tmp_path / "e.duckdb")) as db:
        db.execute(evidence_ddl())
    empty = (tmp_path / "e.duckdb").stat().st_size
    import pyarrow as pa

    with duckdb.connect(str(tmp_path / "e.duckdb")) as db:
        db.register("incoming", pa.Table.from_pylist(found))
        db.execute("INSERT INTO past_gates BY NAME FROM incoming")
    assert (tmp_path / "e.duckdb").stat().st_size - empty < 4_000_000
