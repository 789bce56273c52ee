"""A real numeric study: two forecasts of hourly electricity prices in four markets, two years each.

Lago, Marcjasz, De Schutter & Weron, Applied Energy 293, 2021, doi:10.1016/j.apenergy.2021.116983.
The data are not part of this project: UNDERSTUDY_REAL_DATA names the folder that holds
`electricity_prices/`.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_contracts.evidence import evidence_path

MARKETS = ("BE", "DE", "NP", "PJM")
STUDY = """\
name: electricity
title: Prices of electricity tomorrow
risk_tier: medium
production:
  system: LEAR Ensemble
  owner: {name: A. Owner}
sponsor: {name: A. Sponsor}
decision:
  type: numeric
  tolerance: 2
  horizon_days: 1
outcome: {name: price}
candidates:
  - {name: dnn-ensemble, version: "1"}
  - {name: dnn-1, version: "1"}
streams:
  decisions:
    sources: [data/cases.csv]
    timezone: UTC
    columns:
      decision_id: case
      decided_at: made_at
      decision: production
  recommendations:
    sources: [data/recommendations.csv]
    timezone: UTC
    columns:
      decision_id: case
      candidate: candidate
      model_version: {constant: "1"}
      recommended_at: made_at
      recommendation: price
  outcomes:
    sources: [data/cases.csv]
    timezone: UTC
    columns:
      decision_id: case
      name: {constant: price}
      observed_at: known_at
      outcome: price
segments:
  market: market
  hour: hour
  weekday: weekday
policy:
  gates:
    - kind: duration
    - kind: books
    - {kind: loss, margin: 0.05}
    - {kind: loss, name: better, relative: 0.04}
    - {kind: loss, name: squared, metric: squared, relative: -0.02}
"""
MAE = {  # production, candidate; published
    "NP": (1.738, 1.683),
    "PJM": (3.013, 2.862),
    "BE": (6.140, 5.870),
    "DE": (3.609, 3.413),
}
HOURS = 17_472
ENSEMBLE = "candidate = 'dnn-ensemble'"


def written(source: Path, data: Path) -> None:
    """Write the four markets as a study reads them: forecast at ten the day before."""
    data.mkdir()
    with (data / "cases.csv").open("w") as cases, (data / "recommendations.csv").open("w") as given:
        cases.write("case,made_at,known_at,production,price,market,hour,weekday\n")
        given.write("case,candidate,made_at,price\n")
        for market in MARKETS:
            with (source / f"{market}.csv").open() as file:
                for row in csv.DictReader(file):
                    hour = datetime.fromisoformat(row[""])
                    before = hour.replace(hour=10) - timedelta(days=1)
                    made, known = before.isoformat(), (before + timedelta(hours=3)).isoformat()
                    case = f"{market}-{hour:%Y%m%d%H}"
                    cases.write(
                        f"{case},{made},{known},{row['LEAR Ensemble']},{row['Real price']},"
                        f"{market},{hour:%H},{hour:%a}\n"
                    )
                    given.write(f"{case},dnn-ensemble,{made},{row['DNN Ensemble']}\n")
                    given.write(f"{case},dnn-1,{made},{row['DNN 1']}\n")


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[tuple[Any, ...]]]:
    """Run the study through the command line; return what queries its evidence."""
    home = os.environ.get("UNDERSTUDY_REAL_DATA")
    if not home:
        pytest.skip("UNDERSTUDY_REAL_DATA is not set: the folder with `electricity_prices/`")
    source = Path(home) / "electricity_prices"
    if not source.is_dir():
        pytest.skip(f"no {source}")
    root = tmp_path_factory.mktemp("electricity")
    (root / "study.yaml").write_text(STUDY, "utf-8")
    written(source, root / "data")
    command = [sys.executable, "-m", "pipelines.cli", "run", str(root), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    path = evidence_path(root)
    assert path is not None

    def query(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return query


Ask = Callable[[str], list[tuple[Any, ...]]]


def by_market(ask: Ask, metric: str) -> dict[str, float]:
    rows = ask(
        "SELECT segment, estimate FROM findings"
        f" WHERE metric = '{metric}' AND cut = 'market' AND {ENSEMBLE}"
    )
    assert len(rows) == len(MARKETS)
    return dict(rows)


def test_both_forecasts_have_the_published_errors(ask: Ask) -> None:
    production, candidate = by_market(ask, "mae_production"), by_market(ask, "mae_candidate")
    for market, published in MAE.items():
        assert (production[market], candidate[market]) == pytest.approx(published, abs=0.0005)
    assert ask(
        f"SELECT n FROM findings WHERE metric = 'mae_candidate' AND cut = 'all' AND {ENSEMBLE}"
    ) == [(4 * HOURS,)]


def test_in_belgium_absolute_errors_are_smaller_and_squared_ones_a_tie(ask: Ask) -> None:
    rmse = (by_market(ask, "rmse_production")["BE"], by_market(ask, "rmse_candidate")["BE"])
    assert rmse == pytest.approx((15.974, 15.966), abs=0.0005)
    shown = ask(
        "SELECT metric, serial_low < 0 AND serial_high > 0 FROM loss_intervals"
        f" WHERE segment = 'BE' AND {ENSEMBLE} ORDER BY metric"
    )
    assert shown == [("absolute", False), ("squared", True)]


def test_days_that_resemble_each_other_widen_the_interval(ask: Ask) -> None:
    rows = ask(
        "SELECT segment, naive_high - naive_low, serial_high - serial_low,"
        " anytime_high - anytime_low FROM loss_intervals"
        f" WHERE cut = 'market' AND metric = 'absolute' AND {ENSEMBLE}"
    )
    for market, naive, serial, anytime in rows:
        assert serial > 2.5 * naive, market
        assert anytime > serial, market


def test_hours_and_weekdays_add_up_to_the_whole(ask: Ask) -> None:
    found = ask(
        "SELECT cut, count(*), sum(n), sum(estimate * n) / sum(n) FROM findings"
        f" WHERE metric = 'mae_difference' AND {ENSEMBLE} GROUP BY cut ORDER BY cut"
    )
    assert [(cut, segments) for cut, segments, *_ in found] == [
        ("all", 1),
        ("hour", 24),
        ("market", 4),
        ("weekday", 7),
    ]
    for _, _, n, mean in found:
        assert n == 4 * HOURS
        assert mean == pytest.approx(found[0][3], rel=1e-12)


def test_gates_decide_on_the_metric_they_registered(ask: Ask) -> None:
    gates = dict(ask(f"SELECT gate, (status, sentence) FROM gates WHERE {ENSEMBLE}"))
    assert gates["loss"][0] == "PASS"
    assert "mean absolute error" in gates["loss"][1]
    assert gates["better"][0] == "INCONCLUSIVE"
    assert gates["squared"][0] == "INCONCLUSIVE"
    assert "mean squared error" in gates["squared"][1]
    assert "not estimable" in gates["squared"][1]
