"""Reading files: what each format gives, and what foreign bytes are told."""

from __future__ import annotations

import gzip
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.sources.discovery import all_sources, source_named, told_by_name
from pipelines.sources.refusal import FileRefused
from pipelines.sources.source import MOST_MALFORMED, WHOLE_FILE, Compression, Place, Span

Open = Callable[..., Any]
Rows = list[tuple[int, dict[str, Any]]]


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., Place]:
    """Return a function that writes bytes into a file and says where it is."""

    def write(content: bytes, name: str = "file", **how: Any) -> Place:
        path = tmp_path / name
        path.write_bytes(content)
        return Place(name, str(path), **how)

    return write


def read(kind: str, where: Place, *wanted: str, span: Span = WHOLE_FILE) -> tuple[Rows, Rows]:
    """Return the numbered rows of a file, and its malformed rows."""
    rows: Rows = []
    malformed: Rows = []
    for slab in source_named(kind).opener(where, span).slabs(wanted):
        slab.rows.validate(full=True)
        numbers: Any = slab.numbers
        if isinstance(numbers, int):
            numbers = range(numbers, numbers + slab.rows.num_rows)
        else:
            numbers = numbers.to_pylist()
        rows += zip(numbers, slab.rows.to_pylist(), strict=True)
        malformed += [(row["row_no"], row["text"]) for row in slab.malformed.to_pylist()]
    return rows, malformed


def refused(kind: str, where: Place, *wanted: str) -> str:
    """Return the message a file is refused with."""
    with pytest.raises(FileRefused) as caught:
        read(kind, where, *wanted)
    assert where.path in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).facts == caught.value.facts
    return str(caught.value)


def test_every_format_is_found() -> None:
    assert [source.name for source in all_sources()] == ["csv", "jsonl", "parquet"]
    assert pickle.loads(pickle.dumps(all_sources())) == all_sources()


@pytest.mark.parametrize(
    ("name", "kind", "packing"),
    [
        ("a.csv", "csv", Compression.NONE),
        ("A.CSV.GZ", "csv", Compression.GZIP),
        ("a.ndjson.zst", "jsonl", Compression.ZSTD),
        ("a.pq", "parquet", Compression.NONE),
        ("a.xlsx", None, Compression.NONE),
    ],
)
def test_an_ending_tells_format_and_packing(
    name: str, kind: str | None, packing: Compression
) -> None:
    source, found = told_by_name(name)
    assert (None if source is None else source.name, found) == (kind, packing)


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,x\n2,\n",
        b"a,b\r\n1,x\r\n2,\r\n",
        b"a,b\r1,x\r2,\r",
        b"\xef\xbb\xbfa,b\n1,x\n2,",
        b'\n\na,"b"\n1,"x"\n\n2,""\n',
    ],
    ids=["unix", "windows", "bare CR", "byte-order mark", "quotes and blank lines"],
)
def test_csv_of_every_kind_of_line_end(place: Open, content: bytes) -> None:
    rows = [(1, {"a": "1", "b": "x"}), (2, {"a": "2", "b": None})]
    assert read("csv", place(content), "a", "b") == (rows, [])


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_packed_files(place: Open, kind: str, packing: str) -> None:
    plain = {"csv": b"a\n7\n8\n", "jsonl": b'{"a":7}\n{"a":8}\n'}[kind]
    packed = gzip.compress(plain) if packing == "gzip" else pa.compress(plain, packing, True)
    rows, _ = read(kind, place(packed, compression=Compression(packing)), "a")
    assert [row["a"] for _, row in rows] == ["7", "8"]


def test_csv_keeps_texts_as_they_are(place: Open) -> None:
    content = b'a;b\n007; x \nNULL;"two\r\nlines; and ""quotes"""\n'
    rows, _ = read("csv", place(content, delimiter=";"), "b", "a")
    assert [row for _, row in rows] == [
        {"b": " x ", "a": "007"},
        {"b": 'two\r\nlines; and "quotes"', "a": "NULL"},
    ]


