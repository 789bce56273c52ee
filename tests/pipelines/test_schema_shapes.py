"""What columns look like, and what counts as a change: what must be told, and what must not."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from data_contracts.data_words import ChangeKind
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream, ValueKind
from pipelines.ingest.files import find_files
from pipelines.ingest.job import RunningMode
from pipelines.ingest.pipeline import run_pipeline
from pipelines.schemas.changes import SchemaChange
from pipelines.schemas.compare import compare
from pipelines.schemas.measure import measure
from pipelines.schemas.peek import Peeked, peek
from pipelines.schemas.prepass import inspect_inputs, settle
from pipelines.schemas.readings import Reading
from pipelines.schemas.shapes import ColumnShape, FileShape, carried

READ = Reading(("segment_region",), False, False, None, frozenset(), False)
WHEN = Reading(("decided_at",), True, True, None, frozenset(), False)


def shape(*values: Any, kind: pa.DataType | None = None) -> ColumnShape:
    """Return the shape of one column."""
    rows = pa.RecordBatch.from_arrays([pa.array(values, kind)], names=["x"])
    (found,) = measure([Peeked(("x",), False, rows)], {"x"})
    return found.columns["x"]


def file_of(open_ended: bool = False, rows: int = 100, **columns: ColumnShape) -> FileShape:
    return FileShape(columns, open_ended, rows)


def told(held: FileShape, new: FileShape, reading: Reading = READ) -> list[SchemaChange]:
    names = {*held.columns, *new.columns}
    return list(compare(held, new, dict.fromkeys(names, reading)))


@pytest.mark.parametrize(
    ("values", "kind", "form"),
    [
        (["1", "2", "x"] + ["3"] * 30, ValueKind.INTEGER, ()),
        (["1", "2.5", "-3e4"], ValueKind.NUMBER, ()),
        (["True", "false"], ValueKind.TRUTH, ()),
        (["a", "1"], ValueKind.TEXT, ()),
        ([None, ""], ValueKind.EMPTY, ()),
        (["NA", "1", "n/a", "2"], ValueKind.INTEGER, ()),
        (["NA", "NA"], ValueKind.EMPTY, ()),
        (["2024-05-01"], ValueKind.TIME, ("iso8601 day", "%Y-%m-%d")),
        (["2024-05-01T10:00:00+02:00"], ValueKind.TIME, ("iso8601 with zone",)),
        (["2024-05-01 10:00:00.123"], ValueKind.TIME, ("iso8601",)),
        (["01.05.2024 10:00", "1.5.2024 9:00"], ValueKind.TIME, ("%d.%m.%Y %H:%M",)),
        (["01/02/2024"], ValueKind.TIME, ("%d/%m/%Y", "%m/%d/%Y")),
        (["01/02/2024", "31/02/2024"], ValueKind.TIME, ("%d/%m/%Y",)),
        (["01/02/2024", "02/31/2024"], ValueKind.TIME, ("%m/%d/%Y",)),
        (["3 May 2024"], ValueKind.TIME, ("%d %b %Y",)),
        (["05/01/2024 2:05 PM"], ValueKind.TIME, ("%d/%m/%Y %I:%M %p",)),
        (["1714557600"], ValueKind.INTEGER, ("epoch_s",)),
        (["1714557600000"], ValueKind.INTEGER, ("epoch_ms",)),
        (["10.11.12.13"], ValueKind.TEXT, ()),
    ],
)
def test_kinds_and_forms(values: list[Any], kind: ValueKind, form: tuple[str, ...]) -> None:
    found = shape(*values, kind=pa.string())
    assert found.kind is kind
    assert found.form[: len(form)] == form
    assert bool(found.form) == bool(form)


def test_many_files_are_measured_as_one_by_one() -> None:
    texts = [["a", "b", None], ["01.05.2024"], ["1", "2"], [], ["x"] * 60]
    seen = [
        Peeked(("x",), False, pa.RecordBatch.from_arrays([pa.array(t, pa.string())], names=["x"]))
        for t in texts
    ]
    assert measure(seen, {"x"}) == [measure([one], {"x"})[0] for one in seen]


def test_ids_have_no_vocabulary() -> None:
    assert shape(*(f"id-{i}" for i in range(40))).vocabulary is None
    assert shape("a", "b", "a").vocabulary == {"a": 2, "b": 1}


def test_a_vocabulary_that_is_replaced_is_told() -> None:
    held = replace(shape(*["north", "south"] * 40), files=3)
    (change,) = told(file_of(region=held), file_of(region=shape(*["N", "S"] * 10)))
    assert change.kind is ChangeKind.NEW_VALUES
    assert change.what == (
        "`region` holds values not seen before: `N`, `S` (20 of the first 20 rows)"
    )


@pytest.mark.parametrize(
    ("held", "new"),
    [
        (["a", "b"] * 40, ["a", "b", "c"] + ["a"] * 30),  # one row is chance
        (["a", "b"] * 3, ["c", "d"] * 10),  # hardly seen before
        ([f"v{i}" for i in range(45)] * 2, [f"w{i}" for i in range(20)]),  # grows anyway
        (["a"] * 90, ["b"] * 90),  # one value a file, such as a day
    ],
)
def test_values_that_are_no_surprise_are_not_told(held: list[str], new: list[str]) -> None:
    before = replace(shape(*held), files=3)
    assert told(file_of(region=before), file_of(region=shape(*new))) == []


def test_a_vocabulary_that_keeps_growing_is_not_told() -> None:
    held = replace(shape(*["a", "b"] * 100), files=4, grown=2)
    assert told(file_of(region=held), file_of(region=shape(*["c", "d"] * 50))) == []


def test_values_outside_a_list_are_told_at_once_and_those_in_it_never() -> None:
    closed = replace(READ, closed=frozenset({"yes", "no", "later"}))
    held, listed = shape("yes", "no"), shape("later", "yes")
    assert told(file_of(x=held), file_of(x=listed), closed) == []
    (change,) = told(file_of(x=held), file_of(x=shape("J", "N", "J")), closed)
    assert change.kind is ChangeKind.NEW_VALUES


def test_values_of_a_sensitive_column_are_neither_told_nor_kept() -> None:
    secret = replace(READ, sensitive=True, closed=frozenset({"a", "b"}))
    held = replace(shape(*["a", "b"] * 40), files=3)
    assert told(file_of(x=held), file_of(x=shape(*["N", "S"] * 10)), secret) == []


@pytest.mark.parametrize(
    ("held", "new", "kind"),
    [
        (["1", "2"] * 5, ["x", "y"] * 5, ChangeKind.RETYPED),
        (["x", "y"] * 5, ["1", "2"] * 5, ChangeKind.RETYPED),
        (["x", "y"] * 5, ["1", "2"], None),  # too few to say
        (["x", "7", "8"] * 5, ["1", "2"] * 5, None),  # numbers were among the texts
        (["1", "2"] * 5, ["1.5", "2"] * 5, None),
        (["1", "2"] * 5, ["1", "2", "3", "x", "y", "z", "4"], None),  # faults of rows
        (["true", "false"], ["1", "0"], ChangeKind.RETYPED),
        (["1", "2"] * 5, [None] * 5, None),
    ],
)
def test_retyped(held: list[Any], new: list[Any], kind: ChangeKind | None) -> None:
    before, after = (shape(*values, kind=pa.string()) for values in (held, new))
    found = [change.kind for change in told(file_of(x=before), file_of(x=after))]
    assert found == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    ("held", "new", "words"),
    [
        ("01.05.2024 10:00", "2024-05-01T10:00", "2024-12-31T14:30 instead of 31.12.2024 14:30"),
        ("2024-05-01T10:00Z", "2024-05-01T10:00", "2024-12-31T14:30 instead of 2024-12-31T14:30Z"),
        ("1714557600", "1714557600000", "1735655400000 instead of 1735655400"),
        ("1714557600", "2024-05-01T10:00", "2024-12-31T14:30 instead of 1735655400"),
        ("31/01/2024", "01/31/2024", "12/31/2024 instead of 31/12/2024"),
        ("31/01/2024", "01/02/2024", None),  # may still be the day first
        ("2024-05-01 10:00", "2024-05-01T10:00:00.5", None),
        ("2024-05-01T10:00Z", "2024-05-01T10:00+02:00", None),
        ("01.05.2024 10:00", "01.05.2024 10:00:30", None),
    ],
)
def test_reformatted(held: str, new: str, words: str | None) -> None:
    found = told(file_of(x=shape(held)), file_of(x=shape(new)), WHEN)
    assert [change.what for change in found] == (
        [] if words is None else [f"`x` is written as {words}"]
    )


def test_a_pattern_is_held_to_the_letter() -> None:
    strict = replace(WHEN, form="%Y-%m-%d %H:%M")
    held, new = file_of(x=shape("2024-05-01 10:00")), file_of(x=shape("2024-05-01T10:00"))
    assert told(held, new) == []
    (change,) = told(held, new, strict)
    assert "2024-12-31T14:30 instead of 2024-12-31 14:30" in change.what


def test_what_an_ambiguous_date_leaves_open_is_remembered() -> None:
    held = file_of(x=shape("31/01/2024"))
    for value in ("01/02/2024", "03/04/2024"):
        new = file_of(x=shape(value))
        assert told(held, new, WHEN) == []
        held = carried(held, new)
    assert len(told(held, file_of(x=shape("01/31/2024")), WHEN)) == 1


def test_an_empty_column_does_not_forget_what_it_held() -> None:
    held = carried(file_of(x=shape("1", "2")), file_of(x=shape(None, kind=pa.string())))
    assert held.columns["x"].kind is ValueKind.INTEGER
    (change,) = told(held, file_of(x=shape(*"abcdef")))
    assert change.kind is ChangeKind.RETYPED


def test_a_renaming_needs_a_like_name_or_the_same_values_and_the_same_kind() -> None:
    words, others = shape(*["north", "south"] * 5), shape(*["red", "blue"] * 5)
    held = file_of(region=words)
    assert told(held, file_of(bezirk=words))[0].kind is ChangeKind.RENAMED
    assert told(held, file_of(regions=words))[0].kind is ChangeKind.RENAMED
    gone = [change.kind for change in told(held, file_of(regions=others))]
    assert gone == [ChangeKind.MISSING, ChangeKind.ADDED]
    assert told(held, file_of(regions=shape("1", "2")))[0].kind is ChangeKind.MISSING


def test_the_values_of_a_sensitive_column_propose_no_new_name() -> None:
    words = shape(*["north", "south"] * 5)
    found = told(file_of(region=words), file_of(bezirk=words), replace(READ, sensitive=True))
    assert [change.kind for change in found] == [ChangeKind.MISSING, ChangeKind.ADDED]


def test_a_key_that_lines_rarely_have_is_not_gone_when_the_first_lines_lack_it() -> None:
    often = ColumnShape(ValueKind.TEXT, values=100)
    rarely = ColumnShape(ValueKind.TEXT, values=2, missing=998)
    new = file_of(open_ended=True, rows=100, x=often)
    assert told(file_of(open_ended=True, x=often, y=rarely), new) == []
    (change,) = told(file_of(open_ended=True, x=often, y=often), new)
    assert change.kind is ChangeKind.MISSING


def test_no_value_of_a_sensitive_column_is_stored(
    make_place: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one function that decides it is asked: what it says no to is not in the warehouse."""
    from data_contracts.study.loader import load_study
    from pipelines.runs import ingest_study
    from pipelines.schemas import judge
    from pipelines.study_folder import StudyFolder

    place = make_place(days=2)
    folder = StudyFolder.at(place.root)
    keep = judge.may_keep_values
    monkeypatch.setattr(judge, "may_keep_values", lambda r, c: c != "region" and keep(r, c))
    ingest_study(folder, load_study(folder.file))
    rows = dict(
        place.query("""SELECT "column", vocabulary FROM file_shapes WHERE stream = 'decisions'""")
    )
    assert rows["region"] == "{}"
    assert "yes" in rows["decision"]


