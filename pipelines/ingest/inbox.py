"""Review files in the inbox: which are taken in, and which are refused."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from data_contracts.evidence import INBOX_FOLDER
from data_contracts.inbox import MOST_BYTES
from data_contracts.reviews import REVIEWS_FOLDER
from data_contracts.study.mapping import Source
from data_contracts.vocabulary import Stream
from pipelines.sources.refusal import FileRefused

REVIEWS = Source(path=f"{INBOX_FOLDER}/{REVIEWS_FOLDER}/*.jsonl")
"""Where the reviews of every study come from; no study file has to say so."""


def inbox_files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the files of reviews in a study's inbox, in order of their names.

    Links and whatever else is no regular file are listed as well: reading them is refused.
    """
    for path in sorted((folder / INBOX_FOLDER / REVIEWS_FOLDER).glob("*.jsonl")):
        if not path.name.startswith("."):
            yield path, path.lstat()


def is_in_inbox(stream: Stream, location: str) -> bool:
    """Return whether a file of a stream is one of the reviews in the inbox."""
    parts = Path(location).parts[-3:-1]
    return stream is Stream.REVIEWS and parts == (INBOX_FOLDER, REVIEWS_FOLDER)


def check_inbox_file(path: str, location: str) -> None:
    """Check that a file of the inbox is a plain file inside it, and no larger than reviews are.

    Raises
    ------
    FileRefused
        When it is not.
    """
    here = Path(location)
    state = here.lstat()
    root = here.parents[2].resolve()
    if not here.parent.resolve().is_relative_to(root):
        found, advice = "an inbox that leads out of the study's folder", "Make it a folder there."
    elif here.is_symlink():
        found, advice = "a symbolic link", "Take it away, and put the file itself there."
    elif not stat.S_ISREG(state.st_mode):
        found, advice = "something that is no file", "Take it away."
    elif state.st_size > MOST_BYTES:
        found = f"{state.st_size:,} bytes"
        advice = "Take it away, or cut it into several files."
    else:
        return
    expected = f"a file of reviews of at most {MOST_BYTES:,} bytes that lies in the inbox itself"
    raise FileRefused(path=path, found=found, expected=expected, advice=advice)
