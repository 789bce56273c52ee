"""Reading pilot data with the study's own ingest, into a warehouse that is thrown away again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from data_contracts.errors import UnderstudyError
from data_contracts.study.model import Candidate, Study
from evaluators.feed.accuracy_change import right_cells
from evaluators.scope import DataState
from pipelines.assessment.load import load_measures
from pipelines.assessment.measures import refresh_measures
from pipelines.assessment.scopes import scopes_of, study_days
from pipelines.ingest.files import check_found, find_files
from pipelines.ingest.source_file import hash_files
from pipelines.profiling.baseline import (
    Baseline,
    Cells,
    pilot_profile,
    register_baseline,
)
from pipelines.runs import writing
from pipelines.study_file import read_study
from pipelines.study_folder import STUDY_FILE, StudyFolder
from pipelines.warehouse.commit import commit
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.faults import told_in_words
from pipelines.warehouse.tables import ensure_tables


class PilotNotFound(UnderstudyError):
    """There is nothing at the path of the pilot."""

    def sentence(self) -> str:
        return (
            f"No pilot data at `{self.facts['path']}`: expected the folder of another study, or a"
            " folder of files laid out like the sources of this one."
        )


class PilotDiffers(UnderstudyError):
    """The pilot is about something else than the study."""

    def sentence(self) -> str:
        return (
            f"The pilot at `{self.facts['path']}` cannot be compared with the study: its"
            f" {self.facts['what']} {self.facts['found']}, expected {self.facts['expected']}."
            f" Correct its `{STUDY_FILE}`."
        )


class PilotRefused(UnderstudyError):
    """A file of the pilot could not be read whole."""

    def sentence(self) -> str:
        return (
            f"The pilot was not profiled, because `{self.facts['path']}` could not be read:"
            f" {self.facts['why']} Nothing was registered."
        )


@dataclass(frozen=True, slots=True)
class Profiled:
    """What was profiled.

    Attributes
    ----------
    files
        Files that were read.
    without_results
        Candidates of the study that the pilot has no results of.
    """

    baseline: Baseline
    files: int
    without_results: tuple[str, ...]


def profile_pilot(folder: StudyFolder, study: Study, pilot: Path) -> Profiled:
    """Read the pilot's data, register their profile as the baseline, and return it.

    Of the pilot's records nothing is kept but the profile.

    Raises
    ------
    PilotNotFound, PilotDiffers, PilotRefused, NoFilesFound
        With nothing registered.
    """
    root, as_read = _study_of(pilot, study)
    with writing(folder, study) as connection, _scratch(folder) as scratch:
        with open_warehouse(scratch / folder.warehouse.name) as other:
            files = _ingest(other, as_read, root, scratch / "staging", folder.root)
            cells = _cells(other, study, as_read)
            profile = pilot_profile(other, as_read, cells)
        baseline = register_baseline(connection, profile, str(pilot), datetime.now(UTC))
    missing = [c for c in study.candidates if (c.name, c.version) not in cells]
    return Profiled(baseline, files, tuple(f"{c.name} {c.version}" for c in missing))


def _study_of(pilot: Path, study: Study) -> tuple[Path, Study]:
    """Return the folder of the pilot's files, and the study by which they are read."""
    if not pilot.exists():
        raise PilotNotFound(path=str(pilot))
    if pilot.is_dir() and not (pilot / STUDY_FILE).is_file():
        # Its days are its own: the study's start would leave an earlier pilot out.
        return pilot.absolute(), study.model_copy(update={"starts_on": None})
    place = StudyFolder.at(pilot)
    own = read_study(place)
    wanted, found = ((s.decision.type.value, sorted(s.decision.classes)) for s in (study, own))
    facts = {"path": str(pilot)}
    if wanted != found:
        said = [f"{kind} {', '.join(classes)}".strip() for kind, classes in (found, wanted)]
        raise PilotDiffers(what="decision is", found=said[0], expected=said[1], **facts)
    missing = [name for name in study.segments if name not in own.segments]
    if missing:
        names = ", ".join(f"`{name}`" for name in own.segments) or "none"
        raise PilotDiffers(
            what="segments are", found=names, expected=f"`{missing[0]}` among them", **facts
        )
    return place.root, own.model_copy(update={"combinations": study.combinations})


@contextmanager
def _scratch(folder: StudyFolder) -> Iterator[Path]:
    """Give a folder inside the state folder, where a warehouse's connection may read parts."""
    scratch = folder.state / "profiling"
    shutil.rmtree(scratch, ignore_errors=True)
    with told_in_words(scratch):
        scratch.mkdir()
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _ingest(
    connection: duckdb.DuckDBPyConnection, study: Study, root: Path, staging: Path, home: Path
) -> int:
    """Read every file of the pilot; return how many there are."""
    from pipelines.ingest.pipeline import run_pipeline  # Beam takes seconds to import

    started_at = datetime.now(UTC)
    check_found(study, root)
    found = hash_files(find_files(study, root))
    files = [replace(file, source_no=number) for number, file in enumerate(found, 1)]
    ensure_tables(connection, study)
    staging.mkdir()
    result = run_pipeline(study, files, staging, home=home)
    committed = commit(connection, study, files, result, started_at, datetime.now(UTC))
    for file, report in committed.refused:
        raise PilotRefused(path=file.path, why=report.refusal)
    return len(files)


def _cells(connection: duckdb.DuckDBPyConnection, study: Study, pilot: Study) -> Cells:
    """Return how often each side was right in the pilot, for the candidates it has results of."""
    refresh_measures(connection, pilot)
    days = study_days(connection, pilot)
    found = {}
    scopes = {candidate: scope for candidate, scope in scopes_of(pilot, days, DataState())}
    for candidate in study.candidates:
        tried = _same_candidate(candidate, pilot.candidates)
        if tried is None:
            continue
        cells = right_cells(load_measures(connection, tried), scopes[tried])
        if cells:
            found[candidate.name, candidate.version] = cells
    return found


def _same_candidate(wanted: Candidate, tried: tuple[Candidate, ...]) -> Candidate | None:
    """Return the pilot's candidate of that name and version, else of that name, else None."""
    named = [candidate for candidate in tried if candidate.name == wanted.name]
    exact = [candidate for candidate in named if candidate.version == wanted.version]
    return next(iter(exact + named), None)
