"""Submitting rows of the quarantine again, mended by people or as they are.

What is submitted becomes a source file of its own beside the study, and comes in the way all files
do. So it is read again when everything is.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv

from data_contracts.errors import UnderstudyError
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.resubmitted import ENTRY, FILE, OWN, ROW, SOURCE, next_path
from pipelines.privacy.key import Key
from pipelines.quarantine.cells import unprotected
from pipelines.quarantine.export import own_columns
from pipelines.quarantine.retry import MALFORMED, PURGED, Trial, Waiting, try_again
from pipelines.sources.discovery import source_named
from pipelines.sources.source import WHOLE_FILE, Compression, Place
from pipelines.warehouse.connection import literal, quoted
from pipelines.warehouse.entries import ENTRIES

NOT_WAITING = "they are not waiting (any more)"
_GIVEN = "given"
_LINE = OWN + "line"


class NoExport(UnderstudyError):
    """The file is no export of the quarantine."""

    def sentence(self) -> str:
        return (
            f"`{self.facts['path']}` cannot be submitted: {self.facts['found']}, expected a CSV"
            f" file as `understudy quarantine export` writes it, with its column `{ENTRY}` as it"
            " was; nothing was changed."
        )


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was submitted.

    Attributes
    ----------
    files
        The source files that were made, with their rows.
    left
        How many rows were not submitted, by why.
    """

    files: tuple[tuple[Path, int], ...]
    left: dict[str, int]


def resubmit(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    root: Path,
    key: Key | None,
    file: Path | None = None,
) -> Submitted:
    """Write the rows that fare otherwise than before as source files, and return what was done.

    Parameters
    ----------
    root
        The study's folder.
    file
        A mended export; without it, every waiting row is tried as it is.

    Raises
    ------
    NoExport
        When the file is none.
    """
    trial = Trial()
    mended: tuple[str, ...] = ()
    if file is not None:
        given = read_export(file)
        mended = tuple(name for name in given.column_names if not name.startswith(OWN))
        connection.register(_GIVEN, given)
    try:
        for waiting in _waiting(connection, study, mended, file is not None, trial.left):
            try_again(study, waiting, key, trial)
    finally:
        if file is not None:
            connection.unregister(_GIVEN)
    files = tuple(
        (_write(root, stream, source, table), table.num_rows)
        for stream, source, table in trial.submitted
    )
    return Submitted(files, {why: rows for why, rows in trial.left.items() if rows})


def read_export(path: Path) -> pa.Table:
    """Return the rows of a mended export as texts, cells no longer protected.

    Comma, semicolon and tab may separate its cells: spreadsheets write as their country does.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
        delimiter = next((d for d in ",;\t" if ENTRY in next(csv.reader([head], delimiter=d))), "")
    except (OSError, UnicodeDecodeError, csv.Error, StopIteration) as fault:
        found = fault.strerror if isinstance(fault, OSError) else "it is no CSV file in UTF-8"
        raise NoExport(path=str(path), found=str(found)) from None
    if not delimiter:
        raise NoExport(path=str(path), found=f"it has no column `{ENTRY}`")
    place = Place(str(path), str(path.absolute()), Compression.NONE, delimiter)
    opened = source_named("csv").opener(place, WHOLE_FILE)
    batches: list[pa.RecordBatch] = []
    for slab in opened.slabs(opened.columns):
        if slab.malformed.num_rows:
            number = slab.malformed.column("row_no")[0].as_py()
            found = f"row {number:,} has more or fewer cells than its header"
            raise NoExport(path=str(path), found=found)
        batches.append(slab.rows)
    if not batches:
        raise NoExport(path=str(path), found="it holds no rows")
    table = pa.Table.from_batches(batches).combine_chunks()
    cells = [unprotected(pa.concat_arrays(column.chunks)) for column in table.columns]
    numbers = pa.array(range(table.num_rows), pa.int64())
    return pa.table(cells, names=table.column_names).append_column(_LINE, numbers)


def _waiting(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    mended: tuple[str, ...],
    from_file: bool,
    left: Counter[str],
) -> list[Waiting]:
    """Return the waiting rows that are meant, by stream, source and columns."""
    meant = f"entry IN (SELECT {ENTRY} FROM {_GIVEN})" if from_file else "true"
    if from_file:
        ((unknown,),) = connection.execute(
            f"SELECT count(*) FROM {_GIVEN} WHERE {ENTRY} IS NULL OR {ENTRY} NOT IN"
            f" (SELECT entry FROM {ENTRIES} WHERE state = 'waiting')"
        ).fetchall()
        left[NOT_WAITING] += unknown
    kinds = connection.execute(f"""
        SELECT stream, source, reason = 'malformed_row', map_keys(raw), count(*)
        FROM {ENTRIES} WHERE state = 'waiting' AND {meant} GROUP BY ALL ORDER BY ALL""").fetchall()
    found = []
    for stream, source, malformed, keys, rows in kinds:
        if not keys:
            left[PURGED] += rows
            continue
        same = (
            f"state = 'waiting' AND {meant} AND stream = {literal(stream)}"
            f" AND source = {literal(source)} AND (reason = 'malformed_row') = {malformed}"
            f" AND map_keys(raw) = [{', '.join(map(literal, keys))}]::VARCHAR[]"
        )
        columns = own_columns(connection, study, same) if malformed else tuple(keys)
        if malformed and not from_file:
            left[MALFORMED] += rows
            continue
        found.append(_rows(connection, Stream(stream), source, same, columns, mended))
    return found


def _rows(
    connection: duckdb.DuckDBPyConnection,
    stream: Stream,
    source: str,
    same: str,
    columns: tuple[str, ...],
    mended: tuple[str, ...],
) -> Waiting:
    """Return some waiting rows, with the values of the mended file where it has the column."""
    line = f"g.{_LINE} DESC" if mended else "source_no"
    join = f"JOIN {_GIVEN} g ON g.{ENTRY} = entry" if mended else ""
    values = {name: f"raw[{literal(name)}]" for name in columns}
    now = {name: f"g.{quoted(name)}" if name in mended else values[name] for name in columns}
    own = "".join(f", {now[name]} AS {quoted(name)}" for name in columns)
    changed = " OR ".join(f"{now[n]} IS DISTINCT FROM {values[n]}" for n in columns) or "false"
    # A row that the file holds twice counts as it stands there last.
    table = (
        connection.sql(f"""
        SELECT entry AS {ENTRY}, source AS {SOURCE}, first_path AS {FILE},
               first_row::VARCHAR AS {ROW}, reason, field,
               coalesce({changed}, false) AS changed{own}
        FROM {ENTRIES} {join} WHERE {same}
        QUALIFY row_number() OVER (PARTITION BY entry ORDER BY {line}) = 1
        ORDER BY first_path, first_row""")
        .to_arrow_table()
        .combine_chunks()
    )
    (rows,) = table.select(list(columns)).to_batches() or [pa.RecordBatch.from_pylist([])]
    return Waiting(
        stream,
        source,
        table.select([ENTRY, SOURCE, FILE, ROW]),
        rows,
        pa.concat_arrays(table.column("changed").chunks),
        pa.concat_arrays(table.column("reason").chunks),
        pa.concat_arrays(table.column("field").chunks),
    )


def _write(root: Path, stream: Stream, source: str, table: pa.Table) -> Path:
    """Write a source file; it appears whole or not at all."""
    path = next_path(stream, root)
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("wb") as file:
        pacsv.write_csv(table, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return path
