"""Tells when made-up files of a template and a user's own count in one and the same study."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from data_contracts.study.model import Study
from evaluators.wording import count
from pipelines.ingest.resubmitted import is_resubmitted
from pipelines.ingest.source_file import SourceFile
from pipelines.warehouse.ledger import LEDGER

LISTING = "sample-data.sha256"
"""File in the study's folder that lists what was made up, as `sha256sum` writes it."""

Named = tuple[str, str]
"""Path of a file as shown to the user, and the SHA-256 of its bytes."""


def list_sample_files(root: Path, data: Path) -> None:
    """Write down which files below a data folder are made up."""
    files = sorted(path for path in data.rglob("*") if path.is_file())
    lines = (f"{_hashed(path)}  {path.relative_to(root).as_posix()}\n" for path in files)
    (root / LISTING).write_text("".join(lines), "utf-8")


def sample_files(root: Path) -> dict[str, str]:
    """Return the hash of every made-up file of a study by its path; of most studies none."""
    try:
        lines = (root / LISTING).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    listed = (line.partition("  ") for line in lines)
    return {path: sha256 for sha256, _, path in listed if path}


def files_held(connection: duckdb.DuckDBPyConnection, study: Study) -> list[Named]:
    """Return the files whose records the warehouse holds, without rows submitted again."""
    streams = [stream.value for stream in study.streams.mapped()]
    rows = connection.execute(
        f"SELECT path, sha256 FROM ({LEDGER})"
        " WHERE state = 'ingested' AND list_contains(?, stream)",
        [streams],
    ).fetchall()
    return [(path, sha256) for path, sha256 in rows if not is_resubmitted(path)]


def files_named(
    made_up: Mapping[str, str], study: Study, found: Sequence[SourceFile]
) -> list[Named]:
    """Return the files that are there to be read; only what may be made up is hashed."""
    mine = [f for f in found if f.stream in study.streams.mapped() and not is_resubmitted(f.path)]
    return [(f.path, _hashed(Path(f.location)) if f.path in made_up else "") for f in mine]


def mixing_notice(
    made_up: Mapping[str, str], held: Iterable[Named], found: Collection[str]
) -> str | None:
    """Return what to do when made-up records count where they should not, None when all is well.

    All is well while a study reads its sample data alone, or none of them.

    Parameters
    ----------
    made_up
        Hash of every made-up file by its path.
    held
        Files whose records count, or will.
    found
        Paths of the files that the study's sources find now.

    Examples
    --------
    >>> mixing_notice({"data/a.csv": "1f"}, [("data/a.csv", "1f")], ["data/a.csv"])
    >>> mixing_notice({"data/a.csv": "1f"}, [("data/mine.csv", "2e")], ["data/mine.csv"])
    """
    hashes = set(made_up.values())
    held = set(held)
    sample = {path for path, sha256 in held if sha256 in hashes}
    own = {path for path, sha256 in held if sha256 not in hashes}
    if not sample or (not own and any(path in made_up for path in found)):
        return None
    beside = " beside your own" if own else ", although its sources no longer name them"
    return (
        f"Made-up sample data count in this study{beside}: {count(len(sample), 'file')},"
        f" listed in `{LISTING}`. What was read stays when"
        " a file goes. Make the study anew with `understudy init NAME --without-sample-data` and"
        " put your files there; or remove the sample files and run `understudy ingest --rebuild`,"
        " which keeps the policies registered and the verdicts published with them."
    )


def _hashed(path: Path) -> str:
    with suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""
