"""Whether all books balance and every source file has been read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.scope import Scope
from evaluators.wording import count

RULE = "All books balance and every source file is read"
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """Nothing to set."""


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when every rule of the books balances and no file is refused.

    Notes
    -----
    Exact: the books count records, they do not estimate. Without a rule checked there is nothing
    to trust, and the gate says NO_DATA.
    """
    data = scope.data
    result = partial(GateResult, name, "books", GateFamily.DATA)
    n = data.rules
    if data.refused:
        files = _list([f"`{path}`" for path in data.refused])
        has = "has" if len(data.refused) == 1 else "have"
        return result(
            Status.FAIL,
            Reason.FILES_REFUSED,
            RULE,
            f"{count(len(data.refused), 'source file')} {has} not been read: {files}.",
            f"{count(len(data.refused), 'file')} refused",
        )
    if data.unbalanced:
        rules = _list(list(data.unbalanced), "; ")
        return result(
            Status.FAIL,
            Reason.BOOKS_UNBALANCED,
            RULE,
            f"The books do not balance: {rules}.",
            f"{len(data.unbalanced)} of {count(n, 'rule')} do not balance",
        )
    if n == 0:
        sentence = "No books have been kept yet."
        return result(Status.NO_DATA, Reason.NO_CASES, RULE, sentence, "no rule checked")
    return result(
        Status.PASS,
        Reason.WITHIN_LIMIT,
        RULE,
        "All books balance and every source file has been read.",
        f"{count(n, 'rule')} balanced",
    )


def _list(items: list[str], between: str = ", ") -> str:
    more = len(items) - _NAMED
    text = between.join(items[:_NAMED])
    return f"{text} and {more:,} more" if more > 0 else text


GATE = GateKind("books", GateFamily.DATA, Settings, judge)