def test_csv_rows_of_the_wrong_width_are_kept_aside_and_numbered(place: Open) -> None:
    rows, malformed = read("csv", place(b"a,b\n1,2\n3\n4,5\n6,7,8\n,\n9,9\n0"), "b")
    assert [number for number, _ in rows] == [1, 3, 5, 6]
    assert malformed == [(2, "3"), (4, "6,7,8"), (7, "0")]


def test_csv_rows_are_numbered_across_blocks(place: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.sources.csv_files._BLOCK", 100)
    lines = ["a,b"]
    for number in range(1, 201):
        lines.append(f"{number},x" if number % 7 else f"{number}")
    rows, malformed = read("csv", place("\n".join(lines).encode()), "a")
    assert all(int(row["a"]) == number for number, row in rows)
    assert all(int(text) == number for number, text in malformed)
    assert (len(rows), len(malformed)) == (172, 28)


def test_csv_with_too_many_malformed_rows_is_refused(place: Open) -> None:
    content = b"a,b\n1,2\n" + b"1\n" * (MOST_MALFORMED + 1)
    message = refused("csv", place(content), "a")
    assert "10,000 rows of the wrong width" in message
    assert "row 2" in message


@pytest.mark.parametrize("content", [b"a,b", b"a,b\n", b"a,b\r\n\r\n"])
def test_csv_with_a_header_only_has_no_rows(place: Open, content: bytes) -> None:
    assert read("csv", place(content), "a") == ([], [])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty file (0 bytes)"),
        (b"\n\r\n", "only empty lines"),
        (b"a,b,a\n1,2,3\n", "two columns named `a`"),
        (b"PAR1\x00\x00PAR1", "found Parquet"),
        (gzip.compress(b"a\n1\n"), "found gzip"),
        (b"PK\x03\x04\x14\x00", "Excel"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"a,b\n1,\xe4\n", "not UTF-8"),
        (b"a,b\n" + b"1,x\n" * 400_000 + b"1,\xe4\n", "not UTF-8"),
        (b'a,b\n1,2\n3,"4\n5,6\n7,8\n', "never closed"),
    ],
)
def test_csv_is_refused(place: Open, content: bytes, words: str) -> None:
    assert words in refused("csv", place(content), "b")


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_packed_file_cut_anywhere_is_refused(place: Open, kind: str, packing: str) -> None:
    line = {"csv": "{},x\n", "jsonl": '{{"a":{},"b":"x"}}\n'}[kind]
    plain = ("a,b\n" * (kind == "csv") + "".join(map(line.format, range(3000)))).encode()
    packed = gzip.compress(plain) if packing == "gzip" else pa.compress(plain, packing, True)
    for share in (0.01, 0.3, 0.9, 1):
        cut = packed[: int(len(packed) * share) - 1]
        message = refused(kind, place(cut, compression=Compression(packing)), "a")
        assert "ends too early" in message or "expected" in message


def test_a_packed_name_on_plain_text_is_refused(place: Open) -> None:
    where = place(b"a,b\n1,2\n", compression=Compression.GZIP)
    assert "found plain text" in refused("csv", where, "a")


def test_jsonl_gives_texts_by_key(place: Open) -> None:
    lines = [
        {"a/b": 1, "it's": "x", 'q"t': True, "~": {"z": [1, 2]}, "e": "", "n": None, "$": 1.5},
        {"$": 12345678901234567890123},
    ]
    content = "\n".join(json.dumps(line) for line in lines).encode()
    wanted = ("a/b", "it's", 'q"t', "~", "e", "n", "$", "never")
    rows, malformed = read("jsonl", place(b"\xef\xbb\xbf" + content), *wanted)
    assert rows[0][1] == {
        "a/b": "1",
        "it's": "x",
        'q"t': "true",
        "~": '{"z":[1,2]}',
        "e": "",
        "n": None,
        "$": "1.5",
        "never": None,
    }
    assert rows[1][1]["$"] == "12345678901234567890123"
    assert malformed == []


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_jsonl_a_bad_line_is_one_malformed_row(place: Open, end: bytes) -> None:
    lines = [b'{"a":1}', b'{"a":', b"", b"42", b"   ", b'[{"a":2}]', b'{"a":3}']
    rows, malformed = read("jsonl", place(end.join(lines)), "a")
    assert rows == [(1, {"a": "1"}), (5, {"a": "3"})]
    assert malformed == [(2, '{"a":'), (3, "42"), (4, '[{"a":2}]')]


