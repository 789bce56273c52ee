"""The file in which cases are judged in a spreadsheet: its columns and its words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from data_contracts.errors import UnderstudyError
from data_contracts.reviews import candidate_is_x
from pipelines.quarantine.cells import protected, unprotected
from pipelines.quarantine.export import ExportExists
from pipelines.reviewing.drawn import Case

CASE, CANDIDATE, X, Y = "case", "candidate", "answer X", "answer Y"
ANSWER, REASON, NOTE = "answer", "reason", "note"
NEEDED = (CASE, CANDIDATE, X, Y, ANSWER, REASON, NOTE)
"""Columns that an import needs; the others are facts of the case."""
MOST_BYTES = 16_000_000
"""Size beyond which a file is refused."""
_BOM = "\ufeff"


class SheetUnusable(UnderstudyError):
    """The file cannot be read as a sheet of reviews."""

    def sentence(self) -> str:
        return (
            f"`{self.facts['path']}` cannot be imported: {self.facts['found']}, expected a CSV file"
            " as `understudy review export` writes it; nothing was imported."
        )


def write_sheet(path: Path, study: str, cases: Sequence[Case], reviewer: str) -> None:
    """Write cases with empty columns for what the reviewer says.

    Which answer is X goes by the reviewer, as on screen. Cells that a spreadsheet would take for
    formulas are protected.

    Raises
    ------
    ExportExists
        When the file is there already.
    """
    names = {name: None for case in cases for name in case.facts}
    facts = {name: f"{name} (fact)" if name in NEEDED else name for name in names}
    head = [CASE, CANDIDATE, *facts.values(), X, Y, ANSWER, REASON, NOTE]
    rows = [
        [
            case.decision_id,
            case.trial,
            *(case.facts.get(name, "") for name in facts),
            *_in_order(study, case, reviewer),
            *("", "", ""),
        ]
        for case in cases
    ]
    columns = [protected(pa.array(column, pa.string())) for column in zip(*rows, strict=True)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(protected(pa.array(head, pa.string())).to_pylist())
    writer.writerows(zip(*(column.to_pylist() for column in columns), strict=True))
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(_BOM + text.getvalue())
    except FileExistsError:
        raise ExportExists(path=str(path)) from None


def read_sheet(path: Path) -> tuple[dict[str, int], list[list[str]]]:
    """Return the columns of a sheet by name, and its rows; cells are no longer protected.

    Comma, semicolon and tab may separate its cells: spreadsheets write as their country does.

    Raises
    ------
    SheetUnusable
        When it is none.
    """
    text = _text(path)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        raise SheetUnusable(path=str(path), found=f"it is no CSV file ({fault})") from None
    names = [name.strip() for name in _plain(table[0])] if table else []
    missing = [name for name in NEEDED if name not in names]
    if missing:
        told = ", ".join(f"`{name}`" for name in missing)
        raise SheetUnusable(path=str(path), found=f"it has no column {told}")
    twice = next((name for name in NEEDED if names.count(name) > 1), None)
    if twice:
        raise SheetUnusable(path=str(path), found=f"it has two columns `{twice}`")
    return {name: i for i, name in enumerate(names)}, [_plain(row) for row in table[1:]]


def same_text(cell: str, answer: str) -> bool:
    """Return whether a cell still says an answer; spreadsheets write numbers their own way.

    Examples
    --------
    >>> same_text("7,2", "7.20"), same_text("Late", "late"), same_text("12", "13")
    (True, True, False)
    """
    if cell.strip().casefold() == answer.strip().casefold():
        return True
    one, other = (_number(text) for text in (cell, answer))
    return one is not None and one == other


def _in_order(study: str, case: Case, reviewer: str) -> tuple[str, str]:
    pair = case.recommendation, case.decision
    return pair if candidate_is_x(study, *case.key, reviewer) else (pair[1], pair[0])


def _number(text: str) -> float | None:
    plain = text.strip().replace(",", ".")
    return float(plain) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain) else None


def _plain(cells: Sequence[str]) -> list[str]:
    found: list[str] = unprotected(pa.array(cells, pa.string())).to_pylist()
    return found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise SheetUnusable(path=str(path), found=str(fault.strerror)) from None
    if len(data) > MOST_BYTES:
        raise SheetUnusable(path=str(path), found=f"it has more than {MOST_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetUnusable(path=str(path), found="it is not in UTF-8") from None
    if "\0" in text:
        raise SheetUnusable(path=str(path), found="it holds bytes that no text has")
    return text
