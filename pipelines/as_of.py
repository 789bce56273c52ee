"""The verdict as of a past moment: the same evaluation over what was known and registered then."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import duckdb

from data_contracts.study.model import Study
from evaluators.assess import Assessment
from pipelines.assessment.evaluate import Step, figures_of, judge
from pipelines.assessment.registration import registered_then
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.faults import WarehouseMissing, told_in_words
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.past import copy_past
from pipelines.warehouse.reachable import last_run
from pipelines.warehouse.tables import ensure_tables


@dataclass(frozen=True, slots=True)
class Published:
    """A publication as the history of verdicts has it.

    Attributes
    ----------
    run
        Last run it knew.
    gates
        Rows of its gates as JSON, one text a candidate, in the order of the candidates.
    """

    evidence_no: int
    published_at: datetime
    run: int | None
    policy_hash: str
    gates: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class AsOf:
    """What would be said, knowing what was known at a moment.

    Attributes
    ----------
    run
        Last run that had ended by then.
    registered
        Whether a policy was registered by then; if not, today's was applied.
    published
        The publication that stood then, or None.
    comparable
        Whether that publication knew the same run and the same policy.
    different
        Names of the gates whose published rows are not those found now; only when comparable.
    """

    moment: datetime
    run: int
    registered: bool
    assessments: tuple[Assessment, ...]
    published: Published | None
    comparable: bool
    different: tuple[str, ...]


def moment_of(text: str) -> datetime:
    """Return the moment that a text names; a day stands for its end, in UTC.

    Raises
    ------
    ValueError
        When it is no ISO date or date-time.

    Examples
    --------
    >>> moment_of("2026-03-05").isoformat()
    '2026-03-05T23:59:59.999999+00:00'
    >>> moment_of("2026-03-05T12:00").isoformat()
    '2026-03-05T12:00:00+00:00'
    """
    try:
        return datetime.combine(date.fromisoformat(text), time.max, UTC)
    except ValueError:
        moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as fault:
        raise ValueError(f"{text} is in no year from 1 to 9999 in UTC") from fault


def evaluate_as_of(
    folder: StudyFolder, study: Study, moment: datetime, *, step: Step = lambda text: None
) -> AsOf:
    """Judge what was known at a moment, by the policy registered then; changes nothing.

    Raises
    ------
    WarehouseMissing
        When nothing was ever ingested.
    MomentUnreachable
        When it lies before the first run, or what was known then is gone.
    """
    if not folder.warehouse.exists():
        raise WarehouseMissing(path=str(folder.warehouse))
    with writer_lock(folder.lock):
        scratch = folder.state / "as-of"
        shutil.rmtree(scratch, ignore_errors=True)
        try:
            with told_in_words(scratch):
                scratch.mkdir()
                with open_warehouse(folder.warehouse, read_only=True) as live:
                    return _judge(live, scratch / folder.warehouse.name, study, moment, step)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _judge(
    live: duckdb.DuckDBPyConnection, scratch: Path, study: Study, moment: datetime, step: Step
) -> AsOf:
    run = last_run(live, moment)
    then, policy_hash = registered_then(live, study, moment)
    ensure_tables(live, then)
    published = published_at(live, moment)
    step(f"Going back to run {run:,}")
    with open_warehouse(scratch) as past:
        copy_past(live, past, then, run, moment)
        assessments = judge(past, then, step).assessments
    comparable = (
        published is not None
        and published.run == run
        and policy_hash is not None
        and published.policy_hash == policy_hash
    )
    different = _different(published, assessments) if published and comparable else ()
    return AsOf(moment, run, policy_hash is not None, assessments, published, comparable, different)


def published_at(live: duckdb.DuckDBPyConnection, moment: datetime) -> Published | None:
    """Return the publication that stood at a moment, or None."""
    rows = live.execute(
        "SELECT evidence_no, published_at, run, policy_hash, gates FROM verdicts"
        " WHERE published_at <= ? QUALIFY evidence_no = max(evidence_no) OVER ()"
        " ORDER BY position",
        [moment],
    ).fetchall()
    if not rows:
        return None
    number, when, run, policy_hash, _ = rows[0]
    return Published(number, when.astimezone(UTC), run, policy_hash, tuple(row[4] for row in rows))


def _different(published: Published, assessments: tuple[Assessment, ...]) -> tuple[str, ...]:
    """Return the names of the gates whose rows are not those that were published."""
    names: dict[str, None] = {}
    found = [json.loads(figures_of(a)) for a in assessments]
    before = [json.loads(text or "[]") for text in published.gates]
    before += [[]] * (len(found) - len(before))
    for new, old in zip(found, before, strict=False):
        old_rows = {row["position"]: row for row in old}
        for row in new:
            if old_rows.pop(row["position"], None) != row:
                names.setdefault(row["gate"])
        names.update(dict.fromkeys(row["gate"] for row in old_rows.values()))
    return tuple(names)
