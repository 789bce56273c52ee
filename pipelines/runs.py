"""The three things a run can do: ingest new files, evaluate, or both, one writer at a time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from data_contracts.study.loader import load_study
from data_contracts.study.model import Study
from data_contracts.study.problems import RawProblem
from evaluators.mandatory import missing_families
from evaluators.policy import check_policy
from pipelines.assessment.evaluate import Evaluation, Step, evaluate
from pipelines.ingest.files import find_files
from pipelines.ingest.inputs import Input, named
from pipelines.ingest.tables import frozen_tables
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.commit import Committed, commit
from pipelines.warehouse.connection import open_warehouse, told_in_words, transaction
from pipelines.warehouse.ledger import Ready, every_file, select_new, waiting_refusals, withdraw
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.positions import positions_of
from pipelines.warehouse.tables import ensure_tables

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
    """

    found: int
    known: int
    committed: Committed | None
    refused: tuple[tuple[str, str], ...]


def read_study(folder: StudyFolder) -> Study:
    """Return the study with its policy checked by the gate kinds themselves.

    Raises
    ------
    StudyInvalid
        With every mistake at once.
    """
    return load_study(folder.file, policy_problems)


def policy_problems(study: Study) -> Iterator[RawProblem]:
    """Yield the mistakes in the study's gates: their settings, and families that are left out."""
    mistakes = check_policy(study.policy.gates, tuple(study.cuts))
    for problem in mistakes:
        yield RawProblem(problem.path, problem.found, problem.expected, problem.hint)
    if any(problem.key is None for problem in mistakes):
        return  # a kind that is misspelt may be the one that is missed
    missing = missing_families(study.policy.gates, study.risk_tier)
    if missing:
        wanted = "; ".join(f"about {family}: {' or '.join(kinds)}" for family, kinds in missing)
        yield RawProblem(
            ("policy", "gates"),
            f"no gate about {' or '.join(family for family, _ in missing)}",
            f"one of each, since the risk tier is {study.risk_tier} ({wanted})",
        )


@contextmanager
def writing(folder: StudyFolder, study: Study) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse as its one writer; leftovers of killed runs are cleared away first."""
    with told_in_words(folder.warehouse):
        folder.state.mkdir(exist_ok=True)
    with writer_lock(folder.lock):
        shutil.rmtree(folder.staging, ignore_errors=True)
        with open_warehouse(folder.warehouse) as connection:
            with transaction(connection):
                ensure_tables(connection, study)
            yield connection


def ingest_study(
    folder: StudyFolder,
    study: Study,
    *,
    rebuild: bool = False,
    step: Step = lambda text: None,
    progress: Progress | None = None,
) -> Ingested:
    """Read the files that are new and commit their records; return what was done."""
    if rebuild:
        return _rebuild(folder, study, step, progress)
    with writing(folder, study) as connection:
        return _ingest(connection, folder, study, folder.staging, step, progress)


def evaluate_study(
    folder: StudyFolder, study: Study, *, step: Step = lambda text: None
) -> Evaluation:
    """Judge what is in the warehouse and publish the evidence."""
    with writing(folder, study) as connection:
        return evaluate(connection, folder, study, step)


def run_study(
    folder: StudyFolder,
    study: Study,
    *,
    step: Step = lambda text: None,
    progress: Progress | None = None,
    ready: Ready = every_file,
) -> tuple[Ingested, Evaluation]:
    """Ingest, then evaluate, without letting another writer in between.

    Files that are not `ready` are left for a later run.
    """
    with writing(folder, study) as connection:
        ingested = _ingest(connection, folder, study, folder.staging, step, progress, ready)
        return ingested, evaluate(connection, folder, study, step)


def _ingest(
    connection: duckdb.DuckDBPyConnection,
    folder: StudyFolder,
    study: Study,
    staging: Path,
    step: Step,
    progress: Progress | None,
    ready: Ready = every_file,
) -> Ingested:
    step("Looking for new files")
    started_at = datetime.now(UTC)
    committed = None
    files = find_files(study, folder.root)
    with frozen_tables(study, positions_of(connection)) as tables:
        selection = select_new(connection, files, tables, ready)
        if selection.new:
            step(f"Reading {named(selection.new, 'new ')}")
            with told_in_words(staging):
                staging.mkdir(parents=True)
                try:
                    committed = _read_and_commit(
                        connection, study, selection.new, staging, started_at, step, progress
                    )
                finally:
                    shutil.rmtree(staging, ignore_errors=True)
    withdraw(connection, selection.withdrawn)
    found = len(files) + tables.found
    return Ingested(found, selection.known, committed, waiting_refusals(connection))


def _read_and_commit(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    new: Sequence[Input],
    staging: Path,
    started_at: datetime,
    step: Step,
    progress: Progress | None,
) -> Committed:
    from pipelines.ingest.pipeline import run_pipeline  # Beam takes seconds to import

    result = run_pipeline(study, new, staging, on_progress=_out_of(new, progress))
    step("Committing")
    return commit(connection, study, new, result, started_at, datetime.now(UTC))


def _out_of(files: Sequence[Input], progress: Progress | None) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, rows: progress(done, len(files), rows)


def _rebuild(folder: StudyFolder, study: Study, step: Step, progress: Progress | None) -> Ingested:
    """Read everything anew into a second warehouse, and swap it in when it is whole."""
    with told_in_words(folder.state):
        folder.state.mkdir(exist_ok=True)
    with writer_lock(folder.lock):
        # Parts must lie where the new warehouse's connection may read: inside its own folder.
        fresh = folder.state / "rebuilding"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        with open_warehouse(fresh / folder.warehouse.name) as connection:
            ensure_tables(connection, study)
            _carry_over(folder.warehouse, connection)
            ingested = _ingest(connection, folder, study, fresh / "staging", step, progress)
        os.replace(fresh / folder.warehouse.name, folder.warehouse)
        shutil.rmtree(fresh, ignore_errors=True)
    return ingested


def _carry_over(old: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Copy what files cannot bring back: registrations and the history of verdicts."""
    if not old.exists():
        return
    with open_warehouse(old, read_only=True) as before:
        for table in ("registrations", "verdicts"):
            connection.register("carried", before.sql(f"FROM {table}").to_arrow_table())
            connection.execute(f"INSERT INTO {table} BY NAME FROM carried")
            connection.unregister("carried")
