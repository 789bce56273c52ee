"""A real study in which cases are served in order: food inspections in Chicago, autumn 2014.

City of Chicago, food-inspections-evaluation (2015). The data are not part of this project:
UNDERSTUDY_REAL_DATA names the folder that holds `food_inspections/`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_contracts.evidence import evidence_path

SOURCE = "inspections.csv"
STUDY = """\
name: food-inspections
title: Which restaurants to inspect first
risk_tier: medium
production:
  system: Inspectors working through their lists
  owner: {name: A. Owner}
sponsor: {name: A. Sponsor}
decision:
  type: binary
  classes: ["0", "1"]
  positive: "1"
  score: probability
  served_in_order: true
outcome: {name: critical}
candidates:
  - {name: glm, version: "1"}
streams:
  decisions:
    sources: [data/cases.csv]
    timezone: America/Chicago
    columns:
      decision_id: Inspection_ID
      decided_at: {column: Inspection_Date, format: "%Y-%m-%d"}
      decision: {constant: "1"}
  recommendations:
    sources: [data/cases.csv]
    timezone: America/Chicago
    columns:
      decision_id: Inspection_ID
      candidate: {constant: glm}
      model_version: {constant: "1"}
      recommended_at: {column: Inspection_Date, format: "%Y-%m-%d"}
      recommendation: critical_expected
      score: score
  outcomes:
    sources: [data/cases.csv]
    timezone: America/Chicago
    columns:
      decision_id: Inspection_ID
      name: {constant: critical}
      observed_at: {column: Inspection_Date, format: "%Y-%m-%d"}
      outcome: criticalFound
segments:
  facility: Facility_Type
policy:
  gates:
    - kind: books
    - kind: duration
    - {kind: ranking, earlier_days: 2, at_week: 8}
    - {kind: calibration, at_most: 0.25}
    - {kind: threshold, error: 0.1, coverage: 0.5}
"""


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = os.environ.get("UNDERSTUDY_REAL_DATA")
    if not home:
        pytest.skip("UNDERSTUDY_REAL_DATA is not set: the folder with `food_inspections/`")
    source = Path(home) / "food_inspections" / SOURCE
    if not source.is_file():
        pytest.skip(f"no {source}")
    root = tmp_path_factory.mktemp("food_inspections")
    (root / "data").mkdir()
    # The city's own parallel run: sixty days from 2 September 2014.
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT Inspection_ID, Inspection_Date, Facility_Type, criticalFound, score,"
            " (score >= 0.25)::INTEGER AS critical_expected FROM read_csv(?) WHERE Test)"
            f" TO '{root / 'data' / 'cases.csv'}'",
            [str(source)],
        )
    (root / "study.yaml").write_text(STUDY, "utf-8")
    command = [sys.executable, "-m", "pipelines.cli", "run", str(root), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    path = evidence_path(root)
    assert path is not None
    return path


def asked(evidence: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(evidence), read_only=True) as connection:
        return connection.execute(query, list(values)).fetchall()


def found(evidence: Path, metric: str) -> tuple[float, float, float, int]:
    query = "SELECT estimate, low, high, n FROM findings WHERE metric = ? AND cut = 'all'"
    (one,) = asked(evidence, query, metric)
    return one


def test_the_score_ranks_as_published(evidence: Path) -> None:
    area, low, high, n = found(evidence, "auc")
    assert area == pytest.approx(0.6790282, abs=2e-6)
    assert low < area < high
    assert n == 1637


def test_confusion_at_a_quarter_is_as_published(evidence: Path) -> None:
    counts = {
        (given, truth): n
        for given, truth, n in asked(
            evidence,
            "SELECT recommendation, outcome, sum(n)::INT FROM outcome_counts WHERE cut = 'all'"
            " GROUP BY ALL",
        )
    }
    shares = {("1", "1"): 0.07819181, ("0", "0"): 0.65180208}
    shares |= {("0", "1"): 0.07941356, ("1", "0"): 0.19059255}
    assert {key: n / 1637 for key, n in counts.items()} == {
        key: pytest.approx(share, abs=5e-9) for key, share in shares.items()
    }


def test_critical_cases_would_have_been_found_as_much_earlier_as_published(
    evidence: Path,
) -> None:
    days, low, high, n = found(evidence, "days_earlier")
    assert days == pytest.approx(7.7868, abs=0.0005)
    assert 0 < low < days < high
    assert n == 258


def test_the_first_half_holds_as_many_as_published(evidence: Path) -> None:
    # Whole days that end within the first half of the slots: 810 of 1,637 inspections.
    assert found(evidence, "first_half_production")[0] == pytest.approx(0.5465116, abs=5e-8)
    assert found(evidence, "first_half_candidate")[0] == pytest.approx(0.6821705, abs=5e-8)


def test_gates_say_what_is_assumed_and_judge(evidence: Path) -> None:
    gates = {
        kind: (status, sentence)
        for kind, status, sentence in asked(evidence, "SELECT kind, status, sentence FROM gates")
    }
    assert gates["ranking"][0] == "PASS"
    assert "as many slots a day as there were" in gates["ranking"][1]
