"""Whether people have judged enough cases blind, agree among themselves, and what they found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.reviews import KNOWN_DIFFERENCE, Judgement
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.reviewing.doubly import FEWEST_PAIRS, USABLE, doubly
from evaluators.reviewing.judged import SAYINGS, Cells, counted, overall, shares_apart
from evaluators.scope import Scope
from evaluators.wording import count, level, percent, plain_percent


@dataclass(frozen=True, slots=True)
class Settings:
    """What people must have judged, and found.

    Attributes
    ----------
    cases
        Least number of drawn cases that people have judged.
    ac1
        Least agreement (Gwet's AC1) between two people who judged the same cases.
    right_share
        Least share of the disagreements in which the candidate, or both sides, were judged right,
        known differences left out; the lower end of its interval must reach it. Not asked if left
        out.
    """

    cases: int = 100
    ac1: float = USABLE
    right_share: float | None = None

    def __post_init__(self) -> None:
        if self.cases < 1:
            raise ValueError("`cases` must be at least 1")
        if not 0 <= self.ac1 <= 1:
            raise ValueError("`ac1` must be at least 0 and at most 1")
        if self.right_share is not None and not 0 < self.right_share < 1:
            raise ValueError("`right_share` must be above 0 and below 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when enough cases are judged, people agree, and the candidate does well enough.

    Notes
    -----
    It counts the drawn cases with a judgement, whichever it is. AC1 is of the disagreements that
    two people judged, and needs ten of them; an AC1 below the limit fails only when its interval
    lies below it. The share of disagreements in which the candidate or both were right is weighted
    by stratum; "cannot tell" counts against it. What was judged with a known difference as its
    reason is left out of the share on both sides. Its interval is for one look.

    References
    ----------
    Gwet (2008), doi:10.1348/000711006X126600; Zou & Donner (2008), doi:10.1002/sim.3095.
    """
    rule = f"People have judged at least {count(settings.cases, 'case')} blind, with AC1 from"
    rule += f" {settings.ac1:g}"
    if settings.right_share is not None:
        rule += (
            f", and found the candidate or both right in {plain_percent(settings.right_share)} of"
            " the disagreements"
        )
    result = partial(GateResult, name, "reviews", GateFamily.ADOPTION, rule=rule)
    known = scope.terms.review.known_differences
    differ, same = (overall(measures, agree=agree, known=known) for agree in (False, True))
    judged, drawn = (
        int(a.sum() + b.sum())
        for a, b in ((differ.judged, same.judged), (differ.drawn, same.drawn))
    )
    if not drawn:
        planned = scope.terms.review.cases > 0
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES if planned else Reason.NOT_APPLICABLE,
            sentence="No case has been drawn for review yet."
            if planned
            else "No case is drawn for review: the study says no number of them (`review.cases`).",
            measured="no cases drawn",
            threshold=float(settings.cases),
        )
    progress = f"{judged:,} of {count(drawn, 'drawn case')}"
    if judged < settings.cases:
        return result(
            status=Status.INCONCLUSIVE,
            reason=Reason.TOO_FEW_CASES,
            sentence=f"People have judged {progress}; {settings.cases:,} are needed.",
            measured=f"{judged:,} judged",
            value=float(judged),
            threshold=float(settings.cases),
            n=judged,
        )
    pairs = doubly(measures, scope)
    if not pairs.enough:
        return result(
            status=Status.INCONCLUSIVE,
            reason=Reason.TOO_FEW_CASES,
            sentence=f"People have judged {progress}, but only {count(pairs.cases, 'disagreement')}"
            f" twice; {FEWEST_PAIRS} are needed to tell whether they agree.",
            measured=f"{pairs.cases:,} judged twice",
            value=float(pairs.cases),
            threshold=float(FEWEST_PAIRS),
            n=judged,
        )
    told = f"People have judged {progress}, and of {count(pairs.cases, 'disagreement')} that two"
    told += f" judged they agree with AC1 {pairs.ac1:.2f}"
    agreement = partial(
        result,
        measured=f"AC1 {pairs.ac1:.2f} ({level(scope.alpha)} interval {pairs.low:.2f} to"
        f" {pairs.high:.2f})",
        value=pairs.ac1,
        low=pairs.low,
        high=pairs.high,
        threshold=settings.ac1,
        n=judged,
    )
    if not pairs.usable(settings.ac1):
        shown = pairs.high < settings.ac1
        return agreement(
            status=Status.FAIL if shown else Status.INCONCLUSIVE,
            reason=Reason.BEYOND_LIMIT if shown else Reason.UNDECIDED,
            sentence=f"{told}, below {settings.ac1:g}: their judgement is not to be taken as the"
            " truth.",
        )
    if settings.right_share is None:
        return agreement(status=Status.PASS, reason=Reason.WITHIN_LIMIT, sentence=f"{told}.")
    return _held_against(settings.right_share, counted(differ), told, result, scope)


def _held_against(
    limit: float, cells: Cells, told: str, result: partial[GateResult], scope: Scope
) -> GateResult:
    """Return the result for the share in which the candidate, or both, were right."""
    right = [SAYINGS.index(one) for one in (Judgement.CANDIDATE, Judgement.BOTH)]
    known = int(cells.said[:, SAYINGS.index(KNOWN_DIFFERENCE)].sum())
    n = int(cells.judged.sum()) - known
    if not n:
        why, measured = (
            "who was right cannot be said before every kind of disagreement has a few judgements",
            "too few judged",
        )
        if known:
            why = "all judged disagreements are known differences, which count for neither side"
            measured = "known differences only"
        return result(
            status=Status.INCONCLUSIVE,
            reason=Reason.TOO_FEW_CASES,
            sentence=f"{told}; {why}.",
            measured=measured,
            threshold=limit,
        )
    said = cells.said[:, right].sum(axis=1, keepdims=True)
    share, low, high = (float(np.asarray(x)[0]) for x in shares_apart(cells, said, scope.alpha))
    span = f"{percent(low, limit)} to {percent(high, limit)}"
    found = f"they found the candidate or both right in {percent(share, limit)} of the"
    found += f" disagreements ({level(scope.alpha)} interval {span}; {count(n, 'case')}"
    found += f", and {count(known, 'known difference')} left out)" if known else ")"
    wanted = plain_percent(limit)
    numbers = partial(
        result,
        measured=f"{percent(share, limit)} right ({level(scope.alpha)} interval {span})",
        value=share,
        low=low,
        high=high,
        threshold=limit,
        n=n,
    )
    if low >= limit:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"{told}; {found}, and {wanted} is asked for.",
        )
    if high < limit:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"{told}; {found}, below the {wanted} asked for.",
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=Reason.UNDECIDED,
        sentence=f"{told}; {found}: {wanted} is not yet shown.",
    )


GATE = GateKind("reviews", GateFamily.ADOPTION, Settings, judge)
