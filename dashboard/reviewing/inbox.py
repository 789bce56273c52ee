"""What people have said so far, read from the study's inbox; a file is read once."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from data_contracts.inbox import latest, read_review_file, review_files
from data_contracts.reviews import Review

_Mark = tuple[str, int, int]


def said_so_far(study_folder: Path) -> tuple[Review, ...]:
    """Return the latest event of every judgement in the inbox.

    Files are told apart by name, size and time of change, so that a case costs the reading of what
    is new and not of all there is.
    """
    holder = _read(str(study_folder))
    known = holder[0]
    now = {}
    for path in review_files(study_folder):
        mark = _mark(path)
        if mark is not None:
            found = known.get(mark)
            now[mark] = read_review_file(path) if found is None else found
    holder[0] = now
    return latest(review for reviews in now.values() for review in reviews)


@st.cache_resource(max_entries=64, show_spinner=False)
def _read(study_folder: str) -> list[dict[_Mark, tuple[Review, ...]]]:
    return [{}]


def _mark(path: Path) -> _Mark | None:
    try:
        facts = path.stat(follow_symlinks=False)
    except OSError:
        return None
    return path.name, facts.st_size, facts.st_mtime_ns
