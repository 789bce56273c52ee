"""A change of a file's columns, as a value, and the words it is told in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from data_contracts.data_words import ChangeKind, ChangeRule
from data_contracts.vocabulary import Stream


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One difference between a file and those before it.

    Attributes
    ----------
    what
        The difference in words, without where and since when.
    needed
        Whether the file cannot be read with it: a column is gone that is needed.
    rule
        What is done with the file.
    source, path, source_no
        Of the first file with the change.
    day
        First day it is about; None while that is not known.
    files
        How many files of the run show it.
    """

    kind: ChangeKind
    column: str
    what: str
    needed: bool = False
    rule: ChangeRule = ChangeRule.ACCEPT
    stream: Stream = Stream.DECISIONS
    source: str = ""
    path: str = ""
    source_no: int = 0
    day: date | None = None
    files: int = 1

    def ruled(self, said: ChangeRule) -> SchemaChange:
        """Return the change under the rule said for its kind: what is needed cannot be accepted."""
        stops = self.needed and said is ChangeRule.ACCEPT
        return replace(self, rule=ChangeRule.STOP if stops else said)

    @property
    def alike(self) -> tuple[str, str, str, str, str]:
        """What changes have in common that are told as one: all but figures in brackets."""
        what = self.what.split(" (")[0]
        return (self.stream.value, self.source, self.kind.value, self.column, what)

    @property
    def sentence(self) -> str:
        """The change in words, with the first file and the first day."""
        since = f"{self.what} since {self.path}"
        return f"{since} ({day_in_words(self.day)})" if self.day else since


def day_in_words(day: date) -> str:
    """Return a day in words.

    Examples
    --------
    >>> day_in_words(date(2024, 5, 1))
    '1 May 2024'
    """
    return f"{day.day} {day:%B %Y}"
