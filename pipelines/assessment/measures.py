"""Measures: SQL files that turn cases into additive counts, kept per cohort day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import duckdb

from data_contracts.errors import UnderstudyError
from data_contracts.findings import ALL_CASES
from data_contracts.study.model import Study
from pipelines.assessment.pairs import build_cases, cut_cells, cut_entities, drop_cases
from pipelines.privacy.key import pseudonymised
from pipelines.warehouse.connection import quoted, transaction
from pipelines.warehouse.purged import purged_before
from pipelines.warehouse.tables import fingerprint, get_meta, put_meta


class CountsFixed(UnderstudyError):
    """All days would have to be counted again, but some are purged."""

    def sentence(self) -> str:
        before = self.facts["before"]
        return (
            "What is counted has changed: cuts, candidates, the decision, the outcome, `starts_on`"
            " or Understudy's own counting. All days would have to be counted again, but the raw"
            f" records before {before} were purged; nothing was changed and the last verdict"
            " stands. Undo the change (`git diff` of the study file shows it; or go back to the"
            " former version of Understudy), or begin a new study in a folder of its own with"
            f" `starts_on: {before}`."
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """One SQL file of `evaluators/measures`.

    Attributes
    ----------
    cut
        Whether it counts `cells`, and so is made for every cut; else it counts whole `cases`.
    entities
        Whether it counts `entities`, over all days and for every cut, where clusters are declared.
    """

    name: str
    sql: str
    cut: bool
    entities: bool

    @property
    def query(self) -> str:
        """Its SQL with the candidate as text; in `cases` it is an ENUM."""
        names = ", ".join(f"CAST({n} AS VARCHAR) AS {n}" for n in ("candidate", "model_version"))
        return f"SELECT * REPLACE ({names}) FROM ({self.sql})"

    @property
    def published(self) -> bool:
        """Whether it stands in the evidence; all segments at once may single out a person."""
        return "FROM slices" not in self.sql

    @property
    def table(self) -> str:
        """Name of its table in the warehouse."""
        return f"measures.{quoted(self.name)}"


@cache
def all_measures() -> tuple[Measure, ...]:
    """Return every measure, in alphabetical order.

    Examples
    --------
    >>> "outcome_counts" in [m.name for m in all_measures() if m.cut]
    True
    """
    found = sorted((files("evaluators") / "measures").iterdir(), key=lambda f: f.name)
    texts = {f.name[:-4]: f.read_text("utf-8") for f in found if f.name.endswith(".sql")}
    return tuple(
        Measure(name, sql, "FROM cells" in sql, "FROM entities" in sql)
        for name, sql in texts.items()
    )


def definition(study: Study) -> str:
    """Return a fingerprint of everything that decides what the measures count."""
    segments = {f"segment_{name}" for name in study.segments}
    hidden = [name for name in pseudonymised(study) if name in segments]
    return fingerprint(
        {
            **({"pseudonymised": hidden} if hidden else {}),
            **({"clusters": list(study.clusters)} if study.clusters else {}),
            "sql": {m.name: m.sql for m in all_measures()},
            "cuts": study.cuts,
            **({"repeats": study.repeats} if study.repeats else {}),
            "candidates": [c.model_dump() for c in study.candidates],
            "decision": study.decision.model_dump(mode="json"),
            "outcome": study.outcome.name,
            **({"deciders": True} if study.outcome.selective else {}),
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
    before = purged_before(connection)
    changed = get_meta(connection, "measures") != wanted
    if before is not None and changed:
        raise CountsFixed(before=before)
    if before is not None:
        connection.execute("DELETE FROM touched_days WHERE cohort_day < ?", [before])
    days, every_day = connection.execute(
        "SELECT count(DISTINCT cohort_day),"
        " coalesce(bool_or(every_day OR cohort_day IS NULL), false) FROM touched_days"
    ).fetchall()[0]
    every_day = every_day or changed
    if not every_day and not days:
        return 0
    # A question may be decided again on another day, so its days cannot be counted one by one.
    every_day = every_day or study.repeats is not None
    with transaction(connection):
        build_cases(connection, study, every_day=every_day)
        for cut in study.cuts:
            cut_cells(connection, study, cut)
            for measure in (one for one in all_measures() if not one.entities):
                if cut == ALL_CASES:
                    _clear(connection, measure, every_day, before)
                if cut == ALL_CASES or measure.cut:
                    connection.execute(f"INSERT INTO {measure.table} BY NAME {measure.query}")
        _count_entities(connection, study, every_day, before)
        drop_cases(connection)
        connection.execute("DELETE FROM touched_days")
        put_meta(connection, "measures", wanted)
    return None if every_day else int(days)


def _count_entities(
    connection: duckdb.DuckDBPyConnection, study: Study, every_day: bool, before: date | None
) -> None:
    """Compute the measures over entities, whose sums run over all days.

    Of purged days their increments are kept; an entity that comes again after them counts anew,
    since who it was is forgotten.
    """
    if not study.clusters and not every_day:
        return
    if not every_day:
        build_cases(connection, study, every_day=True)
    for cut in study.cuts:
        cut_entities(connection, study, cut)
        for measure in (one for one in all_measures() if one.entities):
            if cut == ALL_CASES:
                _clear(connection, measure, True, before)
            connection.execute(f"INSERT INTO {measure.table} BY NAME {measure.query}")


def _clear(
    connection: duckdb.DuckDBPyConnection, measure: Measure, every_day: bool, before: date | None
) -> None:
    if every_day and before is not None:  # the counts of purged days are all there is of them
        connection.execute(
            f"DELETE FROM {measure.table} WHERE cohort_day >= ? OR cohort_day IS NULL", [before]
        )
    elif every_day:
        connection.execute(
            f"CREATE OR REPLACE TABLE {measure.table} AS FROM ({measure.query}) LIMIT 0"
        )
    else:
        connection.execute(
            f"DELETE FROM {measure.table} WHERE cohort_day IN (SELECT cohort_day FROM touched_days)"
        )
