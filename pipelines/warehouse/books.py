"""The books: what went in must come out, rule by rule, or the run fails."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import duckdb

from data_contracts.errors import UnderstudyError


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule of the books: a left side that must equal the sum of the right side.

    Examples
    --------
    >>> entry = Entry("outcomes", "read", 10, {"accepted": 9, "rejected": 1})
    >>> entry.balanced, entry.rule
    (True, 'read = accepted + rejected')
    """

    subject: str
    whole: str
    amount: int
    parts: dict[str, int]

    @property
    def balanced(self) -> bool:
        """Whether both sides are equal."""
        return self.amount == sum(self.parts.values())

    @property
    def rule(self) -> str:
        """The rule in words."""
        return f"{self.whole} = {' + '.join(self.parts)}"

    @property
    def figures(self) -> str:
        """The rule in figures, with thousands commas."""
        return f"{self.amount:,} = {' + '.join(f'{n:,}' for n in self.parts.values())}"


class BooksUnbalanced(UnderstudyError):
    """Records were lost or counted twice; the run is undone."""

    exit_code = 3

    def sentence(self) -> str:
        lines = "\n".join(f"  {line}" for line in self.facts["entries"])
        return (
            "The books do not balance, so the run was undone and the data before it still hold:\n"
            f"{lines}\n"
            "Run it again; if it happens twice, please report it with this message."
        )


def settle(
    connection: duckdb.DuckDBPyConnection, run: int, ended_at: datetime, entries: list[Entry]
) -> None:
    """Write the entries of a run into the books; must run inside the run's transaction.

    Raises
    ------
    BooksUnbalanced
        When an entry does not balance; names each that does not.
    """
    wrong = [f"{e.subject}: {e.rule}, but {e.figures}" for e in entries if not e.balanced]
    if wrong:
        raise BooksUnbalanced(entries=wrong)
    if not entries:  # every file of the run was refused
        return
    connection.executemany(
        "INSERT INTO books VALUES (?, ?, ?, ?, ?, ?)",
        [
            [run, ended_at, e.subject, e.rule, json.dumps({e.whole: e.amount, **e.parts}), True]
            for e in entries
        ],
    )