def test_jsonl_lines_across_blocks(place: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.sources.jsonl_files._BLOCK", 1 << 16)
    long = {"a": "long", "text": "x" * (3 << 20)}
    lines = [json.dumps({"a": n}) for n in range(50_000)]
    lines[1000] = json.dumps(long)
    rows, malformed = read("jsonl", place("\n".join(lines).encode()), "a")
    assert [number for number, _ in rows] == list(range(1, 50_001))
    assert rows[1000][1] == {"a": "long"}
    assert all(row["a"] == str(n) for n, (_, row) in enumerate(rows) if n != 1000)
    assert not malformed


def test_jsonl_a_key_that_comes_late_is_read(place: Open) -> None:
    lines = ['{"a":1}'] * 2000 + ['{"a":1,"late":2}']
    opened = source_named("jsonl").opener(place("\n".join(lines).encode()), WHOLE_FILE)
    assert opened.columns == ("a",)
    assert opened.open_ended
    rows = [row for slab in opened.slabs(["late"]) for row in slab.rows.to_pylist()]
    assert rows[-1] == {"late": "2"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty file"),
        (b'[\n{"a":1},\n{"a":2}]', "a JSON array"),
        (b"a,b\n1,2\n", "without JSON objects"),
        (b'{"a":1}\n{"a":"\xe4"}\n', "not UTF-8"),
        (b'{"a":1}\n' + b"oops\n" * (MOST_MALFORMED + 1), "10,000 lines"),
    ],
)
def test_jsonl_is_refused(place: Open, content: bytes, words: str) -> None:
    assert words in refused("jsonl", place(content), "a")


def test_jsonl_a_line_without_end_is_refused(place: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.sources.jsonl_files._LONGEST", 1 << 21)
    monkeypatch.setattr("pipelines.sources.jsonl_files._BLOCK", 1 << 20)
    content = b'{"a":1}\n{"a":"' + b"x" * (1 << 23) + b'"}'
    assert "longer than" in refused("jsonl", place(content), "a")


def parquet(table: pa.Table, **how: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **how)
    return bytes(sink.getvalue())


def test_parquet_in_parts_gives_every_row_once(place: Open) -> None:
    table = pa.table({"a": range(1000), "b": ["x"] * 1000, "unused": [0.5] * 1000})
    where = place(parquet(table, row_group_size=70))
    spans = source_named("parquet").splitter(where, 200)
    assert len(spans) == 5
    assert sum(span.rows or 0 for span in spans) == 1000
    rows = [row for span in spans for row in read("parquet", where, "a", span=span)[0]]
    assert rows == [(n + 1, {"a": n}) for n in range(1000)]
    assert read("parquet", where, "a")[0] == rows
    assert len(read("parquet", where)[0]) == 1000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: b"", "empty file"),
        (lambda b: b"a,b\n1,2\n", "found text"),
        (lambda b: b[:-20], "without its end"),
        (lambda b: b[: len(b) // 2], "without its end"),
        (lambda b: b[:4], "bytes that cannot be read"),
    ],
)
def test_parquet_is_refused(place: Open, change: Callable[[bytes], bytes], words: str) -> None:
    whole = parquet(pa.table({"a": range(1000)}))
    assert words in refused("parquet", place(change(whole)), "a")


def test_parquet_with_a_column_twice_is_refused(place: Open) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    assert "two columns named `a`" in refused("parquet", place(parquet(table)), "a")


def test_parquet_with_a_changed_page_is_refused(place: Open) -> None:
    table = pa.table({"a": [f"value {n}" for n in range(1000)]})
    whole = parquet(table, write_page_checksum=True, compression="none", use_dictionary=False)
    at = whole.index(b"value 500")
    spoiled = whole[:at] + b"VALUE" + whole[at + 5 :]
    assert "cannot be read" in refused("parquet", place(spoiled), "a")


def test_a_file_that_may_not_be_opened_is_refused(tmp_path: Path) -> None:
    assert "no file" in refused("csv", Place("gone.csv", str(tmp_path / "gone.csv")), "a")
    assert refused("csv", Place("folder", str(tmp_path)), "a")
