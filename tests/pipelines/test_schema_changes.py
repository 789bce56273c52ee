"""Files whose columns change, through the command line: each kind, each rule, each format."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import yaml

Make = Callable[..., Any]
Rows = dict[str, list[Any]]

ROWS = 24
STREAMS = {
    "decisions": {
        "timezone": "UTC",
        "columns": {
            "decided_at": "decided_at",
            "decision": {"column": "decision", "values": {"n": "no", "y": "yes"}},
        },
    }
}


def rows(day: int, source: str = "", count: int = ROWS) -> Rows:
    """Return the decisions of a day."""
    return {
        "decision_id": [f"{source}-{day}-{i}" for i in range(count)],
        "decided_at": [f"2026-03-{day + 1:02d}T10:{i % 60:02d}:00" for i in range(count)],
        "decision": ["ny"[i % 2] for i in range(count)],
        "region": ["north" if i % 3 else "south" for i in range(count)],
        "amount": [f"{i}.5" for i in range(count)],
        "note": [f"about {i}" for i in range(count)],
    }


def changed(table: Rows, **columns: list[Any] | None) -> Rows:
    """Return rows with some columns replaced, in their place; None takes one away."""
    return {k: v for k, v in {**table, **columns}.items() if v is not None}


def renamed(table: Rows, old: str, new: str) -> Rows:
    return {new if name == old else name: values for name, values in table.items()}


def german(table: Rows) -> list[str]:
    return [f"{t[8:10]}.{t[5:7]}.{t[:4]} {t[11:]}" for t in table["decided_at"]]


CHANGES: dict[str, Callable[[Rows], Rows]] = {
    "renamed": lambda t: renamed(t, "note", "notes"),
    "retyped": lambda t: changed(t, amount=["much"] * len(t["amount"])),
    "added": lambda t: changed(t, colour=["red"] * len(t["note"])),
    "missing": lambda t: changed(t, note=None),
    "reformatted": lambda t: changed(t, decided_at=german(t)),
    "new_values": lambda t: changed(t, decision=["perhaps"] * 4 + t["decision"][4:]),
}
COLUMNS = {
    "renamed": "note",
    "retyped": "amount",
    "added": "colour",
    "missing": "note",
    "reformatted": "decided_at",
    "new_values": "decision",
}


def write(path: Path, table: Rows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".jsonl":
        records = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    elif path.suffix == ".parquet":
        pq.write_table(pa.table(table), path)
    else:
        lines = [",".join(map(str, row)) for row in zip(*table.values(), strict=True)]
        path.write_text("\n".join([",".join(table), *lines]) + "\n")


@pytest.fixture
def make_study(make_place: Make) -> Make:
    """Return a function that makes a study whose decisions have named sources of their own."""

    def make(sources: list[str], on_change: dict[str, str] | None = None, **more: Any) -> Any:
        place = make_place(days=0)
        streams = copy.deepcopy(STREAMS)
        streams["decisions"]["sources"] = [  # type: ignore[assignment]
            {"name": name, "path": f"data/{name}"} for name in sources
        ]
        streams["decisions"]["on_change"] = on_change or {}
        streams["decisions"] |= more
        edit(place, lambda d: d["streams"].update(streams))
        edit(place, lambda d: d.update(features={"amount": "amount"}))
        return place

    return make


def edit(place: Any, change: Callable[[dict[str, Any]], object]) -> None:
    file = place.root / "study.yaml"
    document = yaml.safe_load(file.read_text())
    change(document)
    file.write_text(yaml.safe_dump(document, sort_keys=False))


def told(place: Any) -> list[tuple[Any, ...]]:
    return list(
        place.query('SELECT source, kind, "column", rule FROM schema_changes ORDER BY source')
    )


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("rule", ["accept", "quarantine", "stop"])
def test_each_kind_of_change_is_named_and_handled_by_the_rule(
    make_study: Make, rule: str, ending: str
) -> None:
    place = make_study(list(CHANGES), dict.fromkeys(CHANGES, rule))
    for kind in CHANGES:
        write(place.root / f"data/{kind}/0.{ending}", rows(0, kind))
    first = place.understudy("ingest")
    assert "Schema change" not in first.stdout
    assert told(place) == []
    for kind, change in CHANGES.items():
        write(place.root / f"data/{kind}/1.{ending}", change(rows(1, kind)))
    done = place.understudy("ingest", check=1 if rule == "stop" else 0)
    assert told(place) == [(kind, kind, COLUMNS[kind], rule) for kind in sorted(CHANGES)]
    state = place.query(
        "SELECT source, state, read, accepted, rejected FROM sources"
        f" WHERE path LIKE '%/1.{ending}' ORDER BY source"
    )
    reasons = dict(
        place.query(
            "SELECT source, count(*) FROM quarantine JOIN sources USING (source_no)"
            " WHERE reason = 'schema_changed' GROUP BY source"
        )
    )
    if rule == "stop":
        assert state == [(kind, "refused", 0, 0, 0) for kind in sorted(CHANGES)]
        assert done.stderr.count("was refused") == len(CHANGES)
        assert reasons == {}
    elif rule == "quarantine":
        assert state == [(kind, "ingested", ROWS, 0, ROWS) for kind in sorted(CHANGES)]
        assert reasons == dict.fromkeys(CHANGES, ROWS)
        assert "all rows of the file are in quarantine" in done.stdout
    else:
        assert reasons == {}
        assert {kind: (read, good) for kind, _, read, good, _ in state} == {
            **dict.fromkeys(CHANGES, (ROWS, ROWS)),
            "reformatted": (ROWS, 0),
            "new_values": (ROWS, ROWS - 4),
        }
    assert place.query("SELECT count(*) FROM books WHERE NOT balanced") == [(0,)]


def test_a_stopped_file_is_read_once_the_rule_is_changed(make_study: Make) -> None:
    place = make_study(["desk"], {"added": "stop"})
    write(place.root / "data/desk/0.csv", rows(0))
    place.understudy("ingest")
    write(place.root / "data/desk/1.csv", CHANGES["added"](rows(1)))
    for _ in range(2):  # refused again, but told of once
        done = place.understudy("ingest", check=1)
        assert "`colour` is a new column" in done.stderr
        assert "`stop` under `on_change` for `added`" in done.stderr
    assert place.query("SELECT count(*) FROM schema_changes") == [(1,)]
    edit(place, lambda d: d["streams"]["decisions"].update(on_change={}))
    assert (
        "`colour` is a new column since data/desk/1.csv (2 March 2026)."
        in place.understudy("ingest").stdout
    )
    assert place.query("SELECT count(*) FROM decisions") == [(2 * ROWS,)]


def test_a_change_is_told_in_words_with_the_first_file_and_the_first_day(make_study: Make) -> None:
    place = make_study(["desk"], columns={"decision": STREAMS["decisions"]["columns"]["decision"]})
    write(place.root / "data/desk/0.csv", changed(rows(0), decided_at=german(rows(0))))
    edit(
        place,
        lambda d: d["streams"]["decisions"]["columns"].update(
            decided_at={"column": "decided_at", "format": "%d.%m.%Y %H:%M:%S"}
        ),
    )
    place.understudy("ingest")
    edit(place, lambda d: d["streams"]["decisions"]["columns"].update(decided_at="decided_at"))
    for day in (1, 2):
        write(place.root / f"data/desk/{day}.csv", rows(day))
    done = place.understudy("run", check=None)
    sentence = (
        "`decided_at` is written as 2024-12-31T14:30 instead of 31.12.2024 14:30:00"
        " since data/desk/1.csv (2 March 2026)"
    )
    assert f"Schema change: {sentence}." in done.stdout
    assert place.query("SELECT sentence FROM schema_changes") == [(sentence,)]
    published = place.evidence("SELECT kind, day::VARCHAR, rule, sentence FROM schema_changes")
    assert published == [("reformatted", "2026-03-02", "accept", sentence)]


@pytest.mark.parametrize(("column", "field"), [("decision", "decision"), ("region", "region")])
def test_a_file_without_a_needed_column_is_refused_whatever_is_said(
    make_study: Make, column: str, field: str
) -> None:
    place = make_study(["desk"], {"missing": "accept", "renamed": "accept"})
    write(place.root / "data/desk/0.csv", rows(0))
    place.understudy("ingest")
    write(place.root / "data/desk/1.csv", renamed(rows(1), column, f"the_{column}"))
    done = place.understudy("ingest", check=1)
    assert f"`{column}` is gone and `the_{column}` is new and looks like it" in done.stderr
    assert f"`{field}`" in done.stderr or f"`segment_{field}`" in done.stderr
    assert "Map it under `columns`" in done.stderr
    assert told(place) == [("desk", "renamed", column, "stop")]
    place.understudy("evaluate", check=3)  # blocked until it is mended
    if column == "decision":
        edit(
            place,
            lambda d: d["streams"]["decisions"].update(
                versions=[
                    {"version": "1"},
                    {
                        "version": "2",
                        "columns": {
                            "decision": {
                                "column": "the_decision",
                                "values": {"n": "no", "y": "yes"},
                            }
                        },
                    },
                ]
            ),
        )
        place.understudy("ingest")
        assert place.query("SELECT count(*) FROM decisions") == [(2 * ROWS,)]


def test_a_needed_column_can_be_set_aside_by_rule(make_study: Make) -> None:
    place = make_study(["desk"], {"renamed": "quarantine"})
    write(place.root / "data/desk/0.parquet", rows(0))
    place.understudy("ingest")
    write(place.root / "data/desk/1.parquet", renamed(rows(1), "decision", "decison"))
    place.understudy("ingest")
    found = place.query(
        "SELECT DISTINCT reason, field, state FROM quarantine, sources s"
        " WHERE s.source_no = quarantine.source_no"
    )
    assert found == [("schema_changed", "decision", "ingested")]


def test_the_same_change_in_many_files_is_told_once(make_study: Make) -> None:
    place = make_study(["desk"], {"added": "quarantine"})
    for day in range(5):
        table = rows(day)
        write(place.root / f"data/desk/{day}.csv", CHANGES["added"](table) if day > 1 else table)
    done = place.understudy("ingest")
    assert done.stdout.count("Schema change") == 1
    assert "all rows of 3 files are in quarantine" in done.stdout
    assert place.query("SELECT path, files FROM schema_changes") == [("data/desk/2.csv", 3)]
    write(place.root / "data/desk/7.csv", CHANGES["added"](rows(7)))
    assert "since data/desk/2.csv" in place.understudy("ingest").stdout


def test_large_files_are_set_aside_whole_though_cut_into_chunks(
    make_study: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_study(["desk"], {"added": "quarantine"})
    write(place.root / "data/desk/0.parquet", rows(0))
    large = rows(1, count=60_000)
    large["note"] = [f"{i * 7919 % 1_000_003:09d}" * 20 for i in range(60_000)]
    file = place.root / "data/desk/1.parquet"
    pq.write_table(
        pa.table(CHANGES["added"](large)), file, row_group_size=5_000, compression="none"
    )
    assert file.stat().st_size > 8 << 20
    place.understudy("ingest")
    assert place.query(
        "SELECT read, accepted, rejected FROM sources WHERE path LIKE '%1.parquet'"
    ) == [(60_000, 0, 60_000)]


def test_unused_columns_of_a_first_file_are_a_notice_and_later_ones_a_change(
    make_study: Make,
) -> None:
    place = make_study(["desk"])
    write(place.root / "data/desk/0.csv", rows(0))
    assert "columns not used: `note`" in place.understudy("ingest").stdout
    write(place.root / "data/desk/1.csv", CHANGES["added"](rows(1)))
    done = place.understudy("ingest")
    assert "not used" not in done.stdout
    assert "`colour` is a new column" in done.stdout
    write(place.root / "data/desk/2.csv", CHANGES["added"](rows(2)))
    assert "Schema change" not in place.understudy("ingest").stdout


def test_a_file_that_cannot_be_read_is_not_what_others_are_compared_with(make_study: Make) -> None:
    place = make_study(["desk"])
    write(place.root / "data/desk/0.csv", rows(0))
    place.understudy("ingest")
    broken = place.root / "data/desk/1.csv"
    write(broken, CHANGES["added"](rows(1, count=30_000)))
    broken.write_bytes(broken.read_bytes() + b"x,\xff,,,,,\n")  # far behind what is looked at
    write(place.root / "data/desk/2.csv", CHANGES["added"](rows(2)))
    place.understudy("ingest", check=1)
    assert place.query('SELECT path, "column" FROM schema_changes') == [
        ("data/desk/2.csv", "colour")
    ]
