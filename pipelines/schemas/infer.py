"""A first look at real files whose columns nobody has described yet, for a first contract."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from data_contracts.errors import UnderstudyError
from data_contracts.stream_contracts import Field, FieldType, base_contract
from data_contracts.vocabulary import Stream
from pipelines.ingest.files import FormatUnknown
from pipelines.ingest.source_file import SourceFile
from pipelines.ingest.values import as_text, plain
from pipelines.schemas.guesses import Guesses, guess
from pipelines.schemas.measure import measure
from pipelines.schemas.peek import MOST_COLUMNS, Peeked
from pipelines.schemas.shapes import ColumnShape, carried
from pipelines.sources.discovery import source_named, told_by_name
from pipelines.sources.refusal import refusing
from pipelines.sources.source import WHOLE_FILE, OpenFile

MOST_ROWS = 200_000
"""Rows of one file that a contract is inferred from."""
_OTHER_DELIMITERS = (";", "\t", "|")
_FIELD_TYPES = {
    "timestamp": FieldType.TIME,
    "number": FieldType.NUMBER,
    "integer": FieldType.INTEGER,
}


class NothingToInfer(UnderstudyError):
    """A file has no rows that anything could be told from; the fact is `path`."""

    def sentence(self) -> str:
        return (
            f"`{self.facts['path']}` has no rows to tell anything from; expected a file with a few"
            " real ones."
        )


@dataclass(frozen=True, slots=True)
class Inferred:
    """What was told from some files of one stream.

    Attributes
    ----------
    files
        As they are to be named in the study: path and delimiter.
    columns
        What each column looks like, over all files.
    rows
        How many rows were looked at.
    everywhere
        Columns that every file has.
    """

    stream: Stream
    files: tuple[tuple[str, str], ...]
    columns: Mapping[str, ColumnShape]
    rows: int
    everywhere: frozenset[str]
    guesses: Guesses

    @property
    def required(self) -> tuple[str, ...]:
        """Fields that the stream needs and that only a column can give."""
        given = ("candidate", "model_version", "name")
        needed = (one.name for one in stream_fields(self.stream) if one.required)
        return tuple(name for name in needed if name not in given)


def infer(paths: Sequence[Path], stream: Stream, into: Path) -> Inferred:
    """Return what can be told of a stream from some of its files.

    Parameters
    ----------
    into
        Folder that paths are given relative to.

    Raises
    ------
    FileRefused, FormatUnknown, NothingToInfer
        When a file cannot be read or has nothing to tell.
    """
    read = [_read(path, stream) for path in paths]
    shapes = []
    for file, seen in read:
        if not seen.rows.num_rows:
            raise NothingToInfer(path=file.path)
        (shape,) = measure([seen], frozenset(seen.columns))
        shapes.append(shape)
    whole = shapes[0]
    for shape in shapes[1:]:
        both = carried(whole, shape)
        whole = replace(both, columns={**whole.columns, **both.columns})
    everywhere = frozenset.intersection(*(frozenset(shape.columns) for shape in shapes))
    rows = pa.concat_tables(
        [_texts(seen) for _, seen in read], promote_options="permissive"
    ).combine_chunks()
    named = tuple((_relative(Path(file.location), into), file.delimiter) for file, _ in read)
    found = guess(stream, stream_fields(stream), whole.columns, rows)
    return Inferred(stream, named, whole.columns, rows.num_rows, everywhere, found)


def _read(path: Path, stream: Stream) -> tuple[SourceFile, Peeked]:
    """Return the first rows of a file, more than a look takes, and the delimiter that fits."""
    source, packing = told_by_name(path.name)
    if source is None:
        raise FormatUnknown(path=str(path))
    tabs = path.name.lower().removesuffix(".gz").removesuffix(".zst").endswith(".tsv")
    where = (stream, "", 1, str(path), str(path.absolute()), source.name, packing)
    file = SourceFile(*where, "\t" if tabs else ",", bytes=0, modified_ns=0)
    opened = _open(file)
    if source.name == "csv" and len(opened.columns) == 1:
        for sign in _OTHER_DELIMITERS:
            if sign in opened.columns[0]:
                file = replace(file, delimiter=sign)
                opened = _open(file)
                break
    return file, _rows(file, opened)


def _open(file: SourceFile) -> OpenFile:
    return source_named(file.format).opener(file.place, WHOLE_FILE)


def _rows(file: SourceFile, opened: OpenFile) -> Peeked:
    columns = tuple(opened.columns)
    wanted = [name for name in columns[:MOST_COLUMNS] if columns.count(name) == 1]
    batches, rows = [], 0
    with refusing(file.path, "a file that can be read"):
        for slab in opened.slabs(wanted):
            batches.append(slab.rows.slice(0, MOST_ROWS - rows))
            rows += batches[-1].num_rows
            if rows >= MOST_ROWS:
                break
    if not batches:
        raise NothingToInfer(path=file.path)
    table = pa.Table.from_batches(batches).combine_chunks()
    arrays = [plain(_one(table.column(name))) for name in wanted]
    return Peeked(columns, opened.open_ended, pa.RecordBatch.from_arrays(arrays, names=wanted))


def _texts(seen: Peeked) -> pa.Table:
    """Return the columns as texts, so that those of several files can be put together."""
    names = [name for name in seen.rows.schema.names if not _is_nested(seen, name)]
    return pa.table({name: as_text(seen.rows.column(name))[0] for name in names})


def _is_nested(seen: Peeked, name: str) -> bool:
    kind = seen.rows.schema.field(name).type
    return bool(pa.types.is_nested(kind) or pa.types.is_binary(kind))


def _one(column: pa.ChunkedArray) -> pa.Array:
    joined = column.combine_chunks()
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def stream_fields(stream: Stream) -> tuple[Field, ...]:
    """Return the fields of a stream as no study has refined them."""
    (table,) = base_contract(stream).schema_ or []
    return tuple(
        Field(
            str(prop.name),
            _FIELD_TYPES.get(str(prop.logicalType), FieldType.TEXT),
            bool(prop.required),
            bool(prop.primaryKey),
        )
        for prop in table.properties or []
    )


def _relative(path: Path, into: Path) -> str:
    """Return a path as the study file would name it."""
    target, start = path.absolute(), into.absolute()
    return os.path.relpath(target, start) if target.drive == start.drive else str(target)
