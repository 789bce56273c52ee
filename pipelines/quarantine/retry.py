"""Trying rows of the quarantine again: which of them fare otherwise than before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.conform import conform
from pipelines.ingest.planning import conform_plan
from pipelines.ingest.quarantine import LONGEST
from pipelines.privacy.key import Key
from pipelines.sources.refusal import FileRefused

PURGED = "their values were removed by a purge"
MASKED = "values are masked; correct those rows in their source files"
MALFORMED = "could not be taken apart; export them and fill in their columns"
CUT = f"a text has {LONGEST:,} characters or more, which the quarantine cuts off"
NUL = "a text has a character that no CSV file can hold"
UNCHANGED = "nothing has changed about them, and they would fail for the same reason"
"""Why rows are not tried again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of one stream and source that have the same columns.

    Attributes
    ----------
    names
        Entry, file and row number of each.
    rows
        The source's own columns as texts.
    changed
        Whether a person changed a value of the row.
    reasons, fields
        Why each waits.
    """

    stream: Stream
    source: str
    names: pa.Table
    rows: pa.RecordBatch
    changed: pa.BooleanArray
    reasons: pa.StringArray
    fields: pa.StringArray


@dataclass(slots=True)
class Trial:
    """What came of trying: rows to be submitted, and how many are not and why."""

    submitted: list[tuple[Stream, str, pa.Table]] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


def try_again(study: Study, waiting: Waiting, key: Key | None, trial: Trial) -> None:
    """Conform the rows as the study now says; keep those that fare otherwise than before.

    A row is submitted when it would now be accepted, when it would fail for another reason, or
    when a person changed it.
    """
    rows = waiting.rows
    try:
        plan = conform_plan(study, waiting.stream, rows.schema.names, path="the quarantine")
    except FileRefused as refusal:
        needed = refusal.facts["expected"].removeprefix("also ")
        why = f"the quarantine does not hold {needed}; run `understudy ingest --rebuild`"
        trial.left[why] += rows.num_rows
        return
    if plan.masked & set(rows.schema.names):
        trial.left[MASKED] += rows.num_rows
        return
    good = np.ones(rows.num_rows, bool)
    for why, pattern in ((NUL, "\0"), (CUT, None)):
        bad = np.zeros(rows.num_rows, bool)
        for column in rows.columns:
            found = (
                pc.match_substring(column, pattern)
                if pattern
                else pc.greater_equal(pc.utf8_length(column), LONGEST)
            )
            bad |= pc.fill_null(found, False).to_numpy(zero_copy_only=False)
        trial.left[why] += int((bad & good).sum())
        good &= ~bad
    rejected = conform(rows.select(list(plan.reads)), 0, plan, key).rejected
    places = rejected.column("row_no").to_numpy()
    same = np.zeros(rows.num_rows, bool)
    same[places] = pc.and_(
        pc.equal(rejected.column("reason"), waiting.reasons.take(pa.array(places))),
        pc.equal(rejected.column("field"), waiting.fields.take(pa.array(places))),
    ).to_numpy(zero_copy_only=False)
    idle = good & same & ~waiting.changed.to_numpy(zero_copy_only=False)
    trial.left[UNCHANGED] += int(idle.sum())
    chosen = pa.array(good & ~idle)
    own = pa.Table.from_batches([rows])
    table = waiting.names.filter(chosen)
    for name in rows.schema.names:
        table = table.append_column(name, own.column(name).filter(chosen))
    if table.num_rows:
        trial.submitted.append((waiting.stream, waiting.source, table))
