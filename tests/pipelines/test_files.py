"""Finding files: what a path, a folder and a pattern mean, and what a file is known by."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.files import (
    FormatUnknown,
    NoFilesFound,
    check_found,
    find_files,
    streams_without_files,
)
from pipelines.ingest.source_file import SourceFile, hash_files
from pipelines.sources.discovery import source_named
from pipelines.sources.refusal import FileRefused
from pipelines.sources.source import WHOLE_FILE, Compression


@pytest.fixture
def find(study: Study, tmp_path: Path) -> Callable[..., list[SourceFile]]:
    """Return a function that finds the decisions of a study with some sources."""

    def find(*sources: Any) -> list[SourceFile]:
        document = study.model_dump(mode="json", by_alias=True, exclude_none=True)
        document["streams"]["decisions"]["sources"] = list(sources)
        found = find_files(Study.model_validate(document), tmp_path)
        return [file for file in found if file.stream is Stream.DECISIONS]

    for name in (
        "d/b.csv",
        "d/a.csv.gz",
        "d/deep/c.jsonl",
        "d/deep/d.TSV",
        "d/.hidden.csv",
        "d/.git/e.csv",
        "d/f.csv.tmp",
        "d/g.csv.part",
        "d/readme.md",
        "state/staging/part.parquet",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n")
    return find


def test_a_folder_gives_its_files_in_order(find: Any, tmp_path: Path) -> None:
    found = find("d")
    assert [file.path for file in found] == [
        "d/a.csv.gz",
        "d/b.csv",
        "d/deep/c.jsonl",
        "d/deep/d.TSV",
    ]
    assert [(f.format, f.compression.value, f.delimiter) for f in found] == [
        ("csv", "gzip", ","),
        ("csv", "none", ","),
        ("jsonl", "none", ","),
        ("csv", "none", "\t"),
    ]
    assert [file.source_no for file in found] == [1, 2, 3, 4]
    assert all(Path(file.location).is_absolute() for file in found)
    assert found[0].modified_ns == (tmp_path / "d/a.csv.gz").stat().st_mtime_ns


def test_a_pattern_a_file_and_both_together(find: Any) -> None:
    assert [f.path for f in find("d/*.csv")] == ["d/b.csv"]
    assert [f.path for f in find("d/**/*.jsonl")] == ["d/deep/c.jsonl"]
    assert [f.path for f in find("d/b.csv", "d/*")] == [
        "d/b.csv",
        "d/a.csv.gz",
        "d/deep/c.jsonl",
        "d/deep/d.TSV",
    ]


def test_what_understudy_makes_itself_is_no_source(find: Any) -> None:
    assert not [f for f in find(".") if f.path.startswith("state")]


def test_a_name_with_brackets_is_a_name(find: Any, tmp_path: Path) -> None:
    (tmp_path / "d" / "x[1].csv").write_text("a\n")
    assert [f.path for f in find("d/x[1].csv")] == ["d/x[1].csv"]


def test_a_format_that_is_said_goes_before_the_ending(find: Any) -> None:
    (file,) = find({"path": "d/readme.md", "format": "csv", "delimiter": ";"})
    assert (file.format, file.delimiter, file.compression) == ("csv", ";", Compression.NONE)


def test_a_file_of_unknown_format_is_an_error(find: Any) -> None:
    with pytest.raises(FormatUnknown, match="readme"):
        find("d/readme.md")


def test_nothing_found_is_an_error_of_the_check_only(study: Study, tmp_path: Path) -> None:
    assert find_files(study, tmp_path) == []
    with pytest.raises(NoFilesFound, match="data/decisions"):
        check_found(study, tmp_path)
    for stream in ("decisions", "recommendations", "outcomes"):
        (tmp_path / "data" / stream).mkdir(parents=True)
        (tmp_path / "data" / stream / "a.csv").write_text("a\n")
    check_found(study, tmp_path)


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ((), ["decisions", "recommendations", "outcomes"]),
        (("decisions",), ["recommendations", "outcomes"]),
        (("decisions", "recommendations"), ["outcomes"]),
        (("decisions", "recommendations", "outcomes"), []),
    ],
)
def test_streams_for_which_there_is_no_file(
    there: tuple[str, ...], missing: list[str], study: Study, tmp_path: Path
) -> None:
    for stream in there:
        (tmp_path / "data" / stream).mkdir(parents=True)
        (tmp_path / "data" / stream / "a.csv").write_text("a\n")
    told = streams_without_files(study, tmp_path, find_files(study, tmp_path))
    assert [one.facts["stream"] for one in told] == missing
    assert all(f"`data/{one.facts['stream']}`" in str(one) for one in told)


def test_files_outside_the_folder_are_shown_whole(find: Any, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}.csv"
    outside.write_text("a\n")
    assert [f.path for f in find(str(outside))] == [str(outside)]


def test_hashes(find: Any, tmp_path: Path) -> None:
    found = find("d")
    (tmp_path / "d/b.csv").write_text("changed\n")
    (tmp_path / "d/deep/c.jsonl").unlink()
    (tmp_path / "d/deep/d.TSV").unlink()
    hashes = [file.sha256 for file in hash_files(found)]
    assert hashes[:2] == [hashlib.sha256(text).hexdigest() for text in (b"x\n", b"changed\n")]
    assert len(set(hashes)) == 4  # files that cannot be read are not taken for the same


def test_a_file_that_changed_is_refused(find: Any, tmp_path: Path) -> None:
    (file,) = find("d/b.csv")
    file.check_unchanged()
    os.utime(tmp_path / "d/b.csv", ns=(0, file.modified_ns + 1))
    with pytest.raises(FileRefused, match="changed"):
        file.check_unchanged()
    (tmp_path / "d/b.csv").unlink()
    with pytest.raises(FileRefused, match="gone"):
        file.check_unchanged()


def test_files_elsewhere_are_found_hashed_and_read_through_beam(
    find: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apache_beam.io.filesystem import FileMetadata, MatchResult
    from apache_beam.io.filesystems import FileSystems

    content = b"a\n1\n2\n"
    names = ["b/x.csv", "b/.hidden.csv", "b/notes.md", "b/a.csv"]

    def match(patterns: list[str]) -> list[MatchResult]:
        assert patterns == ["mem://b/*"]
        return [MatchResult(patterns[0], [FileMetadata(f"mem://{n}", 6, 12.5) for n in names])]

    monkeypatch.setattr(FileSystems, "match", match)
    monkeypatch.setattr(FileSystems, "open", lambda path, **how: io.BytesIO(content))
    state = FileMetadata("mem://b", 6, 12.5)
    monkeypatch.setattr(FileSystems, "get_filesystem", lambda path: Mock(metadata=lambda p: state))
    monkeypatch.setattr(FileSystems, "checksum", lambda path: versions[0])
    versions = ["first"]
    found = hash_files(find("mem://b/*"))
    assert [file.path for file in found] == ["mem://b/a.csv", "mem://b/x.csv"]
    assert found[0].sha256 == hashlib.sha256(content).hexdigest()
    assert (found[0].bytes, found[0].modified_ns) == (6, 12_500_000_000)
    opened = source_named("csv").opener(found[0].place, WHOLE_FILE)
    assert [slab.rows.to_pydict() for slab in opened.slabs(["a"])] == [{"a": ["1", "2"]}]
    found[0].check_unchanged()
    versions[0] = "second"
    with pytest.raises(FileRefused, match="changed"):
        found[0].check_unchanged()
