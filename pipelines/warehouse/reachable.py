"""Which past moments the warehouse can still tell about, and why not the others."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb

from data_contracts.errors import UnderstudyError
from pipelines.warehouse.tables import get_meta

REBUILT = "rebuilt_at"
"""Name of the setting that says when all files were last read anew."""
LIMITS_SINCE = "limits_registered_since"
"""Name of the setting that says since when limits outside the policy are registered with it."""


class MomentUnreachable(UnderstudyError):
    """What was known at a past moment cannot be told any more, or was never known."""

    def sentence(self) -> str:
        return f"{self.facts['why']} {self._then()}"

    def _then(self) -> str:
        verdict, moment = self.facts.get("verdict"), self.facts["moment"]
        if verdict is None:
            return f"No verdict had been published by {moment} either."
        return f"The verdict published then is kept in the history of verdicts: {verdict}."


def last_run(connection: duckdb.DuckDBPyConnection, moment: datetime) -> int:
    """Return the last run that had ended by a moment.

    Raises
    ------
    MomentUnreachable
        When there was none, or when a rebuild or a purge made that past unreachable.
    """
    why = _lost(connection, moment)
    ((run, first),) = connection.execute(
        "SELECT max(run) FILTER (ended_at <= $moment), min(ended_at) FROM runs", {"moment": moment}
    ).fetchall()
    if why is None and run is None:
        why = (
            f"Nothing was known at {told(moment)}: the first run ended at {told(first)}."
            if first
            else "Nothing was ever ingested; `understudy run` reads the study's source files."
        )
    if why is not None:
        raise MomentUnreachable(why=why, moment=told(moment), verdict=_verdict(connection, moment))
    return int(run)


def told(moment: datetime) -> str:
    """Return a moment in words.

    Examples
    --------
    >>> told(datetime(2026, 3, 5, 12, 30, tzinfo=UTC))
    '2026-03-05 12:30:00 UTC'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _lost(connection: duckdb.DuckDBPyConnection, moment: datetime) -> str | None:
    rebuilt = get_meta(connection, REBUILT)
    if rebuilt is not None and moment < datetime.fromisoformat(rebuilt):
        return (
            f"What was known at {told(moment)} cannot be told any more: at"
            f" {told(datetime.fromisoformat(rebuilt))} `understudy ingest --rebuild` read all files"
            " anew, and with them came what was learned in between."
        )
    purged = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'purges'"
    ).fetchall()[0][0]
    last = purged and connection.execute("SELECT max(purged_at) FROM purges").fetchall()[0][0]
    if last:
        return (
            f"What was known at {told(moment)} cannot be counted again: raw records were removed"
            f" at {told(last)}, and only their counts of that day are kept."
        )
    return None


def _verdict(connection: duckdb.DuckDBPyConnection, moment: datetime) -> str | None:
    rows = connection.execute(
        "SELECT state, candidate, model_version, evidence_no FROM verdicts WHERE published_at <= ?"
        " ORDER BY evidence_no DESC, position LIMIT 1",
        [moment],
    ).fetchall()
    if not rows:
        return None
    state, candidate, version, number = rows[0]
    return f"{state.replace('_', ' ')} for {candidate} {version} (publication {number:,})"
