"""Whether all books balance, every source file has been read, and few rows were set aside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.scope import Scope
from evaluators.wording import count, joined, plain_percent

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """How many rows may be set aside.

    Attributes
    ----------
    quarantine
        Largest share of the rows of a stream that may be in quarantine.
    """

    quarantine: float = 0.05

    def __post_init__(self) -> None:
        if not 0 <= self.quarantine < 1:
            raise ValueError("`quarantine` must be at least 0 and below 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when the books balance, no file is refused and few rows are in quarantine.

    Notes
    -----
    Exact: the books count records, they do not estimate. Without a rule checked there is nothing
    to trust, and the gate says NO_DATA.
    """
    data = scope.data
    most = plain_percent(settings.quarantine)
    rule = f"All books balance, every source file is read, at most {most} of rows are set aside"
    result = partial(GateResult, name, "books", GateFamily.DATA)
    n = data.rules
    if data.refused:
        files = _list([f"`{path}`" for path in data.refused])
        has = "has" if len(data.refused) == 1 else "have"
        return result(
            Status.FAIL,
            Reason.FILES_REFUSED,
            rule,
            f"{count(len(data.refused), 'source file')} {has} not been read: {files}.",
            f"{count(len(data.refused), 'file')} refused",
        )
    if data.unbalanced:
        rules = _list(list(data.unbalanced), "; ")
        return result(
            Status.FAIL,
            Reason.BOOKS_UNBALANCED,
            rule,
            f"The books do not balance: {rules}.",
            f"{len(data.unbalanced)} of {count(n, 'rule')} do not balance",
        )
    aside = [
        f"{data.rejected[stream]:,} of {count(data.read[stream], 'row')} of {stream}"
        for stream in data.read
        if data.rejected[stream] > settings.quarantine * data.read[stream]
    ]
    if aside:
        return result(
            Status.FAIL,
            Reason.ROWS_IN_QUARANTINE,
            rule,
            f"{joined(aside)} are in quarantine; at most {most} may be.",
            f"{joined(aside)} in quarantine",
        )
    if n == 0:
        sentence = "No books have been kept yet."
        return result(Status.NO_DATA, Reason.NO_CASES, rule, sentence, "no rule checked")
    return result(
        Status.PASS,
        Reason.WITHIN_LIMIT,
        rule,
        "All books balance and every source file has been read.",
        f"{count(n, 'rule')} balanced",
    )


def _list(items: list[str], between: str = ", ") -> str:
    more = len(items) - _NAMED
    text = between.join(items[:_NAMED])
    return f"{text} and {more:,} more" if more > 0 else text


GATE = GateKind("books", GateFamily.DATA, Settings, judge)
