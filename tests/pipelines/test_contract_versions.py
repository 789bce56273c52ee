"""Layouts of files that are live side by side: which file is read by which, and when it is late."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_spec = importlib.util.spec_from_file_location(
    "schema_files", Path(__file__).with_name("test_schema_changes.py")
)
assert _spec is not None
assert _spec.loader is not None
files = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(files)
make_study = files.make_study

Make = Callable[..., Any]
WORDS = {"values": {"n": "no", "y": "yes"}}
OLD_AND_NEW = [
    {
        "version": "1",
        "until": "2026-03-03",
        "columns": {"decided_at": {"column": "decided_at", "format": "%d.%m.%Y %H:%M:%S"}},
    },
    {
        "version": "2",
        "since": "2026-03-02",
        "columns": {"decision": {"column": "verdict", **WORDS}},
    },
]


def old(day: int) -> Any:
    table = files.rows(day, f"old{day}")
    return files.changed(table, decided_at=files.german(table))


def new(day: int) -> Any:
    return files.renamed(files.rows(day, f"new{day}"), "decision", "verdict")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_each_file_is_read_by_the_version_whose_columns_it_has(
    make_study: Make, ending: str
) -> None:
    place = make_study(
        ["desk"],
        {"version": "stop", "renamed": "stop", "reformatted": "stop"},
        versions=OLD_AND_NEW,
    )
    data = place.root / "data/desk"
    for name, table in {
        "a0": old(0),
        "b1": new(1),
        "c1": old(1),
        "d2": new(2),
        "e2": old(2),
    }.items():
        files.write(data / f"{name}.{ending}", table)
    done = place.understudy("ingest")
    assert "Schema change" not in done.stdout
    assert place.query("SELECT contract_version FROM sources ORDER BY path") == [
        ("1",),
        ("2",),
        ("1",),
        ("2",),
        ("1",),
    ]
    assert place.query("SELECT count(*), count(DISTINCT cohort_day) FROM decisions") == [
        (5 * files.ROWS, 3)
    ]
    assert place.query("FROM schema_changes") == []


@pytest.mark.parametrize("rule", ["accept", "quarantine", "stop"])
def test_a_file_of_the_old_version_after_its_last_day_is_handled_by_the_rule(
    make_study: Make, rule: str
) -> None:
    place = make_study(["desk"], {"version": rule}, versions=OLD_AND_NEW)
    data = place.root / "data/desk"
    files.write(data / "0.csv", old(0))
    late = old(2)
    late["decided_at"][-1] = "04.03.2026 00:10:00"  # one row only, the last
    files.write(data / "1.csv", late)
    done = place.understudy("ingest", check=1 if rule == "stop" else 0)
    what = (
        "version 1 of the contract ends on 3 March 2026, but there are records up to 4 March 2026"
    )
    assert what in done.stdout + done.stderr
    assert place.query("SELECT kind, rule FROM schema_changes") == [("version", rule)]
    accepted = {"accept": files.ROWS, "quarantine": 0, "stop": 0}[rule]
    assert place.query("SELECT accepted FROM sources WHERE path LIKE '%1.csv'") == [(accepted,)]


def test_a_change_inside_a_version_is_still_told(make_study: Make) -> None:
    place = make_study(["desk"], versions=OLD_AND_NEW)
    data = place.root / "data/desk"
    files.write(data / "0.csv", old(0))
    files.write(data / "1.csv", new(1))
    place.understudy("ingest")
    files.write(data / "2.csv", files.CHANGES["added"](new(2)))
    files.write(data / "3.csv", files.changed(old(1), note=None))
    done = place.understudy("ingest")
    assert "`colour` is a new column since data/desk/2.csv" in done.stdout
    assert "`note` is gone since data/desk/3.csv" in done.stdout


def test_versions_that_differ_in_how_times_are_written_only(make_study: Make) -> None:
    place = make_study(
        ["desk"],
        versions=[
            {
                "version": "1",
                "columns": {"decided_at": {"column": "decided_at", "format": "%d.%m.%Y %H:%M:%S"}},
            },
            {"version": "2"},
        ],
    )
    files.write(place.root / "data/desk/0.csv", old(0))
    files.write(place.root / "data/desk/1.csv", files.rows(1))
    checked = place.understudy("check", check=None)
    assert "quarantine" not in checked.stderr
    place.understudy("ingest")
    assert place.query("SELECT contract_version, accepted FROM sources ORDER BY path") == [
        ("1", files.ROWS),
        ("2", files.ROWS),
    ]


def test_of_versions_that_fit_alike_the_newest_reads_the_file(make_study: Make) -> None:
    place = make_study(["desk"], versions=[{"version": "1"}, {"version": "2"}])
    files.write(place.root / "data/desk/0.csv", files.rows(0))
    place.understudy("ingest")
    assert place.query("SELECT contract_version FROM sources") == [("2",)]


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([{"version": "1"}, {"version": "1"}], "version 1 again"),
        ([{"version": "1", "columns": {"decison": "x"}}], 'did you mean "decision"?'),
        ([{"version": "1", "segments": {"regoin": "x"}}], 'did you mean "region"?'),
        ([{"version": "1", "timezone": "Europe/Viena"}], 'did you mean "Europe/Vienna"?'),
        ([{"version": "1", "since": "2026-03-02", "until": "2026-03-01"}], "must not be before"),
    ],
)
def test_mistakes_in_versions_are_told(
    make_study: Make, versions: list[Any], expected: str
) -> None:
    place = make_study(["desk"], versions=versions)
    assert expected in place.understudy("ingest", check=1).stderr
