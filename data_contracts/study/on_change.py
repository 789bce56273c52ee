"""What a study says is to be done with files whose columns have changed."""

from __future__ import annotations

from data_contracts.data_words import ChangeKind, ChangeRule
from data_contracts.study.base import Part


class OnChange(Part):
    """For each kind of change: `accept`, `quarantine` (all rows of the file) or `stop`.

    What is left out keeps the rule of the stream's contract. A file that lacks a column which a
    required field or a segment needs cannot be accepted: there, `accept` means `stop`.
    """

    renamed: ChangeRule | None = None
    """A column is gone and a new one looks like it."""
    retyped: ChangeRule | None = None
    """A column holds another kind of value, e.g. texts instead of numbers."""
    added: ChangeRule | None = None
    """A column that was not there before."""
    missing: ChangeRule | None = None
    """A column that was there before is gone."""
    reformatted: ChangeRule | None = None
    """Dates or times are written in another way."""
    new_values: ChangeRule | None = None
    """A column with few different values holds values never seen before."""
    version: ChangeRule | None = None
    """Records lie outside the dates for which the version of their file is expected."""

    def rule(self, kind: ChangeKind) -> ChangeRule | None:
        """Return what the study says about a kind of change, or None."""
        said: ChangeRule | None = getattr(self, kind.value)
        return said
