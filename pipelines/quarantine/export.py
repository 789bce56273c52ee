"""Writing the waiting rows into a file that people can mend in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv

from data_contracts.errors import UnderstudyError
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.columns import columns_of
from pipelines.ingest.quarantine import WHOLE_ROW
from pipelines.ingest.resubmitted import ENTRY, FILE, OWN, ROW
from pipelines.quarantine.cells import protected
from pipelines.quarantine.looking import Filters
from pipelines.warehouse.connection import literal, quoted
from pipelines.warehouse.entries import ENTRIES

REASON, FIELD, MALFORMED = OWN + "reason", OWN + "field", OWN + "malformed"
"""For the reader: why the row waits, and the text of a row that could not be taken apart."""
_BOM = b"\xef\xbb\xbf"
"""By this, spreadsheets know that a file is UTF-8."""


class ExportExists(UnderstudyError):
    """The file to be written is there already."""

    def sentence(self) -> str:
        return (
            f"`{self.facts['path']}` exists already and may hold somebody's work; nothing was"
            " written. Choose another name, or delete it."
        )


class NothingToExport(UnderstudyError):
    """No waiting row is meant."""

    def sentence(self) -> str:
        return (
            "No row in quarantine is waiting that fits; nothing was written."
            " `understudy quarantine list` shows which rows there are."
        )


def export(
    connection: duckdb.DuckDBPyConnection, study: Study, filters: Filters, path: Path
) -> int:
    """Write the waiting rows that are meant as CSV and return how many there are.

    The file has columns that say which row it is and why it waits, then the source's own columns.
    Cells that a spreadsheet would take for formulas are protected.

    Raises
    ------
    ExportExists, NothingToExport
        When the file is there already, or no row is meant.
    """
    if path.exists():
        raise ExportExists(path=str(path))
    rows = exported(connection, study, filters)
    if not rows.num_rows:
        raise NothingToExport()
    cells = [protected(column.combine_chunks()) for column in rows.columns]
    with path.open("xb") as file:
        file.write(_BOM)
        pacsv.write_csv(pa.table(cells, names=rows.column_names), file)
    return int(rows.num_rows)


def exported(connection: duckdb.DuckDBPyConnection, study: Study, filters: Filters) -> pa.Table:
    """Return the waiting rows that are meant, every column as text, not protected yet."""
    names = own_columns(connection, study, filters.condition())
    own = "".join(f", raw[{literal(name)}] AS {quoted(name)}" for name in names)
    return connection.sql(f"""
        SELECT entry AS {ENTRY}, first_path AS {FILE}, first_row::VARCHAR AS {ROW},
               reason AS {REASON}, field AS {FIELD},
               CASE WHEN reason = 'malformed_row' THEN raw[{literal(WHOLE_ROW)}] END AS {MALFORMED}
               {own}
        FROM {ENTRIES} WHERE {filters.condition()}
        ORDER BY stream, first_path, first_row""").to_arrow_table()


def own_columns(
    connection: duckdb.DuckDBPyConnection, study: Study, condition: str
) -> tuple[str, ...]:
    """Return the source's own columns of the entries that are meant.

    Of a malformed row, which could not be taken apart, those that a row must have.
    """
    rows = connection.execute(f"""
        SELECT DISTINCT stream, reason = 'malformed_row', map_keys(raw)
        FROM {ENTRIES} WHERE {condition} AND raw IS NOT NULL ORDER BY ALL""").fetchall()
    names: dict[str, None] = {}
    for stream, malformed, keys in rows:
        if malformed:
            needed = columns_of(study, Stream(stream), needed=True).values()
            keys = [name for columns in needed for name in columns]
        names.update(dict.fromkeys(keys))
    return tuple(names)
