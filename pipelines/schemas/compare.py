"""Comparing the columns of a file with those of the files before it: pure, values in and out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from data_contracts.data_words import ChangeKind
from data_contracts.vocabulary import ValueKind
from pipelines.ingest.missing_columns import listed
from pipelines.schemas.changes import SchemaChange
from pipelines.schemas.forms import example, same, to_the_letter
from pipelines.schemas.likeness import renamings
from pipelines.schemas.readings import Reading, Readings, may_keep_values
from pipelines.schemas.shapes import ColumnShape, FileShape

_NOUNS = {
    ValueKind.INTEGER: "whole numbers",
    ValueKind.NUMBER: "numbers",
    ValueKind.TRUTH: "true and false",
    ValueKind.TIME: "times",
    ValueKind.TEXT: "texts",
    ValueKind.EMPTY: "nothing",
}
_SOME = 5
"""Values from which a column that held texts can be said to hold something else."""
_FEW = 0.1
_HALF = 0.5
_CHANCE = 0.001
"""Chance at which so many new values in an open vocabulary are taken for a change."""
_MOST_REPLACED = 12
_SHOWN = 5


def compare(held: FileShape, new: FileShape, read: Readings) -> tuple[SchemaChange, ...]:
    """Return how a file's columns differ from those that held before, in the order told.

    Parameters
    ----------
    held
        What holds for the stream and source; see `carried`.
    read
        What the study reads from the new file's columns, and would have read from those missing.
    """
    return (*_coming_and_going(held, new, read), *_inside(held, new, read))


def _coming_and_going(held: FileShape, new: FileShape, read: Readings) -> Iterator[SchemaChange]:
    gone = [name for name in held.columns if name not in new.columns and _is_gone(held, new, name)]
    come = [name for name in new.columns if name not in held.columns]
    keep = {name for name in held.columns if may_keep_values(read, name)}
    renamed = renamings(
        {name: held.columns[name] for name in gone},
        {name: new.columns[name] for name in come},
        keep,
    )
    for name in gone:
        needed = name in read and read[name].needed
        if name in renamed:
            like = renamed[name]
            what = f"`{name}` is gone and `{like}` is new and looks like it: was it renamed?"
            yield SchemaChange(ChangeKind.RENAMED, name, f"{what}{_unfilled(read, name)}", needed)
        else:
            what = f"`{name}` is gone{_unfilled(read, name)}"
            yield SchemaChange(ChangeKind.MISSING, name, what, needed)
    for name in come:
        if name not in renamed.values():
            used = f", read for {listed(read[name].fields)}" if name in read else ""
            yield SchemaChange(ChangeKind.ADDED, name, f"`{name}` is a new column{used}")


def _is_gone(held: FileShape, new: FileShape, name: str) -> bool:
    """Return whether a column is gone; in an open-ended file it may just be empty so far."""
    if not new.open_ended:
        return True
    shape = held.columns[name]
    empty = shape.missing / max(1, shape.missing + shape.values)
    return bool(new.rows) and empty**new.rows < _CHANCE


def _unfilled(read: Readings, name: str) -> str:
    if name not in read:
        return ""
    then = "cannot be made without it" if read[name].needed else "stays empty"
    return f" ({listed(read[name].fields)} {then})"


def _inside(held: FileShape, new: FileShape, read: Readings) -> Iterator[SchemaChange]:
    """Yield what has changed in columns that are read; one change a column."""
    for name, shape in new.columns.items():
        before = held.columns.get(name)
        reading = read.get(name)
        if before is None or reading is None:
            continue
        if ValueKind.EMPTY in (before.kind, shape.kind):
            continue
        found = (
            _retyped(name, before, shape, reading)
            or _reformatted(name, before, shape, reading)
            or _new_values(name, before, shape, reading)
        )
        if found is not None:
            yield found


def _retyped(
    name: str, held: ColumnShape, new: ColumnShape, reading: Reading
) -> SchemaChange | None:
    kinds = {held.kind, new.kind}
    if len(kinds) == 1 or kinds == {ValueKind.INTEGER, ValueKind.NUMBER}:
        return None
    if reading.time and _written(held) and _written(new):
        return None  # a time either way, and told as one
    if held.kind is ValueKind.TEXT:
        if new.values < _SOME or held.share(new.kind) > _FEW:
            return None
    elif new.share(held.kind) > _HALF:
        return None
    what = f"`{name}` holds {_NOUNS[new.kind]} instead of {_NOUNS[held.kind]}"
    return SchemaChange(ChangeKind.RETYPED, name, what)


def _written(shape: ColumnShape) -> bool:
    return bool(shape.form) and shape.kind in (ValueKind.TIME, ValueKind.INTEGER)


def _reformatted(
    name: str, held: ColumnShape, new: ColumnShape, reading: Reading
) -> SchemaChange | None:
    times = reading.time or {held.kind, new.kind} == {ValueKind.TIME}
    if not times or not _written(held) or not _written(new):
        return None
    if not same(held.form, new.form):
        now, then = example(new.form), example(held.form)
    elif not to_the_letter(reading.form, held.form, new.form):
        now, then = example(new.form[1:]), example(held.form[1:])
    else:
        return None
    what = f"`{name}` is written as {now} instead of {then}"
    return SchemaChange(ChangeKind.REFORMATTED, name, what)


def _new_values(
    name: str, held: ColumnShape, new: ColumnShape, reading: Reading
) -> SchemaChange | None:
    before, now = held.vocabulary, new.vocabulary
    if reading.sensitive or before is None or now is None or len(before) < 2:
        return None
    strange = {value: n for value, n in now.items() if value not in before}
    if reading.closed:
        strange = {value: n for value, n in strange.items() if value not in reading.closed}
        told = sum(strange.values()) >= max(2, 0.005 * new.values)
    else:
        text = new.kind is ValueKind.TEXT
        settled = _is_settled(held) or _is_replaced(held, new, strange)
        told = text and len(now) > 1 and settled and _surprises(held, new, strange)
    if not strange or not told:
        return None
    most = sorted(strange, key=lambda value: (-strange[value], value))
    rows = sum(strange.values())
    values = listed([value[:40] for value in most], _SHOWN)
    what = (
        f"`{name}` holds values not seen before: {values}"
        f" ({rows:,} of the first {new.values + new.missing:,} rows)"
    )
    return SchemaChange(ChangeKind.NEW_VALUES, name, what)


def _is_settled(held: ColumnShape) -> bool:
    """Return whether a column's values have stayed the same over files enough to expect no others.

    At least three files, of which at most one in five brought new values; and each value, on
    average, seen ten times.
    """
    return held.files >= 3 and 5 * held.grown <= held.files and held.values >= 10 * _different(held)


def _is_replaced(held: ColumnShape, new: ColumnShape, strange: Mapping[str, int]) -> bool:
    """Return whether all of a few values, each seen often, have given way to others."""
    return (
        len(strange) == _different(new)
        and max(_different(held), _different(new)) <= _MOST_REPLACED
        and held.files >= 2
        and held.grown == 0
        and held.values >= 5 * _different(held)
        and new.values >= 5 * _different(new)
    )


def _different(shape: ColumnShape) -> int:
    return len(shape.vocabulary or ())


def _surprises(held: ColumnShape, new: ColumnShape, strange: Mapping[str, int]) -> bool:
    """Return whether so many rows with new values are more than chance brings.

    The chance that the next value is a new one is about the share of values seen just once
    (Good 1953, doi:10.1093/biomet/40.3-4.237); one more is added, so that none seen once does not
    mean never.
    """
    once = sum(n == 1 for n in (held.vocabulary or {}).values())
    expected = new.values * (once + 1) / (held.values + 1)
    return _at_least(sum(strange.values()), expected) < _CHANCE


def _at_least(found: int, expected: float) -> float:
    """Return the chance of a Poisson count of at least `found`.

    Examples
    --------
    >>> round(_at_least(1, 1.0), 3), _at_least(0, 1.0)
    (0.632, 1.0)
    """
    term, below = math.exp(-expected), 0.0
    for k in range(min(found, 1_000)):
        below += term
        term *= expected / (k + 1)
    return max(0.0, 1.0 - below)
