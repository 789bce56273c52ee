"""What a run can do, one writer at a time: ingest, evaluate, both, submit again, purge."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from data_contracts.study.model import Study
from pipelines.assessment.evaluate import Evaluation, Step, evaluate
from pipelines.assessment.publish import remove_older
from pipelines.privacy.key import key_for
from pipelines.quarantine.resubmit import Submitted, resubmit
from pipelines.retention.purge import Purge, purge
from pipelines.study_folder import StudyFolder
from pipelines.take_in import Ingested, Progress, take_in
from pipelines.warehouse.carry_over import carry_over
from pipelines.warehouse.connection import open_warehouse, transaction
from pipelines.warehouse.faults import told_in_words
from pipelines.warehouse.ledger import Ready, every_file
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.rewrite import REWRITING, rewrite, rewrite_pending
from pipelines.warehouse.settle import follow_rules
from pipelines.warehouse.tables import add_drawn_tables, ensure_tables


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
                add_drawn_tables(connection)
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
        return take_in(connection, folder, study, folder.staging, step, progress)


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
        ingested = take_in(connection, folder, study, folder.staging, step, progress, ready)
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
        before = take_in(connection, folder, study, folder.staging, step, progress)
        step("Trying rows again")
        key = key_for(study, folder.root)
        submitted = resubmit(connection, study, folder.root, key, file)
        after = take_in(connection, folder, study, folder.staging, step, progress)
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
            ingested = take_in(connection, folder, study, fresh / "staging", step, progress)
        os.replace(fresh / folder.warehouse.name, folder.warehouse)
        shutil.rmtree(fresh, ignore_errors=True)
    return ingested
