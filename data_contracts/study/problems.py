"""Mistakes in a study file: what each one is, and the one error that reports them all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from data_contracts.errors import UnderstudyError

_SECRET = re.compile(r"://\S*@")
"""User and password in an address; greedy, since a password may hold any sign."""

Place = tuple[str | int, ...]
"""Keys and list positions that lead to a place in the study file."""


@dataclass(frozen=True, slots=True)
class RawProblem:
    """A mistake at a path, before its line is known.

    Attributes
    ----------
    path
        Where it is, e.g. ``("policy", "gates", 2, "margin")``. A path that is not in the file
        (a missing key) is placed at its nearest parent.
    found, expected
        In plain words, texts in double quotes. With an empty `found`, `expected` is a whole
        sentence.
    hint
        What to do about it; may be empty.
    """

    path: Place
    found: str
    expected: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a study file: `path` in dotted words, `line` counted from 1."""

    path: str
    line: int
    found: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the one line that reports it.

        Examples
        --------
        >>> str(Problem("risk_tier", 12, '"hihg"', "one of low, medium, high"))
        'line 12, risk_tier: found "hihg", expected one of low, medium, high'
        """
        where = f"line {self.line}, {self.path}" if self.path else f"line {self.line}"
        what = f"found {self.found}, expected {self.expected}" if self.found else self.expected
        return f"{where}: {what}" + (f"; {self.hint}" if self.hint else "")


class StudyInvalid(UnderstudyError):
    """A study file cannot be used; every mistake in it is reported at once.

    The facts are `file`, the path as shown to the user, and `problems`.
    """

    def __init__(self, *, file: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(file=file, problems=problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The mistakes, by line."""
        found: tuple[Problem, ...] = self.facts["problems"]
        return found

    def sentence(self) -> str:
        """Return the message: one line for the file, one for each mistake."""
        problems = self.facts["problems"]
        count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        return "\n".join([f"{self.facts['file']} has {count}:", *(f"  {p}" for p in problems)])


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known name, or an empty text.

    Examples
    --------
    >>> did_you_mean("hihg", ["low", "medium", "high"])
    'did you mean "high"?'
    >>> did_you_mean("blue", ["low", "medium", "high"])
    ''
    """
    by_lower = {name.lower(): name for name in known}
    near = get_close_matches(str(word)[:200].lower(), list(by_lower), n=1, cutoff=0.65)
    return f'did you mean "{by_lower[near[0]]}"?' if near else ""


def one_of(known: Iterable[str]) -> str:
    """Return the names that may stand here, in words."""
    names = list(known)
    return f"one of {', '.join(names)}" if len(names) > 1 else (names or ["nothing"])[0]


def shown(value: object) -> str:
    """Return a value of the study file as it is shown in a message.

    Examples
    --------
    >>> shown("hihg"), shown(1.5), shown(True), shown(None), shown([1]), shown({})
    ('"hihg"', '1.5', 'true', 'nothing', 'a list', 'a mapping')

    The user and password of an address are left out:

    >>> shown("postgresql://me:secret@host/db")
    '"postgresql://…@host/db"'
    """
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    text = _SECRET.sub("://…@", str(value))
    text = text if len(text) <= 60 else f"{text[:57]}..."
    return f'"{" ".join(text.split())}"' if isinstance(value, str) else text
