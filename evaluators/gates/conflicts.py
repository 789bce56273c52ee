"""Whether the sources of a stream tell the same story about the same cases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.scope import Scope
from evaluators.wording import count, joined, percent, plain_percent


@dataclass(frozen=True, slots=True)
class Settings:
    """How much disagreement is bearable.

    Attributes
    ----------
    share
        Largest share of the records of a stream about which two sources may disagree.
    """

    share: float = 0.05

    def __post_init__(self) -> None:
        if not 0 <= self.share < 1:
            raise ValueError("`share` must be at least 0 and below 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when in every stream the sources disagree about few enough records.

    Notes
    -----
    Exact: it counts records, it estimates nothing. A stream with one source passes: nobody
    contradicts it, which does not make it right.
    """
    data = scope.data
    most = plain_percent(settings.share)
    result = partial(
        GateResult,
        name,
        "conflicts",
        GateFamily.DATA,
        rule=f"Two sources disagree about at most {most} of the records of a stream",
        threshold=settings.share,
    )
    shares = {s: data.disputed.get(s, 0) / n for s, n in data.records.items() if n}
    if not shares:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES,
            sentence="No record has arrived yet.",
            measured="no records",
        )
    worst = max(shares, key=lambda stream: shares[stream])
    told = {
        s: f"{data.disputed[s]:,} of {count(data.records[s], 'record')} of {s}"
        for s, share in shares.items()
        if share
    }
    numbers = partial(
        result,
        measured=f"{percent(shares[worst], settings.share)} disputed"
        + (f" in {worst}" if told else ""),
        value=shares[worst],
        n=data.records[worst],
    )
    beyond = [text for s, text in told.items() if shares[s] > settings.share]
    if beyond:
        return numbers(
            status=Status.FAIL,
            reason=Reason.SOURCES_DISAGREE,
            sentence=f"Two sources disagree about {joined(beyond)}; at most {most} may be"
            " disputed.",
        )
    return numbers(
        status=Status.PASS,
        reason=Reason.WITHIN_LIMIT,
        sentence=f"Two sources disagree about {joined(list(told.values()))}."
        if told
        else "No two sources disagree about a record.",
    )


GATE = GateKind("conflicts", GateFamily.DATA, Settings, judge)
