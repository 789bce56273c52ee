"""The SHA-256 of a published file: what a download, a colleague or an auditor can hold it by."""

from __future__ import annotations

import hashlib
from pathlib import Path

import streamlit as st


def sha256_of(path: Path) -> str:
    """Return the hash of a file as hexadecimal digits; empty once the file is gone.

    A publication never changes, so it is read once; one that was written anew is read anew.
    """
    try:
        facts = path.stat()
        return _sha256(str(path), facts.st_size, facts.st_mtime_ns)
    except OSError:
        return ""


@st.cache_resource(max_entries=256, show_spinner=False)
def _sha256(path: str, size: int, written_ns: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
