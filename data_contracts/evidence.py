"""Where published evidence lives, and the layout of its tables."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

EVIDENCE_FORMAT = 4
"""Version of the layout in `published/*.sql`."""

STATE_FOLDER = "state"
"""Folder beside the study file that holds the warehouse, the evidence and the lock."""

EVIDENCE_LINK = "evidence.duckdb"
"""Symbolic link, in the state folder, to the latest publication; swapped atomically."""

INBOX_FOLDER = "inbox"
"""Folder beside the study file where the dashboard drops reviews and sign-offs."""

RESUBMITTED_FOLDER = "resubmitted"
"""Folder beside the study file that holds the rows of the quarantine that were submitted again."""


def evidence_ddl() -> str:
    """Return the SQL that creates the published tables; one file of `published` for each subject.

    Measures are published beside these tables, under the names of their SQL files, with the columns
    those files select; `slice_counts` is not, since all segments at once may single out a person.
    """
    found = sorted((files("data_contracts") / "published").iterdir(), key=lambda f: f.name)
    return "".join(f.read_text("utf-8") for f in found if f.name.endswith(".sql"))


def evidence_path(study_folder: Path) -> Path | None:
    """Return the file of the latest publication of a study, or None when there is none.

    The link is resolved, so that a reader keeps one publication while a newer one is swapped in.
    """
    link = study_folder / STATE_FOLDER / EVIDENCE_LINK
    return link.resolve() if link.exists() else None
