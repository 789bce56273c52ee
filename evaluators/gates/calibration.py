"""Whether scores come true as often as they say, but for a limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from data_contracts.findings import Forecast, GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.looks import Looks, looks, why_no_look
from evaluators.planning.forecast import at_first_look, of_narrowing
from evaluators.scope import Scope
from evaluators.scoring.calibrated import Calibrated
from evaluators.scoring.score_words import NO_PROBABILITY, no_scores, outside
from evaluators.scoring.scores import ScoreSums, says_how_sure
from evaluators.weeks import is_timeless, to_date
from evaluators.wording import INDEPENDENT, count, kept


@dataclass(frozen=True, slots=True)
class Settings:
    """How far from the truth scores may be.

    Attributes
    ----------
    at_most
        Largest root-mean-square distance between what scores say and how often they come true,
        as a fraction: 0.05 is five points.
    """

    at_most: float = 0.05

    def __post_init__(self) -> None:
        if not 0.005 <= self.at_most < 0.5:
            raise ValueError("`at_most` must be at least 0.005 and below 0.5")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS from the first look on at which the calibration error is shown below the limit.

    Notes
    -----
    Over ten bins of scores, all cases together. The upper bound comes from a joint test of all
    bins (`calibration_bounds`), is valid at every look, takes every outcome that is not known the
    worst way round, and is widened for days that differ. So a candidate whose error is at the
    limit or above ever passes with probability at most half of the study's alpha. The number shown
    is debiased; a number below noise is shown as 0.

    References
    ----------
    Kumar, Liang & Ma (2019), arXiv:1909.10155; Waudby-Smith & Ramdas (2024),
    doi:10.1093/jrsssb/qkad009; Rao & Scott (1992), doi:10.2307/2532311.
    """
    limit, alpha = settings.at_most, scope.alpha / 2
    result = partial(
        GateResult,
        name,
        "calibration",
        GateFamily.QUALITY,
        rule=f"Scores are at most {_size(limit)} points from how often they come true",
        threshold=limit,
    )
    nothing = partial(result, status=Status.NO_DATA, measured="no scores to judge")
    if not says_how_sure(scope):
        return nothing(reason=Reason.NOT_APPLICABLE, sentence=NO_PROBABILITY)
    table = measures.get("score_sums")
    if table is None or len(table) == 0:
        return nothing(reason=Reason.NO_CASES, sentence=no_scores())
    every = looks(CaseCounts.of_measures(measures).only([0]), scope)
    sums = ScoreSums.at_looks(table, scope, every)
    if sums.outside:
        return nothing(reason=Reason.SCORES_OUTSIDE, sentence=outside(sums.outside))
    if every.reason in (Reason.NO_CASES, Reason.NOT_MATURE):
        return nothing(
            reason=every.reason,
            sentence=why_no_look(every, scope),
            forecast=at_first_look(every, scope),
        )
    found = Calibrated.of(sums)
    last = -1 if every.latest is None else every.latest
    n = int(found.cases[last])
    if n == 0:
        return nothing(
            reason=Reason.NO_OUTCOMES,
            sentence="No outcome is known yet of a case with a score.",
            forecast=at_first_look(every, scope),
        )
    lows, highs = found.bounds(alpha)
    value, low, high = float(found.estimate[last]), float(lows[last]), float(highs[last])
    number = f"{_size(value)} points" if value > 0 else "not above noise"
    span = f"between {_size(low)} and {_size(high)} at any look"
    told = f"{number} ({span}; {count(n, 'outcome')})"
    numbers = partial(result, measured=f"{number} ({span})", value=value, low=low, high=high, n=n)
    caveat = f" {INDEPENDENT}" if is_timeless(scope) else ""
    waiting = why_no_look(every, scope)
    if not waiting and low > limit:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence="What the scores say is further from how often they come true than the limit"
            f" of {_size(limit)} points: {told}.{caveat}",
        )
    shown, since = (False, None) if waiting else _first_shown(every, highs <= limit)
    if shown:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence="What the scores say is close to how often they come true, within the limit of"
            f" {_size(limit)} points: {told}.{kept(since, still=high <= limit)}{caveat}",
            since=since,
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=every.reason if waiting else Reason.UNDECIDED,
        sentence="It is not yet shown that the scores are within the limit of"
        f" {_size(limit)} points of how often they come true: {told}."
        + (f" {waiting}" if waiting else "")
        + caveat,
        forecast=_forecast(every, scope, value, high, limit),
    )


def _first_shown(every: Looks, shown: np.ndarray) -> tuple[bool, date | None]:
    if not len(every.ends):  # timeless: one look, no day
        return bool(shown[0]), None
    shown = shown & every.allowed
    return bool(shown.any()), to_date(every.ends[np.argmax(shown)]) if shown.any() else None


def _forecast(
    every: Looks, scope: Scope, value: float, high: float, limit: float
) -> Forecast | None:
    if every.reason is not Reason.OK:
        return at_first_look(every, scope)
    if value >= limit:
        return Forecast(reachable=False)
    if not len(every.ends):
        return None
    return of_narrowing(scope, limit - value, max(high - value, 0.0), int(every.ends[-1]))


def _size(fraction: float) -> str:
    return f"{100 * fraction:.1f}"


GATE = GateKind(
    "calibration", GateFamily.QUALITY, Settings, judge, ("score_sums", "outcome_counts")
)
