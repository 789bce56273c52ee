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
clusters: {defendant: defendant_id}
repeats: defendant
protected: [race]
policy:
  gates:
    - kind: duration
    - kind: books
    - kind: noninferiority
      margin: 0.01
    - kind: segments
      cut: race
    - kind: slices
    - kind: priority
      cut: race
      segments: [black]
      fewer_errors: 0.01
    - kind: fairness
      cut: race
      gap: odds
"""
VOTES = "votes.csv"
BY_RACE = "condition x race x block"
BY_PERSON = "condition x block x participant"
CROSSING = " · "

Estimates = dict[tuple[str, ...], float]


@pytest.fixture(scope="module")
def source() -> Path:
    """Return the file of single judgements."""
    home = os.environ.get("UNDERSTUDY_REAL_DATA")
    if not home:
        pytest.skip("UNDERSTUDY_REAL_DATA is not set: the folder with `recidivism/`")
    path = Path(home) / "recidivism" / SOURCE
    if not path.is_file():
        pytest.skip(f"no {path}")
    return path


def ran(root: Path) -> Path:
    """Run a study through the command line; return what it published."""
    command = [sys.executable, "-m", "pipelines.cli", "run", str(root), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    path = evidence_path(root)
    assert path is not None
    return path


@pytest.fixture(scope="module")
def evidence(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what the study of single judgements published."""
    root = tmp_path_factory.mktemp("recidivism")
    (root / "data").mkdir()
    shutil.copyfile(source, root / "data" / "cases.csv")
    (root / "study.yaml").write_text(STUDY, "utf-8")
    return ran(root)


