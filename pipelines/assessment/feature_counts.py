"""The measure `feature_counts`: values of each feature by cohort day, on the reference's bins.

It is about the decisions alone, so it is kept once, not for every candidate; and it is counted from
the day on which a feature's reference is complete.
"""

from __future__ import annotations

import json
from datetime import date

import duckdb

from data_contracts.stream_contracts import FEATURE_PREFIX
from data_contracts.study.model import Study
from evaluators.columns import Columns
from evaluators.drifting.input_reference import MISSING, UNSEEN, InputReference
from pipelines.assessment.drift_reference import definitions, freeze, frozen
from pipelines.assessment.load import columns_of
from pipelines.assessment.reference_bins import number_of
from pipelines.warehouse.connection import quoted, transaction
from pipelines.warehouse.purged import purged_before
from pipelines.warehouse.tables import get_meta, put_meta

TABLE = "measures.feature_counts"
_COUNTED = "feature_counts"
"""Name of the stored setting that says by which references the features were counted."""


def refresh_features(
    connection: duckdb.DuckDBPyConnection, study: Study
) -> tuple[InputReference, ...]:
    """Freeze what can be frozen and count the touched cohort days; nothing without features.

    Must run before the touched days are forgotten. Returns the references that there are.
    """
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {TABLE}"
        " (feature VARCHAR, cohort_day DATE, bin INTEGER, n BIGINT)"
    )
    if study.timeless or not study.features:
        return ()
    wanted = definitions(connection, study)
    found = frozen(connection, wanted)
    lacking = {name: text for name, text in wanted.items() if name not in found}
    if lacking:
        freeze(connection, study, lacking)
        found |= frozen(connection, lacking)
    counted = json.loads(get_meta(connection, _COUNTED) or "{}")
    by_now = {name: wanted[name] for name in found}
    ((every_day, touched),) = connection.execute(
        "SELECT coalesce(bool_or(every_day OR cohort_day IS NULL), false), count(*)"
        " FROM touched_days"
    ).fetchall()
    if counted == by_now and not touched:
        return tuple(found.values())
    before = purged_before(connection)
    with transaction(connection):
        for name in {**counted, **by_now}:
            if counted.get(name) != by_now.get(name):
                connection.execute(f"DELETE FROM {TABLE} WHERE feature = ?", [name])
        for name, definition in by_now.items():
            again = every_day or counted.get(name) != definition
            _count(connection, study, name, definition, every_day=again, before=before)
        put_meta(connection, _COUNTED, json.dumps(by_now, sort_keys=True))
    return tuple(found.values())


def load_feature_counts(connection: duckdb.DuckDBPyConnection) -> Columns:
    """Return the measure; it is the same for every candidate."""
    return columns_of(connection.sql(f"FROM {TABLE} ORDER BY ALL").to_arrow_table())


def _count(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    name: str,
    definition: str,
    *,
    every_day: bool,
    before: date | None,
) -> None:
    # The counts of purged days are all there is of them.
    days = ["cohort_day IS NOT NULL"]
    if before is not None:
        days.append(f"cohort_day >= DATE '{before.isoformat()}'")
    if not every_day:
        days.append("cohort_day IN (SELECT cohort_day FROM touched_days)")
    where = " AND ".join(days)
    connection.execute(f"DELETE FROM {TABLE} WHERE feature = ? AND {where}", [name])
    if study.starts_on is not None:
        where += f" AND cohort_day >= DATE '{study.starts_on.isoformat()}'"
    column = quoted(FEATURE_PREFIX + name)
    subject = {"feature": name, "definition": definition}
    mine = "FROM drift_reference WHERE feature = $feature AND definition = $definition"
    edges = connection.execute(
        f"SELECT edge {mine} AND bin > 0 AND edge IS NOT NULL ORDER BY bin", subject
    ).fetchall()
    ((numeric,),) = connection.execute(
        f"SELECT bool_or(spread IS NOT NULL) {mine}", subject
    ).fetchall()
    if numeric:
        connection.execute(
            f"""
            INSERT INTO {TABLE}
            SELECT $feature, cohort_day,
                   CASE WHEN v IS NULL THEN {MISSING} WHEN NOT coalesce(isfinite(x), false)
                        THEN {UNSEEN} ELSE {number_of([edge for (edge,) in edges])} END AS bin,
                   count(*)
            FROM (SELECT cohort_day, {column} AS v, TRY_CAST({column} AS DOUBLE) AS x
                  FROM decisions WHERE {where})
            GROUP BY ALL""",
            {"feature": name},
        )
        return
    connection.execute(
        f"""
        INSERT INTO {TABLE}
        WITH prints AS (SELECT bin, unnest(known) AS known {mine} AND bin >= 0),
        otherwise AS (SELECT coalesce(max(bin) FILTER (known IS NULL), {UNSEEN}) AS bin {mine}),
        held AS (SELECT cohort_day, {column} AS v, count(*) AS n FROM decisions WHERE {where}
                 GROUP BY ALL)
        SELECT $feature, cohort_day,
               CASE WHEN v IS NULL THEN {MISSING} ELSE coalesce(p.bin, o.bin) END AS bin,
               sum(held.n)::BIGINT
        FROM held CROSS JOIN otherwise o LEFT JOIN prints p ON md5_number_lower(v) = p.known
        GROUP BY ALL""",
        subject,
    )
