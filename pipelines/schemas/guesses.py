"""Guessing which column of an unknown file is the case's id, the time, the decision: proposals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import pyarrow as pa

from data_contracts.stream_contracts import Field, FieldType
from data_contracts.vocabulary import Stream, ValueKind
from pipelines.schemas.likeness import name_likeness
from pipelines.schemas.shapes import ColumnShape

_LIKE = 0.75
"""Likeness of names from which a column is taken for a field."""
_WORDS: Mapping[str, tuple[str, ...]] = {
    "decision_id": ("decision_id", "case_id", "id", "case", "key", "number", "record_id", "uuid"),
    "decided_at": ("decided_at", "decision_time", "timestamp", "datetime", "date", "time", "day"),
    "decision": ("decision", "verdict", "decided", "action", "prediction", "result", "status"),
    "decided_by": ("decided_by", "user", "agent", "clerk", "participant", "inspector"),
    "recommended_at": ("recommended_at", "scored_at", "predicted_at", "timestamp", "date", "time"),
    "recommendation": ("recommendation", "predicted", "prediction", "model_decision", "advice"),
    "observed_at": ("observed_at", "known_at", "closed_at", "timestamp", "date", "time"),
    "outcome": ("outcome", "truth", "actual", "label", "target", "real", "found", "recid"),
    "score": ("score", "probability", "proba", "confidence"),
}
_KINDS = {
    FieldType.TIME: (ValueKind.TIME,),
    FieldType.NUMBER: (ValueKind.NUMBER, ValueKind.INTEGER),
    FieldType.INTEGER: (ValueKind.INTEGER,),
}
_LABELS = ("decision", "recommendation", "outcome")
_PERSONAL = ("name", "email", "phone", "address", "birth", "ssn", "passport", "iban", "surname")
_MOST_KEY = 3
_TRIED = 8


@dataclass(frozen=True, slots=True)
class Guess:
    """Where a field may come from.

    Attributes
    ----------
    columns
        One column, or several that only together are different in every row.
    why
        What it is taken for that, in words; begins with ``unsure`` where it is a mere guess.
    """

    columns: tuple[str, ...]
    why: str


@dataclass(slots=True)
class Guesses:
    """What was guessed of a stream's file, field by field."""

    made: dict[str, Guess] = field(default_factory=dict)

    def taken(self) -> set[str]:
        """Return the columns that are spoken for."""
        return {name for guess in self.made.values() for name in guess.columns}


def guess(
    stream: Stream, fields: Sequence[Field], columns: Mapping[str, ColumnShape], rows: pa.Table
) -> Guesses:
    """Return where the fields of a stream may come from.

    Parameters
    ----------
    rows
        Rows of the file, its columns as texts: an id is told by being different in every row.
    """
    done = Guesses()
    for one in fields:
        if one.name == "decision_id":
            found = _identifier(columns, rows)
        elif one.name in _LABELS:
            found = _label(one.name, columns, done.taken())
        elif one.required and one.type is FieldType.TIME:
            found = _time(one.name, columns, done.taken())
        else:
            found = _by_name(one, columns, done.taken())
        if found is not None:
            done.made[one.name] = found
    return done


def looks_personal(name: str) -> bool:
    """Return whether a column's name sounds like something about a person.

    Examples
    --------
    >>> looks_personal("Patient_Name"), looks_personal("amount")
    (True, False)
    """
    return any(word in name.lower() for word in _PERSONAL)


def likeness_to(field_name: str, column: str) -> float:
    """Return how much a column's name sounds like a field, between 0 and 1."""
    words = _WORDS.get(field_name, (field_name,))
    named_id = field_name == "decision_id" and re.search(r"(?i)(^|[^a-z])id$|[a-z]ID$", column)
    least = 0.8 if named_id else 0.0
    likes = (name_likeness(word, column) * (1.0 - 0.02 * rank) for rank, word in enumerate(words))
    return max(least, *likes)


def _ranked(field_name: str, names: Sequence[str]) -> list[str]:
    return sorted(names, key=lambda name: -likeness_to(field_name, name))


def _identifier(columns: Mapping[str, ColumnShape], rows: pa.Table) -> Guess | None:
    """Return the column, or the fewest columns, that are different in every row."""
    full = [name for name, shape in columns.items() if name in rows.column_names and name]
    full = [name for name in full if not columns[name].missing]
    near = _ranked("decision_id", [n for n in full if columns[n].kind is not ValueKind.NUMBER])
    single = [name for name in near if _different(rows, (name,))]
    if single:
        like = likeness_to("decision_id", single[0]) >= _LIKE
        why = "different in every row" if like else "unsure: different in every row, but so named?"
        return Guess((single[0],), why)
    labelled = [name for name in near if max(likeness_to(n, name) for n in _LABELS) < _LIKE]
    for size in range(2, _MOST_KEY + 1):
        for names in combinations(labelled[:_TRIED], size):
            if _different(rows, names):
                ordered = tuple(name for name in columns if name in names)
                return Guess(ordered, "unsure: only together are they different in every row")
    if near:
        return Guess((near[0],), "unsure: no column is different in every row")
    return None


def _different(rows: pa.Table, names: Sequence[str]) -> bool:
    return bool(rows.num_rows) and (
        rows.select(list(names)).group_by(list(names)).aggregate([]).num_rows == rows.num_rows
    )


def _label(name: str, columns: Mapping[str, ColumnShape], taken: set[str]) -> Guess | None:
    free = [column for column in columns if column and column not in taken]
    near = [column for column in _ranked(name, free) if likeness_to(name, column) >= _LIKE]
    few = [c for c in near if columns[c].kind is not ValueKind.TIME]
    if few:
        return Guess((few[0],), _values(columns[few[0]]))
    two = [c for c in free if len(columns[c].vocabulary or ()) == 2]
    best = _ranked(name, two or [c for c in free if columns[c].kind in _KINDS[FieldType.NUMBER]])
    return Guess((best[0],), f"unsure: {_values(columns[best[0]])}") if best else None


def _values(shape: ColumnShape) -> str:
    if shape.vocabulary and len(shape.vocabulary) <= 10:
        return f"values: {', '.join(sorted(shape.vocabulary))}"
    return "many different values" if shape.kind is ValueKind.TEXT else "numbers"


def _time(name: str, columns: Mapping[str, ColumnShape], taken: set[str]) -> Guess | None:
    del taken  # a time may also be part of what identifies a case
    times = [c for c in columns if c and columns[c].kind is ValueKind.TIME]
    epochs = [c for c in columns if c and columns[c].form and likeness_to(name, c) >= _LIKE]
    best = _ranked(name, times or epochs)
    if not best:
        return None
    return Guess((best[0],), "" if len(times or epochs) == 1 else "unsure: there are other times")


def _by_name(one: Field, columns: Mapping[str, ColumnShape], taken: set[str]) -> Guess | None:
    kinds = _KINDS.get(one.type, tuple(ValueKind))
    free = [c for c in columns if c and c not in taken and columns[c].kind in kinds]
    near = [c for c in _ranked(one.name, free) if likeness_to(one.name, c) >= _LIKE]
    return Guess((near[0],), "") if near else None