@pytest.fixture(scope="module")
def votes(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what the study of votes published: of 20 people, a tie counting as "will not"."""
    root = tmp_path_factory.mktemp("votes")
    (root / "data").mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT condition, defendant_id, block_num, race, two_year_recid,"
            " compas_prediction, compas_decile_score,"
            " CAST(sum(human_prediction) > count(*) / 2 AS INTEGER) AS human_prediction"
            f" FROM read_csv('{source}') GROUP BY ALL ORDER BY ALL)"
            f" TO '{root / 'data' / 'cases.csv'}' (HEADER)"
        )
    text = STUDY.replace("[condition, participant, defendant_id]", "[condition, defendant_id]")
    dropped = ("participant", "repeats:", "clusters:")
    kept = [line for line in text.splitlines() if not any(word in line for word in dropped)]
    (root / "study.yaml").write_text("\n".join(kept) + "\n", "utf-8")
    return ran(root)


@pytest.fixture(scope="module")
def findings(evidence: Path) -> Callable[[str, str], Estimates]:
    """Return a function that returns the estimates of a metric for a cut, by segment."""
    return lambda metric, cut: estimates(evidence, metric, cut)


def estimates(published: Path, metric: str, cut: str) -> Estimates:
    """Return the estimates of a metric for a cut, by the values of its segments."""
    query = "SELECT segment, estimate FROM findings WHERE metric = ? AND cut = ?"
    rows = asked(published, query, metric, cut)
    assert rows, f"no findings of {metric} for {cut}"
    return {tuple(segment.split(CROSSING)): estimate for segment, estimate in rows}


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


def test_the_score_ranks_as_published(evidence: Path) -> None:
    # Over defendants the area under the curve is published as .70. Deciles are whole numbers, each
    # a bin of its own, and every defendant occurs equally often, so bins give it exactly.
    rows = asked(
        evidence,
        "SELECT score_from, sum(n) FILTER (outcome = '1'), sum(n) FILTER (outcome = '0')"
        " FROM score_counts GROUP BY ALL ORDER BY ALL",
    )
    below, area = 0.0, 0.0
    positives, negatives = (sum(row[i] for row in rows) for i in (1, 2))
    for _, positive, negative in rows:
        area += positive * (below + negative / 2)
        below += negative
    assert float(area / (positives * negatives)) == pytest.approx(0.70, abs=0.005)


@pytest.mark.parametrize(("condition", "published"), [("no_race", 0.670), ("race", 0.665)])
def test_votes_have_the_published_accuracy(votes: Path, condition: str, published: float) -> None:
    found = estimates(votes, "accuracy_production", "condition")
    assert found[condition,] == pytest.approx(published, abs=1e-9)


@pytest.mark.parametrize(
    ("race", "false_positives", "false_negatives"),
    [("black", 0.371, 0.292), ("white", 0.272, 0.403)],
)
def test_votes_err_as_published(
    votes: Path, race: str, false_positives: float, false_negatives: float
) -> None:
    alarms = estimates(votes, "false_positive_rate_production", BY_RACE)
    misses = estimates(votes, "false_negative_rate_production", BY_RACE)
    assert mean(blocks(alarms, "no_race", race)) == pytest.approx(false_positives, abs=0.0006)
    assert mean(blocks(misses, "no_race", race)) == pytest.approx(false_negatives, abs=0.0006)


def test_the_gap_between_races_is_reported_for_both_sides(evidence: Path, source: Path) -> None:
    rates = asked(
        evidence,
        "SELECT arm, rate, segment, estimate FROM fairness WHERE segment IN ('black', 'white')",
    )
    found = {tuple(row[:3]): row[3] for row in rates}
    with duckdb.connect() as connection:
        for arm, column in (("production", "human_prediction"), ("candidate", "compas_prediction")):
            for race, code in (("white", 1), ("black", 2)):
                selected, caught, alarmed = connection.execute(
                    f"SELECT avg({column}), avg({column}) FILTER (two_year_recid = 1),"
                    f" avg({column}) FILTER (two_year_recid = 0)"
                    f" FROM read_csv('{source}') WHERE race = {code}"
                ).fetchall()[0]
                assert found[arm, "selected", race] == pytest.approx(selected, abs=1e-12)
                assert found[arm, "found", race] == pytest.approx(caught, abs=1e-12)
                assert found[arm, "alarmed", race] == pytest.approx(alarmed, abs=1e-12)
    gaps = {
        row[0]: row[1:]
        for row in asked(
            evidence,
            "SELECT gap, production_gap, candidate_gap, change, low_any_look, high_any_look"
            " FROM fairness_gaps",
        )
    }
    assert set(gaps) == {"selection", "opportunity", "odds", "selection_ratio"}
    for before, after, change, low, high in (gaps["selection"], gaps["odds"]):
        assert after > before > 0
        assert change == pytest.approx(after - before)
        assert low <= change <= high
    pairs = asked(
        evidence,
        "SELECT difference, low, high, p FROM fairness_pairs WHERE arm = 'candidate'"
        " AND rate = 'alarmed' AND segment = 'black' AND other = 'white'",
    )
    assert pairs[0][1] > 0.1
    assert pairs[0][3] < 1e-6


def test_people_agree_with_themselves_only_so_far(evidence: Path, source: Path) -> None:
    found = dict(
        asked(
            evidence,
            "SELECT metric, estimate FROM findings WHERE metric LIKE 'production_%'"
            " OR metric = 'agreement_on_repeats'",
        )
    )
    with duckdb.connect() as connection:
        same, most, agreed = connection.execute(
            "SELECT avg((k * (k - 1) + (n - k) * (n - k - 1)) / (n * (n - 1))),"
            " sum(greatest(k, n - k)) / sum(n), sum(CASE c WHEN 1 THEN k ELSE n - k END) / sum(n)"
            " FROM (SELECT defendant_id, sum(human_prediction) AS k, count(*) AS n,"
            f" any_value(compas_prediction) AS c FROM read_csv('{source}') GROUP BY ALL)"
        ).fetchall()[0]
    assert found["production_self_agreement"] == pytest.approx(same, abs=1e-12)
    assert found["production_most_frequent"] == pytest.approx(most, abs=1e-12)
    assert found["agreement_on_repeats"] == pytest.approx(agreed, abs=1e-12)
    assert found["agreement_on_repeats"] < found["production_most_frequent"]
    assert 0.3 < found["production_fleiss_kappa"] < 0.6
    assert found["production_krippendorff_alpha"] == pytest.approx(
        found["production_fleiss_kappa"], abs=0.001
    )


def test_segments_are_ranked_and_slices_searched(evidence: Path) -> None:
    rows = asked(
        evidence,
        "SELECT segment, n, shrunken FROM segment_ranking WHERE cut = 'race' ORDER BY position",
    )
    assert {row[0] for row in rows} == {"white", "black", "other"}
    assert sum(row[1] for row in rows) == 40_000
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)
    cuts = dict(asked(evidence, "SELECT cut, sentence FROM segment_cuts"))
    assert set(cuts) == {"condition", "race", "block", "participant", BY_RACE, BY_PERSON}
    search = asked(evidence, "SELECT searched, shortlisted, confirmed, sentence FROM worst_slices")
    assert search[0][0] > 100
    assert search[0][1] <= 20
    assert len(search) == 1 + search[0][2]