def test_a_large_file_costs_its_first_rows_only(tmp_path: Path, study: Study) -> None:
    (tmp_path / "data" / "decisions").mkdir(parents=True)
    lines = "decision_id,decided_at,decision,region\n" + "x,2024-05-01T10:00Z,yes,n\n" * 400_000
    (tmp_path / "data" / "decisions" / "1.csv").write_text(lines)
    (file,) = find_files(study, tmp_path)
    seen = peek(file)
    assert seen is not None
    assert seen.rows.num_rows == 2_000


@pytest.mark.parametrize(
    ("workers", "mode"),
    [(1, RunningMode.IN_MEMORY), (4, RunningMode.IN_MEMORY), (2, RunningMode.MULTI_PROCESSING)],
)
def test_what_is_set_aside_does_not_depend_on_the_workers(
    study: Study, tmp_path: Path, workers: int, mode: RunningMode
) -> None:
    document = study.model_dump(mode="json", exclude_none=True)
    document["streams"]["decisions"]["on_change"] = {"added": "quarantine"}
    strict = Study.model_validate(document)
    folder = tmp_path / "data" / "decisions"
    folder.mkdir(parents=True)
    for n in range(8):
        extra = (",colour", ",red") if n in (3, 6) else ("", "")
        rows = "".join(f"{n}-{i},2024-05-01T10:00Z,yes,n{extra[1]}\n" for i in range(50))
        header = f"decision_id,decided_at,decision,region{extra[0]}\n"
        (folder / f"{n}.csv").write_text(header + rows)
    files = find_files(strict, tmp_path)
    inspected = inspect_inputs(strict, files, {})
    (tmp_path / "staging").mkdir()
    result = run_pipeline(
        strict, inspected.readable, tmp_path / "staging", workers=workers, mode=mode
    )
    result, noted = settle(inspected, strict, result)
    assert [report.rejected for report in result.files] == [0, 0, 0, 50, 0, 0, 50, 0]
    assert [(c.path, c.files) for c in noted.changes] == [("data/decisions/3.csv", 2)]


