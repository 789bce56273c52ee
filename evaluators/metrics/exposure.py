"""Cases whose decider had seen the recommendation: how often they followed it, and rightly so."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import WHOLE
from data_contracts.vocabulary import Answer, Reason
from evaluators.columns import UNKNOWN, Columns, Measures
from evaluators.kinds import Evaluator
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import DayClusters, Shares
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.statistics.intervals import wilson
from evaluators.worth.counted import column

SHARE = "share of cases; interval valid at any look (mixture betting, day clusters)"
GAIN = "two shares, each by a sequence valid at any look; cases are not exposed at random"
RELIANCE = "Wilson score interval for one look, cases taken as independent"


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return how exposed cases differ from others, and how well people rely on the candidate.

    Notes
    -----
    None of it enters a comparison: exposed cases are left out there. `agreement_gain` is the
    agreement of exposed cases less that of the others; only where chance decides who sees the
    recommendation is it the effect of seeing it. `override_rate` is the share of exposed cases
    decided otherwise than recommended, also split by whether the recommendation was right.
    `relies_when_right` (RAIR) and `keeps_own_when_right` (RSR) need `initial_decision`: of those
    who were wrong at first and had the right advice, how many ended right; of those who were right
    at first and had wrong advice, how many stayed right. Nothing is said without an exposed case.

    References
    ----------
    Schemmer, Kuehl, Benz, Bartos & Satzger (2023), doi:10.1145/3581641.3584066; Wilson (1927),
    doi:10.1080/01621459.1927.10502953.
    """
    cases = CaseCounts.of_measures(measures)
    if not cases.answered(Answer.EXPOSED).any():
        return ()
    found = [*_agreement(cases, scope), *_overrides(cases, scope)]
    return (*found, *_reliance(measures["reliance_counts"], scope))


def _agreement(cases: CaseCounts, scope: Scope) -> Iterator[Findings]:
    agree, clusters = cases.column("agree"), DayClusters.of(cases)
    sides = {
        "exposed": cases.answered(Answer.EXPOSED) & (agree != UNKNOWN),
        "unexposed": cases.answered(Answer.ANSWERED) & (agree != UNKNOWN),
    }
    shares = {name: Shares.of(cases, base, agree == 1, clusters) for name, base in sides.items()}
    for name, share in shares.items():
        yield Findings.measured(
            f"agreement_{name}",
            scope,
            cases.segments,
            share.estimate,
            share.interval(scope.alpha),
            share.n,
            SHARE,
            first_reason((share.n == 0, Reason.NO_CASES)),
        )
    exposed, other = shares["exposed"], shares["unexposed"]
    # Half of the error for each share: the difference of two such intervals holds both at once.
    ends = [share.interval(scope.alpha / 2) for share in (exposed, other)]
    both = np.where(other.n > 0, exposed.n, 0)
    yield Findings.measured(
        "agreement_gain",
        scope,
        cases.segments,
        exposed.estimate - other.estimate,
        (ends[0][0] - ends[1][1], ends[0][1] - ends[1][0]),
        both,
        GAIN,
        first_reason((both == 0, Reason.NO_CASES)),
    )


def _overrides(cases: CaseCounts, scope: Scope) -> Iterator[Findings]:
    agree, right = cases.column("agree"), cases.column("candidate_right")
    exposed, clusters = cases.answered(Answer.EXPOSED) & (agree != UNKNOWN), DayClusters.of(cases)
    bases = {
        "override_rate": exposed,
        "override_rate_when_right": exposed & (right == 1),
        "override_rate_when_wrong": exposed & (right == 0),
    }
    for metric, base in bases.items():
        share = Shares.of(cases, base, agree == 0, clusters)
        yield Findings.measured(
            metric,
            scope,
            cases.segments,
            share.estimate,
            share.interval(scope.alpha),
            share.n,
            SHARE,
            first_reason((share.n == 0, Reason.NO_CASES)),
        )


def _reliance(table: Columns, scope: Scope) -> Iterator[Findings]:
    n = column(table, "n")
    if not len(n):
        return
    exposed = table["answer"] == table.code("answer", Answer.EXPOSED)
    before, advice, after = (
        column(table, f"{what}_right") for what in ("initial", "candidate", "final")
    )
    followed, agreed = column(table, "followed"), column(table, "agreed_before")

    def rate(metric: str, base: NDArray[np.bool_], hit: NDArray[np.bool_]) -> Findings:
        of = np.array([n[exposed & base].sum()])
        hits = np.array([n[exposed & base & hit].sum()])
        share = np.where(of > 0, hits / np.maximum(of, 1), np.nan)
        reason = first_reason((of == 0, Reason.NO_CASES))
        return Findings.measured(
            metric, scope, (WHOLE,), share, wilson(hits, of, scope.alpha), of, RELIANCE, reason
        )

    yield rate("relies_when_right", (before == 0) & (advice == 1), after == 1)
    yield rate("keeps_own_when_right", (before == 1) & (advice == 0), after == 1)
    yield rate("switched", agreed == 0, followed == 1)


EVALUATOR = Evaluator(
    "exposure",
    "How people decide who have seen the recommendation",
    ("outcome_counts", "reliance_counts"),
    evaluate,
)
