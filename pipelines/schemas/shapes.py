"""What the columns of a file look like, as plain values that can be kept and compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from data_contracts.vocabulary import ValueKind

MOST_VALUES = 50
"""Different values a column may have and still count as one with a vocabulary."""
_REMEMBERED = 100_000
"""Values that shares are remembered over; older ones fade."""

Vocabulary = Mapping[str, int]
"""Value to how often it was seen."""


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """What one column looks like.

    Attributes
    ----------
    kind
        Of at least nine in ten of its values.
    form
        How dates and times are written, the readings that are possible: `31/12/2024` has one,
        `01/02/2024` two. Empty where they are no texts.
    values, missing
        Rows looked at that had a value, and that had none.
    shares
        Of each kind, the share of values that could be of it.
    vocabulary
        Its values, where they are few; None where they are many; empty where they are not known,
        e.g. because they may not be kept.
    files, grown
        Files it was seen in, and how many of them brought values not seen before.
    """

    kind: ValueKind
    form: tuple[str, ...] = ()
    values: int = 0
    missing: int = 0
    shares: Mapping[ValueKind, float] = field(default_factory=dict)
    vocabulary: Vocabulary | None = None
    files: int = 1
    grown: int = 0

    def share(self, kind: ValueKind) -> float:
        """Return the share of its values that could be of a kind."""
        if kind is ValueKind.TEXT:
            return 1.0
        if kind is ValueKind.NUMBER:
            kinds = (ValueKind.NUMBER, ValueKind.INTEGER)
            return sum(self.shares.get(one, 0.0) for one in kinds)
        return self.shares.get(kind, 0.0)


@dataclass(frozen=True, slots=True)
class FileShape:
    """What the columns of a file look like, in its order.

    Attributes
    ----------
    open_ended
        Whether later rows may bring other columns (JSON Lines).
    rows
        How many rows were looked at.
    """

    columns: Mapping[str, ColumnShape]
    open_ended: bool = False
    rows: int = 0


def carried(held: FileShape, new: FileShape) -> FileShape:
    """Return what holds after a new file was accepted.

    The new file's columns, and what is known of them from before: values seen, readings of an
    ambiguous date, the kind of a column that happens to be empty. An open-ended file keeps the
    columns it does not show.
    """
    columns = {
        name: _carried(held.columns[name], shape) if name in held.columns else shape
        for name, shape in new.columns.items()
    }
    if new.open_ended:
        columns = {**held.columns, **columns}
    return FileShape(columns, new.open_ended, new.rows)


def without_values(shape: FileShape, kept: Collection[str]) -> FileShape:
    """Return a shape with the values of the columns kept only."""
    columns = {
        name: column if name in kept or not column.vocabulary else replace(column, vocabulary={})
        for name, column in shape.columns.items()
    }
    return replace(shape, columns=columns)


def _carried(held: ColumnShape, new: ColumnShape) -> ColumnShape:
    if new.kind is ValueKind.EMPTY:
        return replace(held, files=held.files + 1, missing=held.missing + new.missing)
    if held.kind is ValueKind.EMPTY or _other(held.kind, new.kind):
        return new
    before = min(held.values, _REMEMBERED)
    total = max(1, before + new.values)
    shares = {
        kind: (held.shares.get(kind, 0.0) * before + new.shares.get(kind, 0.0) * new.values) / total
        for kind in {*held.shares, *new.shares}
    }
    vocabulary = _union(held.vocabulary, new.vocabulary)
    grown = bool(held.vocabulary and set(new.vocabulary or ()) - set(held.vocabulary))
    common = tuple(form for form in held.form if form in new.form)
    return ColumnShape(
        new.kind,
        common or new.form,
        held.values + new.values,
        held.missing + new.missing,
        shares,
        vocabulary,
        held.files + 1,
        held.grown + grown,
    )


def _other(held: ValueKind, new: ValueKind) -> bool:
    numeric = {ValueKind.INTEGER, ValueKind.NUMBER}
    return held is not new and not {held, new} <= numeric


def _union(held: Vocabulary | None, new: Vocabulary | None) -> Vocabulary | None:
    """Return all values seen; None once they are too many for a vocabulary."""
    if held is None or new is None:
        return None
    both = {value: held.get(value, 0) + new.get(value, 0) for value in {**held, **new}}
    return both if len(both) <= MOST_VALUES else None
