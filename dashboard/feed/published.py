"""The published tables about the data, read together and once a publication."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard.charts.unpaired import PairedDay
from dashboard.evidence import read_rows
from dashboard.records import Candidate
from dashboard.rows import Row

BROKEN = ("FAIL", "ERROR")
"""States of a check that was not met."""

_ORDER = {
    "books": "run, subject, rule",
    "sources": "run, stream, path",
    "checks": 'run, stream, "check"',
    "schema_changes": "run, stream, path",
    "arrival_lags": "stream, source, weekday, lag_days",
    "watermarks": "stream, source, reporter",
    "overdue": "since, stream, source",
    "arrival_notes": "stream, source, kind",
    "conflicts": "n DESC, stream, field",
    "conflict_examples": "stream, record, field",
    "quarantine_counts": "n DESC, stream, path",
    "data_cliff": "beyond DESC, stream, field, aspect",
    "accuracy_change": "arm, cut",
    "purges": "purged_at",
    "stream_counts": "candidate, model_version",
}


@dataclass(frozen=True, slots=True)
class Feed:
    """What was published about the data, as rows by the name of their table."""

    tables: dict[str, tuple[Row, ...]]

    def rows(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table, none where this publication has no such table."""
        return self.tables.get(table, ())

    @property
    def checks(self) -> tuple[Row, ...]:
        """Results of the latest run that was checked."""
        every = self.rows("checks")
        latest = max((row["run"] for row in every), default=None)
        return tuple(row for row in every if row["run"] == latest)

    @property
    def broken_checks(self) -> tuple[Row, ...]:
        """Checks of the latest run that were not met, the critical ones first."""
        broken = (row for row in self.checks if row["status"] in BROKEN)
        order = ("critical", "warning", "info")
        return tuple(sorted(broken, key=lambda row: order.index(row["severity"])))

    @property
    def refused(self) -> tuple[Row, ...]:
        """Files whose latest reading was refused."""
        latest = {(row["stream"], row["path"]): row for row in self.rows("sources")}
        return tuple(row for row in latest.values() if row["state"] == "refused")

    @property
    def unbalanced(self) -> tuple[Row, ...]:
        """Books that do not balance."""
        return tuple(row for row in self.rows("books") if not row["balanced"])

    @property
    def silent_units(self) -> int:
        """Sources, or units inside them, that should have reported and are silent still."""
        return sum(row["units"] for row in self.rows("overdue") if row["silent"])

    @property
    def waiting(self) -> int:
        """Rows in quarantine that wait for somebody."""
        return sum(row["n"] for row in self.rows("quarantine_counts") if row["state"] == "waiting")

    @property
    def conflicting(self) -> int:
        """Most cases that two sources disagree about in any one field of a stream."""
        return max((row["n"] for row in self.rows("conflicts")), default=0)

    @property
    def beyond_pilot(self) -> tuple[Row, ...]:
        """Fields that are not what the pilot promised."""
        return tuple(row for row in self.rows("data_cliff") if row["beyond"])

    def paired(self, candidate: Candidate) -> tuple[int, int]:
        """Return how many decisions were compared, and how many have a recommendation."""
        mine = self._counts_of(candidate)
        return sum(r["decisions"] for r in mine), sum(r["recommendations"] for r in mine)

    def days(self, candidate: Candidate) -> tuple[PairedDay, ...]:
        """Return every cohort day with its decisions and recommendations, the first one first."""
        mine = [row for row in self._counts_of(candidate) if row["cohort_day"] is not None]
        mine.sort(key=lambda row: row["cohort_day"])
        return tuple(
            PairedDay(row["cohort_day"], row["decisions"], row["recommendations"]) for row in mine
        )

    def _counts_of(self, candidate: Candidate) -> list[Row]:
        who = (candidate.name, candidate.version)
        rows = self.rows("stream_counts")
        return [row for row in rows if (row["candidate"], row["model_version"]) == who]

    def changes_of(self, candidate: Candidate) -> tuple[Row, ...]:
        """Return how accuracy changed since the pilot, for a candidate and production beside it."""
        return tuple(
            row
            for row in self.rows("accuracy_change")
            if (row["candidate"], row["model_version"]) == (candidate.name, candidate.version)
        )


@st.cache_resource(max_entries=16, show_spinner=False)
def feed(path: str) -> Feed:
    """Return what the publication at a resolved path says about the data, read once."""
    return Feed(read_rows(Path(path), _ORDER))
