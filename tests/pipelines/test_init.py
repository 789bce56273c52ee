"""A new study: a folder that runs, made whole or not at all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.json as pa_json
import pyarrow.parquet as pq
import pytest

from data_contracts.study.loader import load_study
from data_contracts.study.model import Study
from data_contracts.study.schema import study_schema
from data_contracts.study.templates import BadStudyName, UnknownTemplate, all_templates
from data_contracts.vocabulary import Stream
from pipelines.check import check_study
from pipelines.init import FolderTaken, create_study
from pipelines.sample_data.mixing import mixing_notice, sample_files
from pipelines.sample_data.write import NoSampleData, write_sample_data

WITH_DATA = tuple(sorted(set(all_templates()) - {"flights"}))
JUDGED_BY_HAND = ("triage", "forecast")
"""Templates whose files this file reads with its own eyes."""

READERS = {".csv": pa_csv.read_csv, ".jsonl": pa_json.read_json, ".parquet": pq.read_table}


def rows_of(root: Path, study: Study, stream: Stream) -> pa.Table:
    """Return everything the study's sources of a stream find."""
    mapping = study.streams.mapped()[stream]
    files = sorted(path for source in mapping.sources for path in root.glob(source.path))
    assert files, f"no files for {stream}"
    rows = pa.concat_tables([READERS[path.suffix](path) for path in files])
    days = [name for name in ("sales_day",) if name in rows.column_names]  # readers guess a date
    for name in days:
        as_text = pc.utf8_slice_codeunits(pc.cast(rows[name], pa.string()), 0, 10)
        rows = rows.set_column(rows.column_names.index(name), name, as_text)
    return rows


def tree_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("template", WITH_DATA)
def test_every_mapped_column_is_in_the_sample_files(template: str, tmp_path: Path) -> None:
    root = create_study(tmp_path / "new", template, "new")
    study = load_study(root / "study.yaml")
    for stream, mapping in study.streams.mapped().items():
        rows = rows_of(root, study, stream)
        mapped = list(mapping.columns.values())
        if stream is Stream.DECISIONS:
            mapped += [*study.segments.values(), *study.features.values()]
            assert 300 <= len(rows) <= 25_000
        for column in mapped:
            assert set(column.sources) <= set(rows.column_names)
            if column.values:
                found = set(pc.unique(rows[column.sources[0]]).to_pylist())
                assert found == set(column.values)


@pytest.mark.parametrize("template", JUDGED_BY_HAND)
def test_the_candidate_of_the_sample_data_is_worth_a_look(template: str, tmp_path: Path) -> None:
    root = create_study(tmp_path / "new", template, "new")
    study = load_study(root / "study.yaml")
    decisions, recommendations, outcomes = (
        rows_of(root, study, stream)
        for stream in (Stream.DECISIONS, Stream.RECOMMENDATIONS, Stream.OUTCOMES)
    )
    key = list(study.streams.decisions.columns["decision_id"].sources)
    decisions, recommendations, outcomes = (
        rows.drop_columns(["recorded_at"]) for rows in (decisions, recommendations, outcomes)
    )
    pairs = decisions.join(recommendations, key, join_type="inner")
    assert len(pairs) == len(decisions)
    known = pairs.join(outcomes, key, join_type="inner")
    assert 0.7 * len(pairs) < len(known) < len(pairs)
    if template == "triage":
        initial = pc.utf8_upper(pc.utf8_slice_codeunits(known["recommendation"], 0, 1))
        right = pc.equal(known["queue"], known["turned_out"])
        candidate = pc.equal(initial, known["turned_out"])
    else:
        right = pc.less_equal(pc.abs(pc.subtract(known["planned_pieces"], known["pieces"])), 8)
        off = pc.subtract(known["forecast_pieces"], pc.cast(known["pieces"], pa.float64()))
        candidate = pc.less_equal(pc.abs(off), 8.0)
    shares = [pc.mean(column).as_py() for column in (right, candidate)]
    assert 0.6 < shares[0] < shares[1] < 0.97


@pytest.mark.parametrize("template", WITH_DATA)
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    template: str, tmp_path: Path
) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_sample_data(template, tmp_path / name, seed)
    assert tree_of(tmp_path / "a") == tree_of(tmp_path / "b")
    assert tree_of(tmp_path / "a") != tree_of(tmp_path / "c")


def test_editors_find_the_schema_beside_the_study(tmp_path: Path) -> None:
    root = create_study(tmp_path / "new", "triage", "new", sample_data=False)
    first = (root / "study.yaml").read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=study.schema.json"
    assert json.loads((root / "study.schema.json").read_text("utf-8")) == study_schema()
    assert sorted(path.name for path in root.iterdir()) == [
        "data",
        "inbox",
        "study.schema.json",
        "study.yaml",
    ]
    assert not list((root / "data").iterdir())


