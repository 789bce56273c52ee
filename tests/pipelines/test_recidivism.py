"""A real study without times: people and a risk score on the same 1,000 defendants.

Dressel & Farid, Science Advances 4(1), 2018, doi:10.1126/sciadv.aao5580. The data are not part
of this project: UNDERSTUDY_REAL_DATA names the folder that holds `recidivism/`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median
from typing import Any

import duckdb
import pytest

from data_contracts.evidence import evidence_path

SOURCE = "human_vs_compas_long.csv"
STUDY = """\
name: recidivism
title: Who will be charged again within two years
risk_tier: high
timeless: true
production:
  system: Lay people reading a short description
  owner: {name: A. Owner}
sponsor: {name: A. Sponsor}
decision:
  type: binary
  classes: ["0", "1"]
  positive: "1"
outcome: {name: two_year_recid}
candidates:
  - {name: compas, version: "1"}
streams:
  decisions:
    sources: [data/cases.csv]
    columns:
      decision_id: [condition, participant, defendant_id]
      decision: human_prediction
  recommendations:
    sources: [data/cases.csv]
    columns:
      decision_id: [condition, participant, defendant_id]
      candidate: {constant: compas}
      model_version: {constant: "1"}
      recommendation: compas_prediction
      score: compas_decile_score
  outcomes:
    sources: [data/cases.csv]
    columns:
      decision_id: [condition, participant, defendant_id]
      name: {constant: two_year_recid}
      outcome: two_year_recid
segments:
  condition: condition
  race: {column: race, values: {1: white, 2: black, 3: other, 4: other, 5: other, 6: other}}
  block: block_num
  participant: participant
combinations:
  - [condition, race, block]
  - [condition, block, participant]
policy:
  gates:
    - kind: duration
    - kind: books
    - kind: noninferiority
      margin: 0.01
    - kind: segments
      cut: race
"""
BY_RACE = "condition x race x block"
BY_PERSON = "condition x block x participant"
CROSSING = " · "

Estimates = dict[tuple[str, ...], float]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the study through the command line; return what it published."""
    home = os.environ.get("UNDERSTUDY_REAL_DATA")
    if not home:
        pytest.skip("UNDERSTUDY_REAL_DATA is not set: the folder with `recidivism/`")
    source = Path(home) / "recidivism" / SOURCE
    if not source.is_file():
        pytest.skip(f"no {source}")
    root = tmp_path_factory.mktemp("recidivism")
    (root / "data").mkdir()
    shutil.copyfile(source, root / "data" / "cases.csv")
    (root / "study.yaml").write_text(STUDY, "utf-8")
    command = [sys.executable, "-m", "pipelines.cli", "run", str(root), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    path = evidence_path(root)
    assert path is not None
    return path


@pytest.fixture(scope="module")
def findings(evidence: Path) -> Callable[[str, str], Estimates]:
    """Return a function that returns the estimates of a metric for a cut, by segment."""

    def estimates(metric: str, cut: str) -> Estimates:
        query = "SELECT segment, estimate FROM findings WHERE metric = ? AND cut = ?"
        rows = asked(evidence, query, metric, cut)
        assert rows, f"no findings of {metric} for {cut}"
        return {tuple(segment.split(CROSSING)): estimate for segment, estimate in rows}

    return estimates


def asked(evidence: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(evidence), read_only=True) as connection:
        return connection.execute(query, list(values)).fetchall()


def blocks(found: Estimates, condition: str, race: str) -> list[float]:
    """Return the estimates of one condition and race in the 20 blocks."""
    wanted = [value for key, value in found.items() if key[:2] == (condition, race)]
    assert len(wanted) == 20
    return wanted


def test_both_arms_have_the_published_accuracy(
    findings: Callable[[str, str], Estimates],
) -> None:
    assert findings("accuracy_candidate", "all") == {("all",): pytest.approx(0.652, abs=1e-9)}
    people = findings("accuracy_production", "condition")
    # Every participant judged 50 defendants: the mean over participants is the share of all.
    assert people[("no_race",)] == pytest.approx(0.62135, abs=1e-9)
    assert people[("race",)] == pytest.approx(0.62285, abs=1e-9)


def test_participants_have_the_published_accuracies(
    findings: Callable[[str, str], Estimates],
) -> None:
    found = findings("accuracy_production", BY_PERSON)
    assert len(found) == 800
    by_block: dict[str, list[float]] = {}
    for (condition, block, _), accuracy in found.items():
        if condition == "no_race":
            by_block.setdefault(block, []).append(accuracy)
    everyone = [accuracy for block in by_block.values() for accuracy in block]
    assert mean(everyone) == pytest.approx(0.621, abs=0.0006)
    assert median(everyone) == pytest.approx(0.64, abs=1e-9)
    assert mean(median(block) for block in by_block.values()) == pytest.approx(0.628, abs=0.0006)


@pytest.mark.parametrize("condition", ["no_race", "race"])
@pytest.mark.parametrize(
    ("race", "false_positives", "false_negatives"),
    [("black", 0.404, 0.309), ("white", 0.254, 0.479)],
)
def test_the_score_errs_as_published(
    race: str,
    false_positives: float,
    false_negatives: float,
    condition: str,
    findings: Callable[[str, str], Estimates],
) -> None:
    alarms = blocks(findings("false_positive_rate_candidate", BY_RACE), condition, race)
    misses = blocks(findings("false_negative_rate_candidate", BY_RACE), condition, race)
    assert mean(alarms) == pytest.approx(false_positives, abs=0.0006)
    assert mean(misses) == pytest.approx(false_negatives, abs=0.0006)


@pytest.mark.parametrize(
    ("race", "false_positives", "false_negatives"),
    [("black", 0.44885, 0.32469), ("white", 0.35310, 0.40849)],
)
def test_people_err_as_counted_straight_from_the_file(
    race: str,
    false_positives: float,
    false_negatives: float,
    findings: Callable[[str, str], Estimates],
) -> None:
    # The published rates of people are those of a vote of 20; these are of single judgements,
    # counted from the same rows with a group-by that shares nothing with this product.
    alarms = blocks(findings("false_positive_rate_production", BY_RACE), "no_race", race)
    misses = blocks(findings("false_negative_rate_production", BY_RACE), "no_race", race)
    assert mean(alarms) == pytest.approx(false_positives, abs=1e-5)
    assert mean(misses) == pytest.approx(false_negatives, abs=1e-5)


def test_no_time_is_invented(evidence: Path) -> None:
    assert asked(evidence, "SELECT first_day, data_to, mature_to FROM publication") == [(None,) * 3]
    gates = dict(asked(evidence, "SELECT kind, status FROM gates"))
    assert gates["duration"] == "NO_DATA"
    assert gates["books"] == "PASS"
    assert asked(evidence, "SELECT state FROM verdicts") != [("GO",)]
