"""The scope of each candidate's assessment: days from the data, settings from the study."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from data_contracts.data_words import ConflictRule
from data_contracts.evidence import RESUBMITTED_FOLDER
from data_contracts.findings import ALL_CASES
from data_contracts.study.model import Candidate, Study
from data_contracts.study.policy import SHADOW_WEEKS
from evaluators.policy import Gate
from evaluators.registered import error_of_one, registered_grid
from evaluators.scope import DataState, Scope
from evaluators.terms import Asked, Terms
from pipelines.assessment.registration import accuracy_limits, watched_floors
from pipelines.checks.store import latest_results
from pipelines.warehouse.books import Entry
from pipelines.warehouse.disagreements import count_disputed
from pipelines.warehouse.entries import waiting_rows
from pipelines.warehouse.ledger import waiting_refusals
from pipelines.warehouse.merge import count_rows
from pipelines.warehouse.tables import StreamTable

EPOCH = date(1970, 1, 1)
ABOUT_DIFFERENCE = ("noninferiority", "segments", "superiority")
"""Gate kinds about the difference in accuracy, by the one margin or none."""


def scopes_of(
    study: Study,
    days: tuple[date, date] | None,
    data: DataState,
    gates: Sequence[Gate] = (),
) -> tuple[tuple[Candidate, Scope], ...]:
    """Return the scope of every candidate on trial.

    The error of the study is shared out among the candidates, so that trying several does not
    make a false GO more likely. "Now" is the last cohort day in the data, never the clock.
    """
    first, last = (None, None) if days is None else ((days[0] - EPOCH).days, (days[1] - EPOCH).days)
    wait = study.outcome.matures_after_days
    plan = study.policy.plan
    limits, floors = accuracy_limits(study, gates), watched_floors(study, gates)
    grid = registered_grid(**(plan.model_dump() if plan else {}))
    return tuple(
        (
            candidate,
            Scope(
                candidate=candidate.name,
                version=candidate.version,
                decision_type=study.decision.type,
                classes=study.decision.classes,
                positive=study.decision.positive,
                risk_tier=study.risk_tier,
                alpha=error_of_one(study.policy.alpha, len(study.candidates)),
                first_day=first,
                last_day=last,
                mature_day=None if last is None else last - wait,
                matures_after_days=wait,
                minimum_weeks=SHADOW_WEEKS[study.risk_tier],
                grid=grid,
                cuts=tuple(study.cuts),
                data=data,
                terms=terms_of(study, gates),
                limits=limits,
                floors=floors,
            ),
        )
        for candidate in study.candidates
    )


def terms_of(study: Study, gates: Sequence[Gate] = ()) -> Terms:
    """Return what else the study says that a judgement may rest on."""
    decision, selective = study.decision, study.outcome.selective
    return Terms(
        mode=study.mode,
        score=decision.score,
        served_in_order=decision.served_in_order,
        loss=decision.loss,
        quantile=decision.quantile,
        largest_loss=decision.largest_loss,
        horizon_days=decision.horizon_days,
        tolerance=decision.tolerance,
        observed_when=() if selective is None else selective.observed_when,
        clusters=tuple(study.clusters),
        repeats=study.repeats,
        protected=study.protected,
        margin=_margin(study),
        smallest_segment=study.smallest_segment,
        cases_per_year=study.production.cases_per_year,
        features=tuple(study.features),
        drift=study.drift,
        value=study.value,
        budget=study.budget,
        service_levels=study.service_levels,
        review=study.review,
        asked=asked_of(gates),
    )


def asked_of(gates: Sequence[Gate]) -> tuple[Asked, ...]:
    """Return those gates that hold a difference in accuracy against a limit."""
    return tuple(
        Asked(
            gate.name,
            gate.kind.name,
            settings.get("cut") or ALL_CASES,
            settings["margin"] if "margin" in settings else -settings.get("by", 0.0),
            settings.get("segment"),
        )
        for gate in gates
        for settings in [gate.as_dict]
        if gate.kind.name in ABOUT_DIFFERENCE
    )


def _margin(study: Study) -> float:
    """Return the narrowest overall margin that a gate names, or the plan's, or the default."""
    named = [spec.settings for spec in study.policy.gates if "cut" not in spec.settings]
    margins = [float(settings["margin"]) for settings in named if "margin" in settings]
    plan = [study.policy.plan.margin] if study.policy.plan else []
    return min(margins or plan or [Terms().margin])


