"""Evaluation: measures brought up to date, judged, and published when there is anything new."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from data_contracts.study.model import Study
from data_contracts.vocabulary import VerdictState
from evaluators.assess import Assessment, assess
from evaluators.policy import Gate, build_gates
from pipelines.assessment.arrivals import arrivals
from pipelines.assessment.cliff import compared_with_pilot
from pipelines.assessment.feature_counts import load_feature_counts, refresh_features
from pipelines.assessment.latest import stands
from pipelines.assessment.load import load_measures
from pipelines.assessment.measures import refresh_measures
from pipelines.assessment.publish import Publication, gate_rows, publish
from pipelines.assessment.registration import limits_of, register
from pipelines.assessment.scopes import (
    data_state,
    pairing_books,
    quarantine_books,
    scopes_of,
    study_days,
)
from pipelines.checks.store import bring_checks_up_to_date
from pipelines.reviewing.counts import gather_reviews, load_reviews, review_books
from pipelines.reviewing.draw import draw_due
from pipelines.reviewing.review_queue import review_tables
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.reachable import REBUILT
from pipelines.warehouse.tables import fingerprint, get_meta

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one evaluation found.

    Attributes
    ----------
    assessments
        One per candidate, the headline first.
    days_computed
        Cohort days whose measures were computed; None for all of them.
    evidence_no
        Number of the publication that holds it; 0 while there is no case to publish anything of.
    published
        False when the latest publication says the same already.
    newly_registered
        Whether the policy was registered now, for the first time or after a change.
    """

    assessments: tuple[Assessment, ...]
    days_computed: int | None
    evidence_no: int
    published: bool
    newly_registered: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What is in the warehouse, judged; nothing is published yet.

    Attributes
    ----------
    days
        First and last cohort day, or None.
    baseline
        Hash of the pilot's profile that the data were compared with, or None.
    tables
        Published tables that were worked out on the way, by name.
    """

    assessments: tuple[Assessment, ...]
    gates: tuple[Gate, ...]
    days: tuple[date, date] | None
    days_computed: int | None
    baseline: str | None
    tables: Mapping[str, Sequence[Mapping[str, Any]]]


def judge(
    connection: duckdb.DuckDBPyConnection, study: Study, step: Step = lambda text: None
) -> Judged:
    """Bring measures up to date and judge every candidate; publishes and registers nothing."""
    step("Counting pairs")
    inputs = refresh_features(connection, study)
    days_computed = refresh_measures(connection, study)
    days = study_days(connection, study)
    gather_reviews(connection)
    books = [
        *pairing_books(connection, study),
        *quarantine_books(connection),
        *review_books(connection, study),
    ]
    arrived = arrivals(connection, study)
    data = replace(data_state(connection, study, books), reporting=arrived.reporting, inputs=inputs)
    step("Comparing")
    gates = build_gates(study.policy)
    features = {"feature_counts": load_feature_counts(connection)}
    loaded = [
        (
            candidate,
            scope,
            {
                **load_measures(connection, candidate),
                **load_reviews(connection, candidate),
                **features,
            },
        )
        for candidate, scope in scopes_of(study, days, data, gates)
    ]
    pilot = compared_with_pilot(connection, study, loaded, gates)
    data = replace(data, cliff=pilot.cliff)
    # Evaluators are arithmetic on arrays, which frees the interpreter: candidates side by side.
    with ThreadPoolExecutor(min(len(loaded), os.cpu_count() or 1)) as pool:
        jobs = [
            pool.submit(assess, measures, replace(scope, data=data), gates)
            for _, scope, measures in loaded
        ]
        assessments = tuple(job.result() for job in jobs)
    tables = {**arrived.tables, **pilot.tables}
    return Judged(assessments, tuple(gates), days, days_computed, pilot.hash, tables)


def evaluate(
    connection: duckdb.DuckDBPyConnection,
    folder: StudyFolder,
    study: Study,
    step: Step = lambda text: None,
) -> Evaluation:
    """Bring measures up to date, judge every candidate and publish the evidence.

    The caller holds the writer's lock. Nothing is published when neither the data, the study nor
    the software changed since the last publication, nor before there is a first case, unless the
    data are BLOCKED.
    """
    now = datetime.now(UTC)
    bring_checks_up_to_date(connection, folder, study, step)
    draw_due(connection, study, now, step)
    judged = judge(connection, study, step)
    assessments, days = judged.assessments, judged.days
    if _too_early(connection, assessments):
        return Evaluation(assessments, judged.days_computed, 0, False, False)
    step("Publishing")
    policy_hash, newly_registered = register(connection, study, now)
    basis = fingerprint(
        {
            "policy": policy_hash,
            "document": study.model_dump(mode="json", by_alias=True),
            "gates": [gate_rows(a) for a in assessments],
            "purges": connection.execute("SELECT count(*) FROM purges").fetchall(),
            "baseline": judged.baseline,
            "runs": connection.execute("SELECT count(*) FROM runs").fetchall(),
            "rebuilt": get_meta(connection, REBUILT),
        }
    )
    latest = connection.execute(
        "SELECT evidence_no, basis FROM verdicts ORDER BY evidence_no DESC LIMIT 1"
    ).fetchall()
    same = bool(latest) and latest[0][1] == basis
    number = latest[0][0] if same else 1 + (latest[0][0] if latest else 0)
    if same and stands(folder, number):
        return Evaluation(assessments, judged.days_computed, number, False, newly_registered)
    if not same:
        _enter_verdicts(connection, assessments, number, now, days and days[1], policy_hash, basis)
    publication = Publication(
        evidence_no=number,
        published_at=now,
        policy_hash=policy_hash,
        days=days,
        mature_to=days and days[1] - timedelta(study.outcome.matures_after_days),
        limits=limits_of(judged.gates),
        tables={**judged.tables, **review_tables(connection, study)},
    )
    publish(connection, folder, study, assessments, publication)
    return Evaluation(assessments, judged.days_computed, number, True, newly_registered)


def _too_early(connection: duckdb.DuckDBPyConnection, assessments: tuple[Assessment, ...]) -> bool:
    """Return whether there is no case yet, nothing in the way of one, and nothing published."""
    ((begun,),) = connection.execute(
        "SELECT EXISTS (FROM decisions) OR EXISTS (FROM verdicts)"
    ).fetchall()
    return not begun and all(a.verdict.state is not VerdictState.BLOCKED for a in assessments)


def _enter_verdicts(
    connection: duckdb.DuckDBPyConnection,
    assessments: tuple[Assessment, ...],
    number: int,
    now: datetime,
    data_to: object,
    policy_hash: str,
    basis: str,
) -> None:
    with transaction(connection):
        connection.executemany(
            "INSERT INTO verdicts VALUES"
            " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT max(run) FROM runs), ?)",
            [
                [
                    number,
                    now,
                    data_to,
                    position,
                    a.verdict.candidate,
                    a.verdict.version,
                    a.verdict.state.value,
                    a.verdict.sentence,
                    policy_hash,
                    basis,
                    figures_of(a),
                ]
                for position, a in enumerate(assessments)
            ],
        )


def figures_of(assessment: Assessment) -> str:
    """Return the rows of a candidate's published gates as JSON, digit by digit."""
    return json.dumps(gate_rows(assessment), sort_keys=True, default=str)