def test_a_flights_study_has_no_sample_data_and_says_where_it_comes_from(tmp_path: Path) -> None:
    with pytest.raises(NoSampleData, match="`understudy demo` writes its files"):
        create_study(tmp_path / "new", "flights", "new")
    assert not list(tmp_path.iterdir())
    create_study(tmp_path / "new", "flights", "new", sample_data=False)
    assert load_study(tmp_path / "new" / "study.yaml").name == "new"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("taken", "file", "link"):
        with pytest.raises(FolderTaken, match="nothing was written"):
            create_study(tmp_path / name, "triage", name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link", "taken"]
    assert tree_of(taken) == {"notes.txt": hashlib.sha256(b"mine").hexdigest()}


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "deep" / "new").mkdir(parents=True)
    create_study(tmp_path / "deep" / "new", "triage", "new")
    assert (tmp_path / "deep" / "new" / "study.yaml").is_file()


@pytest.mark.parametrize(
    ("template", "name", "fault"),
    [("triage", "My Study", BadStudyName), ("triagee", "new", UnknownTemplate)],
)
def test_a_study_that_cannot_be_made_leaves_nothing(
    template: str, name: str, fault: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(fault):
        create_study(tmp_path / "new", template, name)
    assert not list(tmp_path.iterdir())


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(template: str, folder: Path) -> None:
        (folder / "half.csv").write_text("x")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.init.write_sample_data", full)
    with pytest.raises(OSError, match="No space left"):
        create_study(tmp_path / "new", "triage", "new")
    assert not list(tmp_path.iterdir())


def test_sample_data_are_listed_as_sha256sum_would(tmp_path: Path) -> None:
    root = create_study(tmp_path / "new", "triage", "new")
    listed = {f"data/{path}": sha256 for path, sha256 in tree_of(root / "data").items()}
    assert sample_files(root) == listed
    assert not sample_files(create_study(tmp_path / "own", "triage", "own", sample_data=False))


A, B, MINE = ("data/a.csv", "1f"), ("data/b.csv", "2e"), ("data/mine.csv", "3d")


@pytest.mark.parametrize(
    ("held", "found", "told"),
    [
        ([], [], None),
        ([MINE], ["data/mine.csv"], None),
        ([A, B], ["data/a.csv", "data/b.csv"], None),
        ([A, B], ["data/a.csv"], None),
        ([A, MINE], ["data/a.csv", "data/mine.csv"], "beside your own: 1 file,"),
        ([A, B, MINE], ["data/mine.csv"], "beside your own: 2 files,"),
        ([A, ("data/a.csv", "4c")], ["data/a.csv"], "beside your own: 1 file,"),
        ([A, B], [], "although its sources no longer name them: 2 files,"),
    ],
)
def test_sample_data_and_own_files_in_one_study_are_told(
    held: list[tuple[str, str]], found: list[str], told: str | None
) -> None:
    notice = mixing_notice(dict([A, B]), held, found)
    assert (notice is None) if told is None else (notice is not None and told in notice)
    assert mixing_notice({}, held, found) is None, "a study without sample data"


@pytest.mark.parametrize("template", WITH_DATA)
def test_the_names_are_changed_in_one_place_and_nothing_is_accepted_yet(
    template: str, tmp_path: Path
) -> None:
    root = create_study(tmp_path / "new", template, "new")
    file = root / "study.yaml"
    study = load_study(file)
    assert study.transition, "handoffs are shown"
    assert not [step for step in study.transition if step.accepted_on or step.accepted_by]
    text = file.read_text("utf-8")
    start, end = text.index("# The names:"), text.index("\nmode:")
    names = text[start:end].replace(study.production.owner.name, "Ana Lopes")
    # Where the files themselves name the candidate, its name is theirs to change.
    if "&candidate" in names:
        names = names.replace(study.candidates[0].name, "another-model")
    if "&version" in names:
        names = names.replace(study.candidates[0].version, "9.9")
    renamed = (text[:start] + names + text[end:]).replace(
        f"&outcome {study.outcome.name}", "&outcome truth"
    )
    file.write_text(renamed, "utf-8")
    assert check_study(root).problems == ()
    second = load_study(file)
    assert second.outcome.name == second.streams.outcomes.columns["name"].constant == "truth"
    if "&candidate" in names:
        mapped = second.streams.recommendations.columns["candidate"]
        assert mapped.constant == second.candidates[0].name == "another-model"
