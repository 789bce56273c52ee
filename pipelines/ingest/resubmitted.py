"""Rows of the quarantine that were submitted again: source files of the study's own making.

They are kept beside the study, so that reading everything anew takes them in again. Each has the
columns of the source, and some that say which row of the quarantine it is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from data_contracts.evidence import RESUBMITTED_FOLDER
from data_contracts.vocabulary import Stream

OWN = "understudy_"
"""Beginning of the names of columns that identify a row of the quarantine."""
ENTRY = OWN + "entry"
"""Name of the row: stream, hash of the file it first came in, row number."""
SOURCE = OWN + "source"
"""What the study calls the source it came from."""
FILE = OWN + "file"
"""File it first came in, as shown to the user."""
ROW = OWN + "row"
"""Its number in that file, from 1."""


def is_resubmitted(path: str) -> bool:
    """Return whether a path, as shown to the user, is that of a resubmitted file.

    Examples
    --------
    >>> is_resubmitted("resubmitted/decisions-0001.csv"), is_resubmitted("data/a.csv")
    (True, False)
    """
    return path.startswith(f"{RESUBMITTED_FOLDER}/")


def resubmitted_files(stream: Stream, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (what the study calls the source, path) of the resubmitted files of a stream."""
    for path in sorted((folder / RESUBMITTED_FOLDER).glob(f"{stream.value}-*.csv")):
        source = RESUBMITTED_FOLDER
        # A file that cannot be read is refused later, with the reason.
        with (
            suppress(OSError, UnicodeDecodeError, csv.Error),
            path.open(encoding="utf-8-sig", newline="") as file,
        ):
            source = next(csv.DictReader(file), {}).get(SOURCE) or source
        yield source, path


def next_path(stream: Stream, folder: Path) -> Path:
    """Return the path of the next resubmitted file of a stream."""
    taken = [
        int(path.stem.rsplit("-", 1)[1])
        for path in (folder / RESUBMITTED_FOLDER).glob(f"{stream.value}-*.csv")
        if path.stem.rsplit("-", 1)[1].isdigit()
    ]
    return folder / RESUBMITTED_FOLDER / f"{stream.value}-{max(taken, default=0) + 1:04d}.csv"
