"""The reference of every feature: bins and how much each held, made once and never moved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta

import duckdb

from data_contracts.stream_contracts import FEATURE_PREFIX, contract_for
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from evaluators.drifting.input_reference import InputReference
from pipelines.assessment.reference_bins import MOST, Bins, number_of, numbers, of_profile, texts
from pipelines.profiling.baseline import latest_baseline
from pipelines.profiling.counting import FEW_NUMBERS
from pipelines.warehouse.connection import quoted, transaction
from pipelines.warehouse.purged import purged_before
from pipelines.warehouse.tables import fingerprint


def definitions(connection: duckdb.DuckDBPyConnection, study: Study) -> dict[str, str]:
    """Return for each feature the hash of what its reference follows from."""
    contract = contract_for(study, Stream.DECISIONS)
    drift = study.drift.model_dump()
    if study.drift.reference == "pilot":
        baseline = latest_baseline(connection)
        drift |= {"baseline": baseline and baseline.hash}
    return {
        name: fingerprint(
            {
                "drift": drift,
                "column": column.model_dump(mode="json"),
                "treatment": contract.field(FEATURE_PREFIX + name).treatment,
                "starts_on": study.starts_on,
            }
        )
        for name, column in study.features.items()
    }


def frozen(
    connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, str]
) -> dict[str, InputReference]:
    """Return the references that there are, by feature."""
    found: dict[str, InputReference] = {}
    for name, definition in wanted.items():
        rows = connection.execute(
            "SELECT bin, label, n, centre, spread, pilot FROM drift_reference"
            " WHERE feature = ? AND definition = ? ORDER BY bin < 0, abs(bin)",
            [name, definition],
        ).fetchall()
        if rows:
            bins, labels, n, centres, spreads, pilot = zip(*rows, strict=True)
            numeric = spreads[0] is not None
            found[name] = InputReference(
                name,
                bins,
                labels,
                n,
                tuple(c for c, b in zip(centres, bins, strict=True) if b >= 0) if numeric else (),
                spreads[0] if numeric else math.nan,
                pilot[0],
            )
    return found


def freeze(connection: duckdb.DuckDBPyConnection, study: Study, wanted: Mapping[str, str]) -> None:
    """Make the references that are wanted, once there is enough to make them from.

    The first weeks are taken when a whole week has passed after them, so that late records are in;
    not when days of theirs were purged, for then it would be another reference.
    """
    pilot = study.drift.reference == "pilot"
    made: dict[str, Bins] = {}
    if pilot:
        baseline = latest_baseline(connection)
        profiles = baseline.profile.fields if baseline else ()
        made = {
            f.name.removeprefix(FEATURE_PREFIX): of_profile(connection, f, study.drift.bins)
            for f in profiles
            if f.stream == Stream.DECISIONS and f.name.startswith(FEATURE_PREFIX)
        }
    else:
        days = _reference_days(connection, study)
        if days is None:
            return
        contract = contract_for(study, Stream.DECISIONS)
        for name in wanted:
            field = contract.field(FEATURE_PREFIX + name)
            made[name] = _of_days(
                connection, field.name, days, study.drift.bins, hidden=field.sensitive
            )
    with transaction(connection):
        for name, definition in wanted.items():
            if any(b.n for b in made.get(name, ())):
                _keep(connection, study, name, definition, made[name], pilot)


def _keep(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    name: str,
    definition: str,
    bins: Bins,
    pilot: bool,
) -> None:
    if contract_for(study, Stream.DECISIONS).field(FEATURE_PREFIX + name).sensitive:
        # An earlier reference may name values that are to be hidden now.
        connection.execute("DELETE FROM drift_reference WHERE feature = ?", [name])
    ((run,),) = connection.execute("SELECT coalesce(max(run), 0) FROM runs").fetchall()
    connection.executemany(
        "INSERT INTO drift_reference VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                run,
                definition,
                name,
                pilot,
                b.bin,
                b.label,
                b.edge,
                b.centre,
                b.spread,
                None if b.known is None else list(b.known),
                b.n,
            ]
            for b in bins
        ],
    )


def _reference_days(
    connection: duckdb.DuckDBPyConnection, study: Study
) -> tuple[date, date] | None:
    """Return the first day of the reference and the day after its last; None: not yet, or gone."""
    first, last = connection.execute(
        "SELECT least(min(cohort_day), (SELECT min(cohort_day) FROM purged_days)), max(cohort_day)"
        " FROM decisions"
    ).fetchall()[0]
    first = study.starts_on or first
    before = purged_before(connection)
    if last is None or (before is not None and before > first):
        return None
    end = first + timedelta(weeks=study.drift.weeks)
    return (first, end) if last >= end + timedelta(days=6) else None


def _of_days(
    connection: duckdb.DuckDBPyConnection,
    column: str,
    days: tuple[date, date],
    bins: int,
    *,
    hidden: bool,
) -> Bins:
    """Return the bins of a column of the decisions of some days."""
    value = quoted(column)
    rows = (
        f"(SELECT {value} AS v, TRY_CAST({value} AS DOUBLE) AS x FROM decisions"
        f" WHERE cohort_day >= DATE '{days[0]}' AND cohort_day < DATE '{days[1]}')"
    )
    parts = [f"{i}/{bins}" for i in range(1, bins)]
    ((total, given, distinct, valid, edges, spread),) = connection.execute(
        "SELECT count(*), count(v), count(DISTINCT v), count(*) FILTER (isfinite(x)),"
        f" quantile_disc(x, [{', '.join(parts)}]) FILTER (isfinite(x)),"
        f" stddev_pop(x) FILTER (isfinite(x)) FROM {rows}"
    ).fetchall()[0:1]
    if not hidden and distinct > FEW_NUMBERS and valid >= 0.95 * given > 0:
        edges = sorted(set(edges))
        found = dict(
            (number, (n, centre))
            for number, n, centre in connection.execute(
                f"SELECT {number_of(edges)} AS bin, count(*), avg(x) FROM {rows}"
                " WHERE isfinite(x) GROUP BY ALL"
            ).fetchall()
        )
        counts = [found.get(i, (0, None)) for i in range(len(edges) + 1)]
        return numbers(edges, counts, spread, total - given, given - valid)
    values = connection.execute(
        f"SELECT v, count(*) AS n, md5_number_lower(v)::UBIGINT FROM {rows} WHERE v IS NOT NULL"
        f" GROUP BY v ORDER BY n DESC, v LIMIT {MOST}"
    ).fetchall()
    return texts(values, given, total - given, complete=distinct <= MOST, hidden=hidden)
