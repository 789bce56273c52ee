"""The three things a run can do: ingest new files, evaluate, or both, one writer at a time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from data_contracts.study.loader import load_study
from data_contracts.study.model import Study
from data_contracts.study.problems import RawProblem
from evaluators.mandatory import missing_families
from evaluators.policy import check_policy
from pipelines.assessment.evaluate import Evaluation, Step, evaluate
from pipelines.assessment.publish import remove_older
from pipelines.checks.declared import declared_problems
from pipelines.checks.store import bring_checks_up_to_date
from pipelines.ingest.files import find_files
from pipelines.ingest.inputs import Input, named
from pipelines.ingest.reports import IngestResult
from pipelines.ingest.tables import frozen_tables
from pipelines.privacy.key import key_for
from pipelines.privacy.treatments import settle_privacy
from pipelines.quarantine.resubmit import Submitted, resubmit
from pipelines.retention.purge import Purge, purge
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.carry_over import carry_over
from pipelines.warehouse.commit import Committed, commit
from pipelines.warehouse.connection import open_warehouse, told_in_words, transaction
from pipelines.warehouse.ledger import Ready, every_file, select_new, waiting_refusals, withdraw
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.positions import positions_of
from pipelines.warehouse.rewrite import REWRITING, rewrite, rewrite_pending
from pipelines.warehouse.settle import follow_rules
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


@dataclass(frozen=True, slots=True)
class Resubmitted:
    """What submitting rows of the quarantine again did.

    Attributes
    ----------
    before
        What was new among the source files, and was read first.
    """

    before: Ingested
    submitted: Submitted
    ingested: Ingested


def read_study(folder: StudyFolder) -> Study:
    """Return the study, its policy checked by the gate kinds and its checks by the contracts.

    Raises
    ------
    StudyInvalid
        With every mistake at once.
    """
    return load_study(folder.file, study_problems)


def study_problems(study: Study) -> Iterator[RawProblem]:
    """Yield the mistakes that only gates, contracts and the database can find in a study."""
    yield from policy_problems(study)
    yield from declared_problems(study)


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
        for leftover in ("tmp", REWRITING):
            shutil.rmtree(folder.state / leftover, ignore_errors=True)
        with open_warehouse(folder.warehouse) as connection:
            with transaction(connection):
                ensure_tables(connection, study)
                follow_rules(connection, study)
            if not rewrite_pending(connection):
                yield connection
                return
        rewrite(folder.warehouse)
        with open_warehouse(folder.warehouse) as connection:
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


def resubmit_study(
    folder: StudyFolder,
    study: Study,
    file: Path | None = None,
    *,
    step: Step = lambda text: None,
    progress: Progress | None = None,
) -> Resubmitted:
    """Submit rows of the quarantine again: mended ones of a file, or all that are waiting."""
    with writing(folder, study) as connection:
        # First what is there already: an attempt that was cut short is not made twice.
        before = _ingest(connection, folder, study, folder.staging, step, progress)
        step("Trying rows again")
        key = key_for(study, folder.root)
        submitted = resubmit(connection, study, folder.root, key, file)
        after = _ingest(connection, folder, study, folder.staging, step, progress)
        return Resubmitted(before, submitted, after)


def purge_study(
    folder: StudyFolder, study: Study, before: date, *, step: Step = lambda text: None
) -> Purge:
    """Remove the raw records of days before a date; the verdict stays what it is."""
    with writing(folder, study) as connection:
        evaluate(connection, folder, study, step)  # what is not counted now never will be
        step("Removing")
        done = purge(connection, study, before, datetime.now(UTC))
    if done.empty:
        return done
    step("Rewriting the warehouse")
    with writing(folder, study) as connection:
        evaluate(connection, folder, study, step)
        remove_older(folder)
    return done


def _ingest(
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
    return Ingested(found, selection.known, committed, waiting_refusals(connection))


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
            follow_rules(connection, study)
            carry_over(folder.warehouse, connection)
            ingested = _ingest(connection, folder, study, fresh / "staging", step, progress)
        os.replace(fresh / folder.warehouse.name, folder.warehouse)
        shutil.rmtree(fresh, ignore_errors=True)
    return ingested
