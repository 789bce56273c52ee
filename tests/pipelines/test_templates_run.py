"""The new templates, end to end: what their data show, and a second study from the same one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

FILLED = {
    "credit": ("selective_bounds", "selective_sensitivity", "exploration_counts", "contraction",
               "fairness", "reliability"),
    "documents": ("risk_coverage", "reliability", "cluster_sums"),
    "fraud": ("reliability", "risk_coverage"),
}  # fmt: skip
ALL = ("drift", "drift_bins", "value_sensitivity", "running_costs", "latency_counts", "trajectory",
       "label_arrival", "arrival_lags", "plan", "segment_ranking")  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, zygote: Any) -> Callable[[str], Path]:
    """Return a function that gives the folder of a study of a template, made and run once."""
    root = tmp_path_factory.mktemp("templates")

    def folder(template: str) -> Path:
        made = root / template
        if not made.exists():
            zygote.run("init", str(made), "--template", template, "--with-sample-data")
            assert zygote.run("run", str(made), "--quiet").returncode == 0
        return made

    return folder


def told(zygote: Any, folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(zygote.run("status", str(folder), "--json").stdout)
    return found


@pytest.mark.parametrize("template", FILLED)
def test_the_verdict_is_mixed_and_nothing_is_broken(
    template: str, ran: Callable[[str], Path], zygote: Any
) -> None:
    found = told(zygote, ran(template))
    states = {gate["gate"]: gate["status"] for gate in found["candidates"][0]["gates"]}
    assert found["verdict"] == "COLLECTING"
    assert set(states.values()) == {"PASS", "INCONCLUSIVE"}
    assert list(states.values()).count("PASS") >= len(states) - 3
    assert states["duration"] == states["books"] == states["drift"] == "PASS"


@pytest.mark.parametrize("template", FILLED)
def test_every_page_finds_what_it_shows(template: str, ran: Callable[[str], Path]) -> None:
    file = ran(template) / "state" / "evidence.duckdb"
    with duckdb.connect(str(file), read_only=True) as db:
        for table in (*ALL, *FILLED[template]):
            ((n,),) = db.execute(f"SELECT count(*) FROM {table}").fetchall()
            assert n, table
        lags = db.execute("SELECT max(lag_days) FROM arrival_lags").fetchall()
    assert lags[0][0] < 30, "records say when they were made"


def test_a_refused_loan_is_seen_only_where_chance_let_it_through(
    ran: Callable[[str], Path],
) -> None:
    with duckdb.connect(str(ran("credit") / "state" / "warehouse.duckdb"), read_only=True) as db:
        rows = db.execute(
            "SELECT decision, exploration > 0, count(*), count(outcome) FROM decisions"
            " LEFT JOIN outcomes USING (decision_id) GROUP BY ALL"
        ).fetchall()
        seen = {(str(said), bool(chance)): (n, known) for said, chance, n, known in rows}
    refused = {key: value for key, value in seen.items() if "refuse" in key[0]}
    (_, nothing), (drawn, known) = (refused[key] for key in sorted(refused, key=lambda k: k[1]))
    assert nothing == 0
    assert 0 < known < 0.2 * drawn


def test_frauds_are_rare_and_late(ran: Callable[[str], Path]) -> None:
    with duckdb.connect(str(ran("fraud") / "state" / "evidence.duckdb"), read_only=True) as db:
        ((share,),) = db.execute(
            "SELECT sum(n) FILTER (outcome = 'fraud') / sum(n) FROM outcome_counts"
            " WHERE cut = 'all' AND outcome IS NOT NULL"
        ).fetchall()
        ((needed,),) = db.execute(
            "SELECT max(needed_days) FROM label_arrival WHERE outcome = 'genuine'"
        ).fetchall()
    assert 0.005 < share < 0.02
    assert needed == 28


def test_a_second_study_needs_only_its_own_names(tmp_path: Path, zygote: Any) -> None:
    """Two studies from one template, in one folder; the second is renamed where the file says."""
    first, second = tmp_path / "cards", tmp_path / "transfers"
    for folder in (first, second):
        assert zygote.run("init", str(folder), "--template", "fraud").returncode == 0
    file = second / "study.yaml"
    text = file.read_text("utf-8")
    names = text[text.index("# The names:") : text.index("\nmode:")]
    renamed = names.replace("Mireille Caron", "Ana Lopes").replace("Jonas Feld", "Tom Okafor")
    assert renamed != names
    file.write_text(text.replace(names, renamed), "utf-8")
    for folder in (first, second):
        assert zygote.run("check", str(folder)).returncode == 0
        assert zygote.run("run", str(folder), "--quiet").returncode == 0
    one, two = told(zygote, first), told(zygote, second)
    assert (one["study"], two["study"]) == ("cards", "transfers")
    with duckdb.connect(str(second / "state" / "evidence.duckdb"), read_only=True) as db:
        assert db.execute("SELECT study, title, owner, sponsor FROM publication").fetchall() == [
            ("transfers", "Transfers", "Ana Lopes", "Tom Okafor")
        ]
