"""Measures: SQL files that turn cases into additive counts, kept per cohort day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb

from data_contracts.findings import ALL_CASES
from data_contracts.study.model import Study
from pipelines.assessment.pairs import build_cases, cut_cells, drop_cases
from pipelines.warehouse.connection import quoted, transaction
from pipelines.warehouse.tables import fingerprint, get_meta, put_meta


@dataclass(frozen=True, slots=True)
class Measure:
    """One SQL file of `evaluators/measures`.

    Attributes
    ----------
    cut
        Whether it counts `cells`, and so is made for every cut; else it counts whole `cases`.
    """

    name: str
    sql: str
    cut: bool

    @property
    def query(self) -> str:
        """Its SQL with the candidate as text; in `cases` it is an ENUM."""
        names = ", ".join(f"CAST({n} AS VARCHAR) AS {n}" for n in ("candidate", "model_version"))
        return f"SELECT * REPLACE ({names}) FROM ({self.sql})"

    @property
    def table(self) -> str:
        """Name of its table in the warehouse."""
        return f"measures.{quoted(self.name)}"


@cache
def all_measures() -> tuple[Measure, ...]:
    """Return every measure, in alphabetical order.

    Examples
    --------
    >>> [m.name for m in all_measures() if m.cut]
    ['outcome_counts']
    """
    found = sorted((files("evaluators") / "measures").iterdir(), key=lambda f: f.name)
    texts = {f.name[:-4]: f.read_text("utf-8") for f in found if f.name.endswith(".sql")}
    return tuple(Measure(name, sql, "FROM cells" in sql) for name, sql in texts.items())


def definition(study: Study) -> str:
    """Return a fingerprint of everything that decides what the measures count."""
    return fingerprint(
        {
            "sql": {m.name: m.sql for m in all_measures()},
            "cuts": study.cuts,
            "candidates": [c.model_dump() for c in study.candidates],
            "decision": study.decision.model_dump(mode="json"),
            "outcome": study.outcome.name,
            "starts_on": str(study.starts_on),
        }
    )


def refresh_measures(connection: duckdb.DuckDBPyConnection, study: Study) -> int | None:
    """Recompute the measures of the touched cohort days, in one transaction.

    Returns
    -------
    int or None
        Number of cohort days computed; None when all of them were, because the data are new or
        what is counted has changed.
    """
    wanted = definition(study)
    days, every_day = connection.execute(
        "SELECT count(DISTINCT cohort_day),"
        " coalesce(bool_or(every_day OR cohort_day IS NULL), false) FROM touched_days"
    ).fetchall()[0]
    every_day = every_day or get_meta(connection, "measures") != wanted
    if not every_day and not days:
        return 0
    with transaction(connection):
        build_cases(connection, study, every_day=every_day)
        for cut in study.cuts:
            cut_cells(connection, study, cut)
            for measure in all_measures():
                if cut == ALL_CASES:
                    _clear(connection, measure, every_day=every_day)
                if cut == ALL_CASES or measure.cut:
                    connection.execute(f"INSERT INTO {measure.table} BY NAME {measure.query}")
        drop_cases(connection)
        connection.execute("DELETE FROM touched_days")
        put_meta(connection, "measures", wanted)
    return None if every_day else int(days)


def _clear(connection: duckdb.DuckDBPyConnection, measure: Measure, *, every_day: bool) -> None:
    if every_day:
        connection.execute(
            f"CREATE OR REPLACE TABLE {measure.table} AS FROM ({measure.query}) LIMIT 0"
        )
    else:
        connection.execute(
            f"DELETE FROM {measure.table} WHERE cohort_day IN (SELECT cohort_day FROM touched_days)"
        )
