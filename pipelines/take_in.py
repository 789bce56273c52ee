"""Taking in what is new: found, looked at, read, committed and checked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from data_contracts.study.model import Study
from pipelines.assessment.evaluate import Step
from pipelines.checks.store import bring_checks_up_to_date
from pipelines.ingest.files import find_files, streams_without_files
from pipelines.ingest.inputs import Input, named
from pipelines.ingest.reports import IngestResult
from pipelines.ingest.source_file import SourceFile
from pipelines.ingest.tables import frozen_tables
from pipelines.privacy.key import key_for
from pipelines.privacy.treatments import settle_privacy
from pipelines.sample_data.mixing import files_held, mixing_notice, sample_files
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.commit import Committed, commit
from pipelines.warehouse.faults import told_in_words
from pipelines.warehouse.ledger import Ready, every_file, select_new, waiting_refusals, withdraw
from pipelines.warehouse.positions import positions_of

Progress = Callable[[int, int, int], None]
"""Told (files done, files in all, rows so far) while files are read."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did.

    Attributes
    ----------
    found, known
        Files that match the study's sources, and those of them that were read before.
    committed
        None when there was nothing new.
    refused
        (path, why) of every file that could not be read whole and still waits to be mended.
    notices
        What is odd about what was found, with what to do; no failure.
    """

    found: int
    known: int
    committed: Committed | None
    refused: tuple[tuple[str, str], ...]
    notices: tuple[str, ...] = ()


def take_in(
    connection: duckdb.DuckDBPyConnection,
    folder: StudyFolder,
    study: Study,
    staging: Path,
    step: Step,
    progress: Progress | None,
    ready: Ready = every_file,
) -> Ingested:
    settle_privacy(connection, study, key_for(study, folder.root))
    step("Looking for new files")
    started_at = datetime.now(UTC)
    committed = None
    files = find_files(study, folder.root)
    with frozen_tables(study, positions_of(connection)) as tables:
        selection = select_new(connection, files, tables, ready)
        if selection.new:
            from pipelines.schemas.prepass import inspect_inputs, settle
            from pipelines.warehouse.shapes import held_shapes

            step(f"Reading {named(selection.new, 'new ')}")
            inspected = inspect_inputs(study, selection.new, held_shapes(connection))
            with told_in_words(staging):
                staging.mkdir(parents=True)
                try:
                    made = _read(folder, study, inspected.readable, staging, progress)
                    step("Committing")
                    made, noted = settle(inspected, study, made)
                    now = datetime.now(UTC)
                    committed = commit(
                        connection, study, inspected.inputs, made, started_at, now, noted
                    )
                finally:
                    shutil.rmtree(staging, ignore_errors=True)
    if selection.withdrawn:
        withdraw(connection, selection.withdrawn, started_at)
    bring_checks_up_to_date(connection, folder, study, step)
    found = len(files) + tables.found
    refused = waiting_refusals(connection)
    notices = (
        *map(str, streams_without_files(study, folder.root, files)),
        *_mixed(connection, folder, study, files),
    )
    return Ingested(found, selection.known, committed, refused, notices)


def _mixed(
    connection: duckdb.DuckDBPyConnection,
    folder: StudyFolder,
    study: Study,
    files: Sequence[SourceFile],
) -> Iterator[str]:
    if made_up := sample_files(folder.root):
        held = files_held(connection, study)
        notice = mixing_notice(made_up, held, [file.path for file in files])
        yield from [notice] if notice else []


def _read(
    folder: StudyFolder,
    study: Study,
    new: Sequence[Input],
    staging: Path,
    progress: Progress | None,
) -> IngestResult:
    from pipelines.ingest.pipeline import run_pipeline  # Beam takes seconds to import

    return run_pipeline(study, new, staging, home=folder.root, on_progress=_out_of(new, progress))


def _out_of(files: Sequence[Input], progress: Progress | None) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, rows: progress(done, len(files), rows)
