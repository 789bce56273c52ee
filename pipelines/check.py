"""Checking a study before anything runs: the study file, and the first rows of every source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from data_contracts.errors import UnderstudyError
from data_contracts.study.model import Study
from pipelines.ingest.conform import conform
from pipelines.ingest.files import check_found, find_files
from pipelines.ingest.inputs import Input, named
from pipelines.ingest.plan import is_discreet
from pipelines.ingest.planning import conform_plan
from pipelines.ingest.source_file import SourceFile
from pipelines.ingest.tables import frozen_tables
from pipelines.privacy.key import Key, key_for
from pipelines.privacy.treatments import told_treatments
from pipelines.sample_data.mixing import files_held, files_named, mixing_notice, sample_files
from pipelines.schemas.prepass import with_versions
from pipelines.sources.refusal import FileRefused, refusing
from pipelines.sources.source import WHOLE_FILE
from pipelines.study_file import read_study
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.connection import open_warehouse

LOOKED_AT = 10
"""Files of a stream whose first rows are looked at: the oldest, the newest and some between."""
SHOWN = 3
"""Faults of one file that are shown."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Attributes
    ----------
    lines
        What was looked at and is in order.
    problems
        What has to be mended before a run makes sense.
    """

    lines: tuple[str, ...]
    problems: tuple[str, ...]


def check_study(path: Path) -> CheckReport:
    """Return what is in order and what is not, without writing anything.

    Raises
    ------
    StudyNotFound, StudyInvalid
        When there is no study to check, or its file has mistakes.
    """
    folder = StudyFolder.at(path)
    study = read_study(folder)
    lines = [f"{folder.file.name}: in order ({len(study.policy.gates)} gates)"]
    problems: list[str] = []
    try:
        key = key_for(study, folder.root, make=False)
    except UnderstudyError as error:
        return CheckReport(tuple(lines), (str(error),))
    lines += told_treatments(study)
    try:
        check_found(study, folder.root)
    except UnderstudyError as error:
        problems.append(str(error))
    with frozen_tables(study, {}) as tables:
        found = find_files(study, folder.root)
        _look(study, [*found, *tables.new], key, lines, problems)
    problems += _mixed(folder, study, found)
    return CheckReport(tuple(lines), tuple(problems))


def _mixed(folder: StudyFolder, study: Study, found: list[SourceFile]) -> Iterator[str]:
    """Yield what is to be done when made-up files and others count in one study."""
    made_up = sample_files(folder.root)
    if not made_up:
        return
    held = files_named(made_up, study, found)
    # A warehouse that cannot be read now is for `understudy run` to tell.
    with (
        suppress(UnderstudyError, duckdb.Error),
        open_warehouse(folder.warehouse, read_only=True) as connection,
    ):
        held += files_held(connection, study)
    notice = mixing_notice(made_up, held, [file.path for file in found])
    if notice:
        yield notice


def _look(
    study: Study, found: list[Input], key: Key | None, lines: list[str], problems: list[str]
) -> None:
    for stream in study.streams_read:
        mine = [file for file in found if file.stream is stream]
        looked = with_versions(study, mine[:: max(1, len(mine) // LOOKED_AT)][:LOOKED_AT])
        faults = [fault for file in looked for fault in first_rows(study, file, key)]
        problems += faults
        if looked and not faults:
            which = f" of {len(looked):,} of them" if len(looked) < len(mine) else ""
            lines.append(f"{stream}: {named(mine)}; the first rows{which} are in order")


def first_rows(study: Study, file: Input, key: Key | None = None) -> Iterator[str]:
    """Yield what is wrong with the first batch of a file, one sentence for each kind of fault."""
    discreet = is_discreet(study, file.stream)
    try:
        opened = file.opened(WHOLE_FILE)
        plan = conform_plan(
            study,
            file.stream,
            opened.columns,
            path=file.path,
            open_ended=opened.open_ended,
            version=file.version,
        )
        slab = next(iter(opened.slabs(plan.reads)), None)
        if slab is None:
            return
        with refusing(file.path, "columns that can be read"):
            rejected = conform(slab.rows, slab.numbers, plan, key).rejected
    except FileRefused as refusal:
        yield refusal.discreetly() if discreet else str(refusal)
        return
    except UnderstudyError as error:
        yield str(error)
        return
    total = slab.rows.num_rows + slab.malformed.num_rows
    kinds = zip(rejected["reason"].to_pylist(), rejected["field"].to_pylist(), strict=True)
    counted = Counter(kinds)
    if slab.malformed.num_rows:
        counted["malformed_row", ""] = slab.malformed.num_rows
    for (reason, field), rows in counted.most_common(SHOWN):
        about = f" in `{field}`" if field else ""
        yield (
            f"{file.path}: {rows:,} of the first {total:,} rows would go to quarantine:"
            f" {reason.replace('_', ' ')}{about}{_example(rejected, reason, field)}"
        )


def _example(rejected: pa.RecordBatch, reason: str, field: str) -> str:
    mine = pc.and_(pc.equal(rejected["reason"], reason), pc.equal(rejected["field"], field))
    rows = rejected.filter(mine).slice(0, 1).to_pylist()
    if not rows:
        return ""
    raw = ", ".join(f"{name}={value!r}" for name, value in rows[0]["raw"] if value is not None)
    return f"; row {rows[0]['row_no']:,} has {raw[:200]}"
