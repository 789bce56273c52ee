"""Where the studies are that this dashboard shows; looked up anew whenever somebody looks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.launch import STUDIES_VARIABLE
from data_contracts.evidence import STATE_FOLDER, evidence_path
from data_contracts.study_folders import study_folders

NO_EVIDENCE = "No verdict has been published yet: run `understudy run`."
LEADS_OUT = (
    "The evidence of this study is a link that leads out of its folder, so it is not read. "
    "Publish it again with `understudy run`."
)


@dataclass(frozen=True, slots=True)
class Place:
    """A study's folder, and the file of its latest publication.

    Attributes
    ----------
    path
        None when there is none; `problem` then says why.
    """

    folder: Path
    path: Path | None
    problem: str = ""

    @classmethod
    def of(cls, folder: Path) -> Place:
        """Return the place of a study; what was published lies in its own state folder."""
        path = evidence_path(folder)
        if path is None:
            return cls(folder, None, NO_EVIDENCE)
        if path.parent != (folder / STATE_FOLDER).resolve():
            return cls(folder, None, LEADS_OUT)
        return cls(folder, path)


def places() -> dict[str, Place]:
    """Return the studies the dashboard was started for, by name."""
    given = os.environ.get(STUDIES_VARIABLE, "").split(os.pathsep)
    return places_of([Path(name) for name in given if name])


def places_of(given: Sequence[Path]) -> dict[str, Place]:
    """Return the studies that some folders stand for, each once, by the name of the folder.

    Where two have the same name, by path. A folder without a study stands for itself, so that what
    is missing is said.
    """
    folders = list(dict.fromkeys(f for one in given for f in study_folders(one) or (one,)))
    names = [folder.name for folder in folders]
    return {
        folder.name if names.count(folder.name) == 1 else str(folder): Place.of(folder)
        for folder in folders
    }