def study_days(connection: duckdb.DuckDBPyConnection, study: Study) -> tuple[date, date] | None:
    """Return the first and last cohort day of the study's cases, or None where there is none.

    The first is the declared start, where the study declares one, so that weeks do not move.
    """
    first, last = connection.execute(
        "SELECT min(cohort_day), max(cohort_day) FROM measures.stream_counts"
    ).fetchall()[0]
    if last is None:
        return None
    return (study.starts_on or first, last)


def data_state(
    connection: duckdb.DuckDBPyConnection, study: Study, entries: list[Entry]
) -> DataState:
    """Return whether the data can be trusted: the books, files refused, sources that disagree.

    Rows that were submitted again are counted once, where they first came in; those whose last
    attempt was accepted are no longer set aside.
    """
    waiting = waiting_rows(connection)
    ingest = connection.execute("SELECT count(*) FROM books").fetchall()[0][0]
    rows = connection.execute(
        "SELECT stream, sum(read)::BIGINT FROM sources WHERE state = 'ingested'"
        " AND NOT starts_with(path, ?) GROUP BY stream ORDER BY stream",
        [f"{RESUBMITTED_FOLDER}/"],
    ).fetchall()
    tables = [StreamTable.of(study, stream) for stream in study.streams_read]
    disputed = {table.name: count_disputed(connection, table.name) for table in tables}
    contested = {t.name: disputed[t.name] * (t.rule is ConflictRule.QUARANTINE) for t in tables}
    return DataState(
        unbalanced=tuple(
            f"{e.subject}: {e.rule}, but {e.figures}" for e in entries if not e.balanced
        ),
        refused=tuple(path for path, _ in waiting_refusals(connection)),
        rules=int(ingest) + len(entries),
        read=dict(rows),
        rejected={stream: waiting.get(stream, (0, 0))[0] for stream, _ in rows},
        records={t.name: count_rows(connection, t.name) + contested[t.name] for t in tables},
        disputed=disputed,
        checks=latest_results(connection),
    )


def quarantine_books(connection: duckdb.DuckDBPyConnection) -> list[Entry]:
    """Return the books of the quarantine: every rejected row waits or was submitted again."""
    waiting = waiting_rows(connection)
    rows = connection.execute(
        "SELECT stream, sum(rejected)::BIGINT FROM sources WHERE state = 'ingested'"
        " GROUP BY stream ORDER BY stream"
    ).fetchall()
    return [
        Entry(stream, "rejected", rejected, {"waiting": still, "resubmitted": again})
        for stream, rejected in rows
        for still, again in [waiting.get(stream, (0, 0))]
    ]


def pairing_books(connection: duckdb.DuckDBPyConnection, study: Study) -> list[Entry]:
    """Return the books of pairing: every decision is accounted for, once, in every cut."""
    start = study.starts_on
    total, inside = connection.execute(
        "SELECT count(*), count(*) FILTER ($start IS NULL OR cohort_day >= $start) FROM decisions",
        {"start": start},
    ).fetchall()[0]
    # Of purged days only the counts are left; they must add up with the rest.
    gone, gone_inside = connection.execute(
        "SELECT coalesce(sum(decisions), 0)::BIGINT, coalesce(sum(decisions) FILTER"
        " ($start IS NULL OR cohort_day >= $start), 0)::BIGINT FROM purged_days",
        {"start": start},
    ).fetchall()[0]
    counted, inside = total + gone, inside + gone_inside
    entries = []
    if start is not None:
        entries.append(
            Entry("decisions", "stored", counted, {"in study": inside, "before": counted - inside})
        )
    if study.streams.decisions.conflicts is ConflictRule.QUARANTINE:
        ((known,),) = connection.execute(
            "SELECT count(DISTINCT decision_id) FROM (SELECT decision_id FROM decisions"
            " UNION ALL SELECT decision_id FROM decisions_history)"
        ).fetchall()
        contested = count_disputed(connection, "decisions")
        entries.append(
            Entry("decisions", "known", known, {"stored": total, "contested": contested})
        )
    rows = connection.execute(
        "SELECT candidate || ' ' || model_version, cut, answer, sum(n)::BIGINT"
        " FROM measures.outcome_counts GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for candidate in study.candidates:
        subject = f"{candidate.name} {candidate.version}"
        mine = [(cut, answer, n) for name, cut, answer, n in rows if name == subject]
        whole = {answer: n for cut, answer, n in mine if cut == ALL_CASES}
        entries.append(Entry(subject, "decisions", inside, whole or {"none": 0}))
        for cut in list(study.cuts)[1:]:
            parts = sum(n for name, _, n in mine if name == cut)
            entries.append(Entry(subject, f"decisions by {cut}", inside, {"in segments": parts}))
    return entries
