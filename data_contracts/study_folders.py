"""Which study folders a folder stands for: itself, or the studies that lie in it."""

from __future__ import annotations

from pathlib import Path

from data_contracts.evidence import EVIDENCE_LINK, STATE_FOLDER

STUDY_FILE = "study.yaml"
"""The file that makes a folder a study."""


def is_study(folder: Path) -> bool:
    """Return whether a folder holds a study file or what was published of one."""
    return (folder / STUDY_FILE).is_file() or (folder / STATE_FOLDER / EVIDENCE_LINK).exists()


def study_folders(folder: Path) -> tuple[Path, ...]:
    """Return the studies a folder stands for, by name; none when it holds none.

    A study stands for itself. Otherwise the studies one level below it count; hidden folders do
    not, and neither do links that lead out of the folder.
    """
    if is_study(folder):
        return (folder,)
    try:
        inside = sorted(folder.iterdir())
        home = folder.resolve(strict=True)
    except OSError:
        return ()
    return tuple(
        found
        for found in inside
        if not found.name.startswith(".")
        and found.is_dir()
        and found.resolve().parent == home
        and is_study(found)
    )
