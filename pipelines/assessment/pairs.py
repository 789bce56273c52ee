"""Pairs: each case with production's decision, a candidate's recommendation and the outcome.

Temporary relations carry the cases of the cohort days to be computed, and every measure's SQL
reads from one of them:

cases
    One row a case and candidate: ``candidate, model_version, cohort_day, answer, decision,
    recommendation, outcome, score, latency_ms, cost, input_tokens, output_tokens, lag_days`` (whole
    days from decision to outcome), ``initial_decision, exploration, decided_by`` (only where
    outcomes are selective), ``half`` (0 or 1, by the identifier: one half to search in, one to
    confirm), ``probability, event`` (the score where it is one, and whether that came true),
    ``priority, positive`` (the score where cases are served by it, and whether the outcome is
    positive), the declared segments and clusters.
cells
    Cases that are alike, counted: ``candidate, model_version, cohort_day, cut, segment, answer,
    decision, recommendation, outcome, agree, production_right, candidate_right, n``, pointed at
    one cut after the other. Grouping once and cutting the groups costs far less than grouping all
    cases once for each cut. Decisions, recommendations and outcomes are null where they are
    numbers, which are no classes to count by; there the sums of `losses.SUMS` stand beside ``n``,
    with the ``unit`` they are counted in, ``difference_bin`` and ``outcome_known``.
entities
    One row a case, candidate and declared cluster: ``candidate, model_version, cohort_day, cut,
    segment, cluster, entity, answer, agree, production_right, candidate_right``, of all days;
    empty where no cluster is declared.
slices
    The same for all declared segments at once, by half: ``candidate, model_version, cohort_day,
    half``, the segments, ``answer, agree, production_right, candidate_right, n``. Empty where fewer
    than two segments are declared: there is nothing to cross.
repeated
    Cases of questions that are decided several times: ``candidate, model_version, cohort_day,
    item, decision, recommendation, answer``. Empty where the study declares no `repeats`.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from data_contracts.findings import ALL_CASES
from data_contracts.stream_contracts import CLUSTER_PREFIX, SEGMENT_PREFIX
from data_contracts.study.model import Candidate, Study
from data_contracts.vocabulary import Answer, DecisionType
from pipelines.assessment.losses import SUMS, loss_columns, unit_of
from pipelines.assessment.seldom import MAY_BE_EMPTY, Seldom, held_columns, seldom_columns
from pipelines.warehouse.connection import literal, quoted

CROSSING = " · "
"""Between the values of a combined segment, e.g. `LGA · MQ`."""

_COUNTED = ("candidate", "model_version", "cohort_day", "half", "answer")
_LABELS = ("decision", "recommendation", "outcome")
_RIGHT = ("agree", "production_right", "candidate_right")


def build_cases(connection: duckdb.DuckDBPyConnection, study: Study, *, every_day: bool) -> None:
    """Fill `cases` and the table behind `cells` for the touched cohort days, or for all."""
    held = held_columns(connection)
    _name_values(connection, study, held)
    among = "" if every_day else _touched_cases(connection)
    columns = seldom_columns(study, held)
    for number, candidate in enumerate(study.candidates):
        head = "CREATE TEMP TABLE joined AS" if number == 0 else "INSERT INTO joined"
        connection.execute(f"{head} {_pair(study, candidate, among, columns)}")
    empty = "".join(
        f", CAST(NULL AS {c.type}) AS {name}" for name, c in columns.items() if not c.sql
    )
    connection.execute(f"CREATE TEMP VIEW cases AS SELECT *{empty} FROM joined")
    segments = tuple(quoted(SEGMENT_PREFIX + name) for name in study.segments)
    texts = [*_COUNTED[:2], "answer", *segments]
    source, sums = "cases", ""
    if _is_numeric(study):
        losses = loss_columns(study.decision)
        counted = ", ".join((*_COUNTED, *segments, *_equalities(study), *losses.keys))
        added = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in _LABELS)
        source = f"(SELECT {losses.losses} FROM (SELECT *, {losses.values} FROM cases))"
        sums = "".join(f", {total}" for total in losses.sums)
    else:
        counted = ", ".join((*_COUNTED, *segments, *_LABELS))
        added = ", ".join(_equalities(study))
        texts += _LABELS
    replaced = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in texts)
    connection.execute(
        f"CREATE TEMP TABLE alike AS SELECT * REPLACE ({replaced}), {added}"
        f" FROM (SELECT {counted}, count(*) AS n{sums} FROM {source} GROUP BY ALL)"
    )
    crossed = ", ".join((*_COUNTED, *segments, *_RIGHT, "n"))
    connection.execute(
        f"CREATE TEMP VIEW slices AS SELECT {crossed} FROM alike WHERE {len(segments) > 1}"
    )
    item = "NULL" if study.repeats is None else quoted(CLUSTER_PREFIX + study.repeats)
    connection.execute(
        "CREATE TEMP VIEW repeated AS SELECT candidate, model_version, cohort_day,"
        f" CAST({item} AS VARCHAR) AS item, decision, recommendation, answer"
        f" FROM cases WHERE {study.repeats is not None}"
    )


def cut_cells(connection: duckdb.DuckDBPyConnection, study: Study, cut: str) -> None:
    """Point the view `cells` at one cut."""
    columns = [quoted(SEGMENT_PREFIX + name) for name in study.cuts[cut]]
    value = f" || {literal(CROSSING)} || ".join(columns) if columns else literal(ALL_CASES)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW cells AS"
        f" SELECT *, {literal(cut)} AS cut, {value} AS segment{_added(study)} FROM alike"
    )


def cut_entities(connection: duckdb.DuckDBPyConnection, study: Study, cut: str) -> None:
    """Point the view `entities` at one cut."""
    columns = [f"CAST({quoted(SEGMENT_PREFIX + name)} AS VARCHAR)" for name in study.cuts[cut]]
    value = f" || {literal(CROSSING)} || ".join(columns) if columns else literal(ALL_CASES)
    said = (
        f"SELECT {', '.join(_COUNTED)}, {', '.join(_equalities(study))}, {literal(cut)} AS cut,"
        f" {value} AS segment"
    )
    linked = [
        f"{said}, {literal(name)} AS cluster, {quoted(CLUSTER_PREFIX + name)} AS entity FROM cases"
        for name in study.clusters
    ]
    nobody = f"{said}, CAST(NULL AS VARCHAR) AS cluster, CAST(NULL AS VARCHAR) AS entity FROM cases"
    query = " UNION ALL ".join(linked) or f"{nobody} WHERE false"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW entities AS {query}")


def _added(study: Study) -> str:
    """Return the columns about numbers that the table behind `cells` lacks."""
    bins = ", NULL::INTEGER AS difference_bin, NULL::BOOLEAN AS outcome_known"
    if _is_numeric(study):
        bounded = study.decision.largest_loss is not None
        return f", {unit_of(study.decision)!r}::DOUBLE AS unit{'' if bounded else bins}"
    none = "".join(f", NULL::HUGEINT AS {name}" for name in SUMS)
    return f", NULL::DOUBLE AS unit{bins}{none}"


def drop_cases(connection: duckdb.DuckDBPyConnection) -> None:
    """Free what `build_cases` filled."""
    for view in ("cells", "entities", "slices", "repeated", "cases"):
        connection.execute(f"DROP VIEW IF EXISTS {view}")
    connection.execute("DROP TABLE IF EXISTS alike")
    connection.execute("DROP TABLE IF EXISTS joined; DROP TABLE IF EXISTS touched_cases")


def _name_values(connection: duckdb.DuckDBPyConnection, study: Study, held: frozenset[str]) -> None:
    """Make an ENUM of the values of each repeating text: a byte or two a case, not sixteen."""
    drop_cases(connection)
    columns = [SEGMENT_PREFIX + name for name in study.segments]
    values = {name: f"SELECT {quoted(name)} FROM decisions" for name in columns}
    values["answer_value"] = f"SELECT unnest({[a.value for a in Answer]})"
    for name in ("name", "version"):
        texts = ", ".join(literal(getattr(c, name)) for c in study.candidates)
        values[f"candidate_{name}"] = f"SELECT unnest([{texts}])"
    if not _is_numeric(study):
        values["label"] = (
            "SELECT decision FROM decisions UNION SELECT recommendation FROM recommendations"
            " UNION SELECT outcome FROM outcomes"
        )
        if "initial_decision" in held:
            values["label"] += " UNION SELECT initial_decision FROM decisions"
    for name, query in values.items():
        # The empty text stands for nothing: an ENUM must have a value.
        connection.execute(
            f"DROP TYPE IF EXISTS {quoted(name)}; CREATE TEMP TYPE {quoted(name)} AS ENUM"
            f" (SELECT DISTINCT v FROM ({query} UNION ALL SELECT '') t(v) WHERE v IS NOT NULL)"
        )


def _touched_cases(connection: duckdb.DuckDBPyConnection) -> str:
    """Return what finds the records of the touched cases without putting all in order.

    The few cases look for their records; records outside the range of their identifiers are not
    even looked at, where identifiers ascend.
    """
    connection.execute(
        "CREATE TEMP TABLE touched_cases AS SELECT decision_id FROM decisions"
        " WHERE cohort_day IN (SELECT cohort_day FROM touched_days)"
    )
    ((least, most),) = connection.execute(
        "SELECT coalesce(min(decision_id), ''), coalesce(max(decision_id), '') FROM touched_cases"
    ).fetchall()
    return (
        "SEMI JOIN touched_cases USING (decision_id)"
        f" WHERE decision_id BETWEEN {literal(least)} AND {literal(most)} AND"
    )


def _pair(study: Study, candidate: Candidate, among: str, columns: Mapping[str, Seldom]) -> str:
    names = (quoted(SEGMENT_PREFIX + name) for name in study.segments)
    segments = "".join(f"CAST(d.{column} AS {column}) AS {column}, " for column in names)
    segments += "".join(f"d.{quoted(CLUSTER_PREFIX + name)}, " for name in study.clusters)
    conditions = []
    if study.starts_on is not None:
        conditions.append(f"d.cohort_day >= DATE '{study.starts_on.isoformat()}'")
    if among:
        conditions.append("d.cohort_day IN (SELECT cohort_day FROM touched_days)")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    only = among or "WHERE"

    def label(column: str) -> str:
        return column if _is_numeric(study) else f"CAST({column} AS label)"

    filled = {name: column.sql for name, column in columns.items() if column.sql}
    seldom = "".join(f"{sql} AS {name}, " for name, sql in filled.items())
    asked = [name for name in MAY_BE_EMPTY["recommendations"] if name in filled]
    given = ", ".join(("score", "latency_ms", *asked))
    return f"""
        SELECT CAST({literal(candidate.name)} AS candidate_name) AS candidate,
               CAST({literal(candidate.version)} AS candidate_version) AS model_version,
               d.cohort_day, {segments}
               CASE WHEN d.exposed_at IS NOT NULL THEN CAST('exposed' AS answer_value)
                    WHEN r.decision_id IS NULL THEN CAST('missing' AS answer_value)
                    WHEN r.recommended_at > o.observed_at THEN CAST('hindsight' AS answer_value)
                    ELSE r.answer END AS answer,
               {label("d.decision")} AS decision, r.recommendation, o.outcome,
               CAST(hash(d.decision_id) & 1 AS UTINYINT) AS half,
               {seldom}r.score, r.latency_ms,
               CAST(floor((epoch_us(o.observed_at) - epoch_us(d.decided_at)) / 86400e6) AS INTEGER)
                   AS lag_days
        FROM decisions d
        LEFT JOIN (
            SELECT decision_id, recommended_at, {label("recommendation")} AS recommendation,
                   CAST(answer AS answer_value) AS answer, {given}
            FROM recommendations {only} candidate = {literal(candidate.name)}
                AND model_version = {literal(candidate.version)}) r USING (decision_id)
        LEFT JOIN (
            SELECT decision_id, observed_at, {label("outcome")} AS outcome
            FROM outcomes {only} name = {literal(study.outcome.name)}) o USING (decision_id)
        {where}"""


def same_answer(study: Study, left: str, right: str) -> str:
    """Return the SQL of whether two answers are the same; of numbers, within the tolerance."""
    if _is_numeric(study):
        return f"abs({left} - {right}) <= {study.decision.tolerance!r}"
    return f"{left} = {right}"


def _equalities(study: Study) -> tuple[str, ...]:
    return (
        f"{same_answer(study, 'decision', 'recommendation')} AS agree",
        f"{same_answer(study, 'decision', 'outcome')} AS production_right",
        f"{same_answer(study, 'recommendation', 'outcome')} AS candidate_right",
    )


def _is_numeric(study: Study) -> bool:
    return study.decision.type is DecisionType.NUMERIC