def test_real_files_raise_no_false_alarm(tmp_path: Path, study: Study) -> None:
    home = os.environ.get("UNDERSTUDY_REAL_DATA")
    if not home:
        pytest.skip("UNDERSTUDY_REAL_DATA is not set")
    source = Path(home) / "food_inspections" / "inspections.csv"
    data = tmp_path / "data"
    data.mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE VIEW v AS SELECT *, strftime(Inspection_Date::DATE, '%Y-%m') AS month"
            f" FROM read_csv('{source}', all_varchar = true)"
        )
        names = [row[0] for row in connection.execute("DESCRIBE v").fetchall()]
        months = connection.execute("SELECT DISTINCT month FROM v").fetchall()
        for (month,) in months:
            connection.execute(
                f"COPY (SELECT * FROM v WHERE month = '{month}') TO '{data}/{month}.csv' (HEADER)"
            )
    document = study.model_dump(mode="json", exclude_none=True)
    document |= {"segments": {}, "features": {f"f{i}": name for i, name in enumerate(names)}}
    document["streams"]["decisions"] = {
        "sources": ["data"],
        "timezone": "America/Chicago",
        "columns": {
            "decision_id": "Inspection_ID",
            "decided_at": "Inspection_Date",
            "decision": {"column": "pass_flag", "values": {"1": "yes", "0": "no"}},
        },
    }
    real = Study.model_validate(document)
    files = [file for file in find_files(real, tmp_path) if file.stream is Stream.DECISIONS]
    assert len(files) == len(months) > 30
    assert inspect_inputs(real, files, {}).walk.told() == ()
