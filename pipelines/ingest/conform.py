"""Conforming a batch: source columns become the contract's fields, or rows go to quarantine.

A pure function of the batch and the plan; every step is vectorised. A row keeps the first reason
for which it cannot be accepted, in the order of the contract's fields.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data_contracts.data_words import Rejection
from data_contracts.stream_contracts import FieldType
from pipelines.ingest.faults import Faults, Mask
from pipelines.ingest.plan import ConformPlan, FieldPlan
from pipelines.ingest.quarantine import nothing_rejected, rejected_rows
from pipelines.ingest.rules import apply_rules
from pipelines.ingest.times import as_time
from pipelines.ingest.values import (
    all_bad,
    as_integer,
    as_number,
    as_text,
    in_bands,
    mask_of,
    same_addresses,
    where_bad,
)
from pipelines.privacy.key import Key
from pipelines.privacy.pseudonyms import pseudonyms

Found = list[tuple[Mask, Rejection]]


@dataclass(frozen=True, slots=True)
class Conformed:
    """What became of a batch: accepted records and quarantine entries, no row lost."""

    accepted: pa.RecordBatch
    rejected: pa.RecordBatch


def conform(
    batch: pa.RecordBatch,
    first_row: int | pa.Int64Array,
    plan: ConformPlan,
    key: Key | None = None,
) -> Conformed:
    """Return the accepted records and the rejected rows of a batch.

    Parameters
    ----------
    first_row
        Number of the batch's first row in the file, from 1; or the number of each row.
    key
        Behind pseudonyms; needed where the plan has fields to be pseudonymised.
    """
    if plan.set_aside is not None:
        return _set_aside(batch, first_row, plan, plan.set_aside)
    faults = Faults(batch.num_rows)
    columns = {made.field.name: _field(made, batch, faults, key) for made in plan.fields}
    columns = apply_rules(plan, columns, faults)
    columns["source_no"] = pa.repeat(pa.scalar(plan.source_no, pa.int32()), batch.num_rows)
    accepted = pa.RecordBatch.from_arrays(
        [columns[name] for name in plan.accepted.names], schema=plan.accepted
    )
    good = faults.good()
    if good is None:
        return Conformed(accepted, nothing_rejected())
    bad = faults.rows()
    rejected = rejected_rows(
        plan.stream,
        plan.source_no,
        _numbers(first_row, bad),
        *faults.told(bad),
        batch.take(pa.array(bad)),
        plan.masked,
    )
    return Conformed(accepted.filter(pa.array(good)), rejected)


def _set_aside(
    batch: pa.RecordBatch, first_row: int | pa.Int64Array, plan: ConformPlan, column: str
) -> Conformed:
    """Return the batch with all its rows rejected: its file's columns have changed."""
    rows = batch.num_rows
    every = np.arange(rows, dtype=np.int64)
    reasons, columns = [Rejection.SCHEMA_CHANGED.value] * rows, [column] * rows
    rejected = rejected_rows(
        plan.stream,
        plan.source_no,
        _numbers(first_row, every),
        reasons,
        columns,
        batch,
        plan.masked,
    )
    return Conformed(pa.RecordBatch.from_pylist([], schema=plan.accepted), rejected)


def _numbers(first_row: int | pa.Int64Array, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    if isinstance(first_row, int):
        return rows + first_row
    return np.asarray(first_row.to_numpy(), np.int64)[rows]


def _field(plan: FieldPlan, batch: pa.RecordBatch, faults: Faults, key: Key | None) -> pa.Array:
    """Return one field of the contract, and note which rows cannot have it."""
    rows = batch.num_rows
    name = plan.field.name
    if plan.sources:
        column, found = _checked(plan, _joined(plan.sources, batch), key)
    else:
        # A constant is worked out once and then holds for every row.
        column, found = _checked(plan, pa.array([plan.constant], pa.string()), key)
        column = pa.repeat(column[0], rows)
    for bad, reason in found:
        faults.add(bad, reason, name)
    return column


def _joined(sources: tuple[str, ...], batch: pa.RecordBatch) -> pa.Array:
    if len(sources) == 1:
        return batch.column(sources[0])
    texts = [as_text(batch.column(name))[0] for name in sources]
    return pc.binary_join_element_wise(*texts, "/", null_handling="emit_null")


def _checked(plan: FieldPlan, values: pa.Array, key: Key | None) -> tuple[pa.Array, Found]:
    values, found = _translated(plan, values)
    column, more = _typed(plan, values)
    found += more
    if plan.allowed is not None and plan.field.type is FieldType.TEXT and plan.bands is None:
        column, strange = plan.allowed.named(column)
        if strange is not None:
            found.append((strange, Rejection.NOT_ALLOWED))
    if plan.field.minimum is not None:
        low = where_bad(pc.less(column, plan.field.minimum))
        if low is not None:
            found.append((low, Rejection.OUT_OF_RANGE))
    if plan.field.maximum is not None:
        high = where_bad(pc.greater(column, plan.field.maximum))
        if high is not None:
            found.append((high, Rejection.OUT_OF_RANGE))
    if plan.field.address:
        column = same_addresses(column)
    if plan.pseudonymised:
        if key is None:
            raise ValueError(f"`{plan.field.name}` cannot be pseudonymised without a key")
        column = pseudonyms(column, key)
    if column.null_count:
        if plan.field.required:
            found.append((mask_of(pc.is_null(column)), Rejection.MISSING_VALUE))
        if plan.missing is not None:
            column = pc.fill_null(column, plan.missing)
    return column, found


def _translated(plan: FieldPlan, values: pa.Array) -> tuple[pa.Array, Found]:
    """Return the values in the study's words, where it lists the source's."""
    translation = plan.translation
    if translation is None:
        return values, []
    texts, lost = as_text(values)
    found: Found = [] if lost is None else [(lost, Rejection.WRONG_TYPE)]
    places = translation.lookup.find(texts)
    strange = where_bad(pc.and_(pc.is_null(places), pc.is_valid(texts)))
    if strange is not None:
        found.append((strange, Rejection.NOT_ALLOWED))
    words = translation.meanings.take(places)
    if translation.nothing is not None:
        words = pc.if_else(pc.is_null(texts), translation.nothing, words)
    return words, found


def _typed(plan: FieldPlan, values: pa.Array) -> tuple[pa.Array, Found]:
    try:
        if plan.field.type is FieldType.TIME:
            return as_time(values, plan.form, plan.zone)
        if plan.bands is not None:
            numbers, bad = as_number(values)
            column = in_bands(numbers, plan.bands)
        else:
            column, bad = _TURNERS[plan.field.type](values)
    except pa.ArrowNotImplementedError:  # a type that Arrow itself cannot turn
        column, bad = all_bad(values, plan.type)
    return column, [] if bad is None else [(bad, Rejection.WRONG_TYPE)]


_TURNERS = {
    FieldType.TEXT: as_text,
    FieldType.NUMBER: as_number,
    FieldType.INTEGER: as_integer,
}
