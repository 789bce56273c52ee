"""Drawing the cases of a round: without replacement, by a keyed hash, once and for all.

Each case gets a number from MD5 of a secret salt, the round and its identifier. Of every stratum
the cases with the smallest numbers are drawn, so that each has the same known chance; the order of
judging and who is judged twice go by further numbers of the same kind. The salt is chosen at random
once and kept in the warehouse: the same data give the same draw again, and nobody who does not know
it can tell which cases will be drawn.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

import duckdb

from data_contracts.errors import UnderstudyError
from data_contracts.study.model import Candidate, Study
from data_contracts.vocabulary import DecisionType
from evaluators.reviewing.drawing import AGREEMENT, Stratum, strata
from pipelines.reviewing.frame import (
    Due,
    count_frame,
    frame_view,
    longer,
    round_due,
    segment_of,
)
from pipelines.reviewing.shown import as_shown
from pipelines.warehouse.connection import literal, transaction
from pipelines.warehouse.tables import get_meta, put_meta

SALT = "review_salt"
"""Name of the stored setting that holds the salt."""
_WIDTH = 2.0**64


class DrawFailed(UnderstudyError):
    """Not as many cases were drawn as were to be drawn."""

    exit_code = 3

    def sentence(self) -> str:
        return (
            f"Of `{self.facts['stratum']}` {self.facts['got']:,} cases were drawn for review,"
            f" expected {self.facts['drawn']:,}; nothing was drawn. Run it again; if it happens"
            " twice, please report it with this message."
        )


def draw_due(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    now: datetime,
    step: Callable[[str], None] = lambda text: None,
) -> int:
    """Draw every round that is due and return how many cases were drawn.

    A round waits until the two differ in some case of its days. An empty one that was stored would
    use its days up: what comes for them later could never be drawn.
    """
    if not study.review.cases:
        return 0
    ((first, last),) = connection.execute(
        "SELECT min(cohort_day), max(cohort_day) FROM decisions"
    ).fetchall()
    days = None if last is None else (first, last)
    drawn = 0
    with transaction(connection):
        _forget_empty(connection)
    for candidate in study.candidates:
        while due := _due(connection, study, candidate, days):
            step("Drawing cases for review")
            with transaction(connection):
                ready = _ready(connection, study, candidate, due, last)
                if ready is not None:
                    drawn += _draw(connection, study, candidate, *ready, now)
                connection.execute("DROP TABLE framed_alike; DROP VIEW framed")
            if ready is None:
                break
    return drawn


def _forget_empty(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove rounds of which nothing was drawn, as earlier versions stored them."""
    empty = "SELECT candidate, model_version, round FROM review_rounds WHERE drawn = 0"
    if connection.execute(empty).fetchall():
        connection.execute(
            f"DELETE FROM review_frame WHERE (candidate, model_version, round) IN ({empty})"
        )
        connection.execute("DELETE FROM review_rounds WHERE drawn = 0")


def _due(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    candidate: Candidate,
    days: tuple[date, date] | None,
) -> Due | None:
    rows = connection.execute(
        "SELECT round, last_day FROM review_rounds WHERE candidate = ? AND model_version = ?"
        " ORDER BY round",
        [candidate.name, candidate.version],
    ).fetchall()
    first, last = days or (None, None)
    return round_due(dict(rows), first, last, study)


def _ready(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    candidate: Candidate,
    due: Due,
    last: date | None,
) -> tuple[Due, Mapping[str, int]] | None:
    """Return the round with the cases of each kind, once the two differ in one of them.

    Makes `framed` and `framed_alike` of its days.
    """
    now: Due | None = due
    while now:
        frame_view(connection, study, candidate, now)
        kinds = count_frame(connection, study)
        if kinds.keys() - {AGREEMENT}:
            return now, kinds
        now = longer(now, last, study)
    return None


def _draw(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    candidate: Candidate,
    due: Due,
    kinds: Mapping[str, int],
    now: datetime,
) -> int:
    plan = study.review
    found = strata(kinds, plan.cases, plan.control_share)
    seed = f"{_salt(connection)}/{candidate.name}/{candidate.version}/{due.round}/"
    connection.execute("CREATE OR REPLACE TEMP TABLE picked AS FROM framed LIMIT 0")
    connection.execute(
        "ALTER TABLE picked ADD COLUMN stratum VARCHAR; ALTER TABLE picked ADD COLUMN chance DOUBLE"
    )
    for stratum in found:
        _pick(connection, stratum, seed)
    head = [now, candidate.name, candidate.version, due.round]
    _store_cases(connection, study, head, seed)
    _store_frame(connection, study, head, found)
    drawn = sum(stratum.drawn for stratum in found)
    population = sum(stratum.population for stratum in found)
    connection.execute(
        "INSERT INTO review_rounds VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [*head, due.first, due.last, population, drawn],
    )
    connection.execute("DROP TABLE picked; DROP TABLE IF EXISTS near")
    return drawn


