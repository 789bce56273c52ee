"""Plans, value, running costs, service levels and exposure, through the real command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Place = Any
Make = Callable[..., Place]

START = datetime(2026, 3, 2, tzinfo=UTC)
COSTS = {"no": {"no": 0, "yes": 40}, "yes": {"no": 10, "yes": 5}}
GATES = [
    {"kind": "books"},
    {"kind": "duration", "weeks": 1},
    {"kind": "noninferiority", "margin": 0.05},
    {"kind": "value", "at_least": 0.5},
    {"kind": "cost"},
    {"kind": "latency"},
    {"kind": "exposure"},
]


def write(
    data: Path, days: int, cases: int, *, exposed: int = 0, sneaked: int = 0, seed: int = 3
) -> None:
    """Write cases of which the candidate gets more right; some of each day were exposed.

    Of the exposed, every third decider was wrong at first and follows the candidate.
    """
    chance = np.random.default_rng(seed)
    lines: dict[str, list[str]] = {"decisions": [], "recommendations": [], "outcomes": []}
    heads = {
        "decisions": "decision_id,decided_at,decision,region,exposed_at,initial_decision",
        "recommendations": "decision_id,recommended_at,recommendation,latency_ms,cost,"
        "input_tokens,output_tokens",
        "outcomes": "decision_id,observed_at,outcome",
    }
    words = ("no", "yes")
    for day in range(days):
        truth = chance.random(cases) < 0.4
        decision = truth ^ (chance.random(cases) < 0.2)
        given = truth ^ (chance.random(cases) < 0.05)
        slow = chance.lognormal(5.0, 0.4, cases)
        for i in range(cases):
            case, at = f"{day:03d}-{i:04d}", START + timedelta(days=day, minutes=3 * i)
            seen, first = "", ""
            if i < exposed:
                seen, first = (at - timedelta(seconds=30)).isoformat(), words[int(decision[i])]
                if i % 3 == 0:
                    decision[i] = given[i]
            elif i < exposed + sneaked:
                first = words[int(decision[i])]
            lines["decisions"].append(
                f"{case},{at.isoformat()},{words[int(decision[i])]},"
                f"{'north' if i % 2 else 'south'},{seen},{first}"
            )
            asked = (at - timedelta(seconds=60)).isoformat()
            lines["recommendations"].append(
                f"{case},{asked},{words[int(given[i])]},{slow[i]:.1f},0.0015,300,20"
            )
            known = (at + timedelta(hours=30)).isoformat()
            lines["outcomes"].append(f"{case},{known},{words[int(truth[i])]}")
    for stream, rows in lines.items():
        (data / stream).mkdir(parents=True, exist_ok=True)
        text = "\n".join([heads[stream], *rows]) + "\n"
        (data / stream / "all.csv").write_text(text, "utf-8")


@pytest.fixture
def make(make_place: Make) -> Make:
    """Return a function that makes a study with a value, a budget and service levels."""

    def made(days: int = 35, cases: int = 60, mode: str = "shadow", **kinds: Any) -> Place:
        place = make_place(
            days=0,
            mode=mode,
            production={
                "system": "The desk",
                "owner": {"name": "A. Owner"},
                "cases_per_year": 12_000,
            },
            value={"currency": "EUR", "costs": COSTS, "review_cost": 3},
            budget={"currency": "EUR", "per_decision": 0.01, "per_month": 50},
            service_levels={"latency_p95_ms": 800},
            policy={"plan": {"margin": 0.05, "disagreement": 0.2}, "gates": GATES},
        )
        write(place.root / "data", days, cases, **kinds)
        return place

    return made


def gates_of(place: Place) -> dict[str, dict[str, Any]]:
    return {gate["gate"]: gate for gate in place.status()["candidates"][0]["gates"]}


def test_value_cost_and_times_are_published_and_judged(make: Make) -> None:
    place = make()
    place.understudy("run")
    gates = gates_of(place)
    assert {
        name: gate["status"] for name, gate in gates.items() if name != "checks"
    } == dict.fromkeys((str(gate["kind"]) for gate in GATES), "PASS")
    found = dict(place.evidence("SELECT metric, estimate FROM findings WHERE segment = 'all'"))
    # By hand from the raw files: what both sides' decisions cost, on all cases.
    (by_hand,) = place.query(
        """
        WITH c(decision, outcome, cost) AS (VALUES ('no', 'no', 0), ('no', 'yes', 40),
            ('yes', 'no', 10), ('yes', 'yes', 5))
        SELECT avg(p.cost - a.cost), avg(p.cost), avg(a.cost)
        FROM decisions d JOIN recommendations r USING (decision_id) JOIN outcomes o
            USING (decision_id)
        JOIN c p ON p.decision = d.decision AND p.outcome = o.outcome
        JOIN c a ON a.decision = r.recommendation AND a.outcome = o.outcome
        WHERE cohort_day <= (SELECT max(cohort_day) - 2 FROM decisions)"""
    )
    assert found["saving_per_case"] == pytest.approx(by_hand[0], rel=1e-12)
    assert found["cost_per_case_production"] == pytest.approx(by_hand[1], rel=1e-12)
    assert found["cost_per_case_candidate"] == pytest.approx(by_hand[2], rel=1e-12)
    assert found["saving_per_year"] == pytest.approx(12_000 * by_hand[0], rel=1e-12)
    assert found["cost_per_decision"] == pytest.approx(0.0015)
    assert found["cost_per_month"] == pytest.approx(1.5)
    assert found["tokens_per_decision"] == pytest.approx(320)
    (times,) = place.query("SELECT quantile_disc(latency_ms, 0.95) FROM recommendations")
    assert found["latency_p95_ms"] == pytest.approx(times[0], rel=0.036)
    table = place.evidence(
        "SELECT item, outcome, factor, cost, saving FROM value_sensitivity ORDER BY ALL"
    )
    declared = {(i, o): s for i, o, f, _, s in table if f == 1}
    assert len(declared) == 4  # three costs that are not nothing, and that of a review
    np.testing.assert_allclose(list(declared.values()), by_hand[0])
    by_cost = {(i, o): [(c, s) for a, b, _, c, s in table if (a, b) == (i, o)] for i, o in declared}
    for points in by_cost.values():  # linear in every cost
        slopes = np.diff([s for _, s in points]) / np.diff([c for c, _ in points])
        np.testing.assert_allclose(slopes, slopes[0], atol=1e-12)


def test_a_value_study_says_what_is_missing(make: Make) -> None:
    place = make(days=4)
    place.understudy("run")
    gates = gates_of(place)
    assert gates["value"]["status"] == "INCONCLUSIVE"
    assert gates["value"]["earliest"] is not None
    assert gates["cost"]["status"] == "INCONCLUSIVE"
    assert "20 days with records" in gates["cost"]["sentence"]


def test_an_exposed_case_blocks_a_shadow_run(make: Make) -> None:
    place = make(days=21, exposed=1)
    place.understudy("run", check=3)
    gate = gates_of(place)["exposure"]
    assert (gate["status"], gate["n"]) == ("FAIL", 21 * 60)
    assert gate["sentence"].startswith("21 cases of 1,260 were exposed")


def test_a_case_that_hides_its_exposure_blocks_too(make: Make) -> None:
    place = make(days=21, sneaked=1)
    place.understudy("run", check=3)
    gate = gates_of(place)["exposure"]
    assert gate["status"] == "FAIL"
    assert "do not say when the recommendation was seen" in gate["sentence"]


def test_exposed_cases_stay_out_of_every_comparison(make: Make) -> None:
    place = make(mode="parallel", exposed=30)
    place.understudy("run")
    mature = 33 * 30
    rows = dict(place.evidence("SELECT metric, n FROM findings WHERE segment = 'all'"))
    for metric in ("paired_difference", "saving_per_case", "accuracy_candidate"):
        assert rows[metric] == mature, metric
    assert rows["agreement_exposed"] == 35 * 30
    assert rows["agreement_unexposed"] == 35 * 30
    found = dict(place.evidence("SELECT metric, estimate FROM findings WHERE segment = 'all'"))
    assert found["agreement_gain"] == pytest.approx(
        found["agreement_exposed"] - found["agreement_unexposed"]
    )
    # The definitions, straight from the records.
    (by_hand,) = place.query(
        """
        SELECT count(*) FILTER (f AND NOT i AND a) / count(*) FILTER (NOT i AND a),
               count(*) FILTER (f AND i AND NOT a) / count(*) FILTER (i AND NOT a)
        FROM (SELECT d.initial_decision = o.outcome AS i, r.recommendation = o.outcome AS a,
                     d.decision = o.outcome AS f
              FROM decisions d JOIN recommendations r USING (decision_id)
              JOIN outcomes o USING (decision_id) WHERE d.exposed_at IS NOT NULL)"""
    )
    assert found["relies_when_right"] == pytest.approx(by_hand[0])
    assert found["keeps_own_when_right"] == pytest.approx(by_hand[1])
    assert gates_of(place)["exposure"]["status"] == "PASS"


def test_a_plan_needs_no_study(place: Place) -> None:
    def plan(*words: str, code: int = 0) -> Any:
        done = place.zygote.run("plan", *words)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    given = ("--disagreement", "0.1", "--cases-per-day", "100", "--margin", "0.02")
    (found,) = json.loads(plan(*given, "--json").stdout)["plans"]
    assert (found["fixed_cases"], found["further_cases"]) == (2676, 2907)
    assert found["weeks"] == {"q10": 3, "q50": 5, "q90": 8}
    assert "3 to 8 whole weeks" in plan(*given).stdout
    worse = plan(*given, "--difference", "-0.03").stdout
    assert "not reachable" in worse
    assert "wider margin" in worse
    assert "`--disagreement` and `--cases-per-day`" in plan(code=2).stderr


def test_a_plan_before_and_after_the_first_data(make: Make) -> None:
    place = make(days=10)
    before = json.loads(place.understudy("plan", "--json").stdout)
    assert before["from"] == "assumptions"
    (one,) = before["plans"]
    assert one["disagreement"] == pytest.approx(0.2)
    assert one["cases_per_day"] == pytest.approx(12_000 / 365.25)
    assert "1 whole week" in place.understudy("plan").stdout
    place.understudy("run")
    after = json.loads(place.understudy("plan", "--json").stdout)
    assert after["from"] == "data so far"
    (two,) = after["plans"]
    assert two["cases_so_far"] == 8 * 60
    assert two["reachable"]
    assert "mature cases so far" in place.understudy("plan").stdout
    ((n, more, reachable),) = place.evidence("SELECT n, more_cases, reachable FROM plan")
    assert (n, more, reachable) == (480, two["further_cases"], True)
    wider = json.loads(place.understudy("plan", "--json", "--margin", "0.2").stdout)
    assert wider["plans"][0]["further_cases"] <= two["further_cases"]


def test_a_plan_of_the_triage_template(tmp_path: Path, place: Place) -> None:
    root = str(tmp_path / "triage")
    for words in (("init", root, "--template", "triage"), ("run", root)):
        assert place.zygote.run(*words).returncode == 0
    told = place.zygote.run("plan", root)
    assert told.returncode == 0, told.stderr
    assert "in segments by region" in told.stdout
    assert "further cases" in told.stdout
    rows = json.loads(place.zygote.run("plan", root, "--json").stdout)["plans"]
    assert {row["segment"] for row in rows} == {"all", "east", "north", "south", "west"}
