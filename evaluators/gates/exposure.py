"""Whether deciders were kept from seeing the candidate's answers, as a shadow run promises."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.vocabulary import Answer, GateFamily, Mode, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.wording import count, percent, plain_percent
from evaluators.worth.counted import column


@dataclass(frozen=True, slots=True)
class Settings:
    """How many may have been exposed.

    Attributes
    ----------
    share
        Largest share of cases whose decider saw the recommendation; none in a shadow run and no
        limit in a parallel one if left out.
    """

    share: float | None = None

    def __post_init__(self) -> None:
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError("`share` must be at least 0 and at most 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return FAIL when more cases were exposed than the mode allows.

    Notes
    -----
    Exact: it counts the cases of this study and estimates nothing. A case counts as exposed by its
    `exposed_at`; one that has an `initial_decision` and no `exposed_at` counts too, since what
    somebody meant to do before seeing a recommendation says that they saw one. Exposed cases are
    left out of every comparison; those that hide their exposure cannot be, which is why this gate
    blocks.
    """
    shadow = scope.terms.mode is Mode.SHADOW
    limit = settings.share if settings.share is not None else (0.0 if shadow else 1.0)
    most = f"at most {plain_percent(limit)}" if limit else "none"
    rule = f"Of all cases {most} may have been decided by somebody who saw the recommendation"
    result = partial(GateResult, name, "exposure", GateFamily.DATA, rule=rule, threshold=limit)
    cases = CaseCounts.of_measures(measures).only([0])
    n = int(cases.total(np.ones(len(cases.segment), np.bool_))[0])
    if n == 0:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES,
            sentence="No case has arrived yet.",
            measured="no cases",
        )
    exposed = int(cases.total(cases.answered(Answer.EXPOSED))[0])
    hidden = _hidden(measures)
    share = (exposed + hidden) / n
    numbers = partial(result, measured=f"{percent(share, limit or None)} exposed", value=share, n=n)
    told = f"{count(exposed, 'case')} of {n:,} {'was' if exposed == 1 else 'were'} exposed"
    told += " and left out of the comparison"
    if hidden:
        told += f"; {count(hidden, 'more case')} with an `initial_decision`"
        told += f" {'does' if hidden == 1 else 'do'} not say when the recommendation was seen"
    if share > limit:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"{told}: {'a shadow run' if shadow else 'the policy'} allows {most}.",
        )
    return numbers(
        status=Status.PASS,
        reason=Reason.WITHIN_LIMIT,
        sentence=f"{told}." if exposed + hidden else "No decider saw a recommendation.",
    )


def _hidden(measures: Measures) -> int:
    """Return the cases that have an initial decision and are not marked as exposed."""
    table = measures["reliance_counts"]
    n = column(table, "n")
    if not len(n):
        return 0
    return int(n[table["answer"] != table.code("answer", Answer.EXPOSED)].sum())


GATE = GateKind("exposure", GateFamily.DATA, Settings, judge, ("outcome_counts", "reliance_counts"))
