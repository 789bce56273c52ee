"""Whether over all cases the candidate is at least as good as production, but for a margin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.above_limit import Words, judge_above
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.wording import points


@dataclass(frozen=True, slots=True)
class Settings:
    """How much worse would still be acceptable.

    Attributes
    ----------
    margin
        Worst acceptable difference in accuracy, as a positive fraction: 0.01 is one point.
    """

    margin: float = 0.01

    def __post_init__(self) -> None:
        if not 0 < self.margin < 1:
            raise ValueError("`margin` must be above 0 and below 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS from the first look on at which the difference is shown above the limit.

    Notes
    -----
    The test, its looks and what it guarantees: `above_limit.judge_above`.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    limit = -settings.margin
    result = partial(
        GateResult,
        name,
        "noninferiority",
        GateFamily.QUALITY,
        rule=f"Over all cases the difference in accuracy is above {points(limit)} points",
        threshold=limit,
    )
    within = f"within the limit of {points(limit)} points"
    words = Words(
        shown=f"Over all cases the candidate is at least as good as production {within}",
        refuted=f"Over all cases the candidate is worse than the limit of {points(limit)} points",
        undecided="It is not yet shown that over all cases the candidate is at least as good"
        f" {within}",
    )
    return judge_above(result, CaseCounts.of_measures(measures).only([0]), scope, limit, words)


GATE = GateKind("noninferiority", GateFamily.QUALITY, Settings, judge, ("outcome_counts",))