def _pick(connection: duckdb.DuckDBPyConnection, stratum: Stratum, seed: str) -> None:
    """Add the drawn cases of a stratum to `picked`."""
    if not stratum.drawn:
        return
    kinds = ", ".join(literal(kind) for kind in stratum.kinds)
    number = _number(seed, "draw")
    # Few of millions are put in order: those whose number is small enough, by a wide margin.
    margin = stratum.drawn + 12 * stratum.drawn**0.5 + 40
    for limit in (int(min(1.0, margin / stratum.population) * (_WIDTH - 2048)), None):
        among = "" if limit is None else f"AND {number} <= {limit}::UBIGINT"
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE near AS FROM framed WHERE kind IN ({kinds}) {among}"
        )
        # From a table of its own: DuckDB 2.0 forgets a limit above a join with an empty table.
        connection.execute(
            f"INSERT INTO picked SELECT *, {literal(stratum.name)}, {stratum.chance!r} FROM near"
            f" ORDER BY {number}, decision_id LIMIT {stratum.drawn}"
        )
        ((got,),) = connection.execute(
            "SELECT count(*) FROM picked WHERE stratum = ?", [stratum.name]
        ).fetchall()
        if got == stratum.drawn:
            return
        connection.execute("DELETE FROM picked WHERE stratum = ?", [stratum.name])
    raise DrawFailed(stratum=stratum.name, drawn=stratum.drawn, got=got)


def _store_cases(
    connection: duckdb.DuckDBPyConnection, study: Study, head: Sequence[object], seed: str
) -> None:
    segments = ", ".join(
        f"{literal(cut)}: {segment_of(study, cut)}" for cut in list(study.cuts)[1:]
    )
    found = f"MAP {{{segments}}}" if segments else "MAP([]::VARCHAR[], []::VARCHAR[])"
    rows = connection.execute(f"""
        SELECT row_number() OVER (ORDER BY {_number(seed, "order")}, decision_id) AS position,
               decision_id, cohort_day, stratum, agree, chance,
               row_number() OVER (ORDER BY {_number(seed, "second")}, decision_id)
                   <= ceil({study.review.second_share!r} * count(*) OVER () - 1e-9) AS second,
               decision, recommendation, {found} AS segments
        FROM picked ORDER BY position""").fetchall()
    numeric = study.decision.type is DecisionType.NUMERIC
    shown = as_shown([(row[7], row[8], row[4]) for row in rows], numeric=numeric)
    stored = [[*head, *row[:7], *pair, row[9]] for row, pair in zip(rows, shown, strict=True)]
    if stored:
        connection.executemany(f"INSERT INTO review_cases VALUES ({', '.join('?' * 14)})", stored)


def _store_frame(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    head: Sequence[object],
    found: Sequence[Stratum],
) -> None:
    """Store how many cases each stratum has in each segment, and how many of them were drawn."""
    connection.execute("CREATE OR REPLACE TEMP TABLE strata (kind VARCHAR, stratum VARCHAR)")
    pairs = [[kind, stratum.name] for stratum in found for kind in stratum.kinds]
    if not pairs:
        return
    connection.executemany("INSERT INTO strata VALUES (?, ?)", pairs)
    for cut in study.cuts:
        segment = segment_of(study, cut)
        connection.execute(
            f"""
            INSERT INTO review_frame
            SELECT ?, ?, ?, ?, stratum, agree, {literal(cut)}, segment, sum(n)::BIGINT,
                   coalesce(sum(drawn), 0)::BIGINT
            FROM (
                SELECT stratum, agree, {segment} AS segment, n, 0 AS drawn
                FROM framed_alike JOIN strata USING (kind)
                UNION ALL
                SELECT stratum, agree, {segment}, 0, 1 FROM picked)
            GROUP BY stratum, agree, segment""",
            head,
        )
    connection.execute("DROP TABLE strata")


def _number(seed: str, purpose: str) -> str:
    """Return the SQL of a case's number for one purpose."""
    return f"md5_number_lower({literal(f'{seed}{purpose}/')} || decision_id)"


def _salt(connection: duckdb.DuckDBPyConnection) -> str:
    salt = get_meta(connection, SALT)
    if salt is None:
        salt = secrets.token_hex(16)
        put_meta(connection, SALT, salt)
    return salt
