"""Whether the candidate's errors are, on average, small enough beside production's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.vocabulary import DecisionType, GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.numeric.loss_caveats import caveats
from evaluators.numeric.loss_intervals import LEAST_CASES, LEAST_DAYS
from evaluators.numeric.loss_looks import Question, Stand, expected, passes_by_bets, stand
from evaluators.numeric.loss_words import NAMES, improvement, number, rule
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.looks import Looks, looks, no_mature_cases, why_no_look
from evaluators.planning.forecast import at_first_look
from evaluators.scope import Scope
from evaluators.weeks import is_timeless, to_date
from evaluators.wording import count, joined, kept, level, percent, plain_percent


@dataclass(frozen=True, slots=True)
class Settings:
    """How much larger the candidate's mean loss may be, or by how much it must be smaller.

    Attributes
    ----------
    margin
        Largest acceptable rise of the mean loss, in the decision's own unit (its square for
        squared loss, a fraction for `wape`); 0 asks for an improvement.
    relative
        In place of `margin`: least improvement as a fraction of production's mean loss. 0.05: at
        least 5 % smaller; -0.02: at most 2 % larger.
    metric
        `absolute`, `squared`, `quantile` or `wape`; empty for the study's loss.
    missing
        Largest share of mature cases without an outcome, where they cannot be filled.
    """

    margin: float | None = None
    relative: float | None = None
    metric: str = ""
    missing: float = 0.01

    def __post_init__(self) -> None:
        if (self.margin is None) == (self.relative is None):
            raise ValueError("one of `margin` and `relative`, and not both")
        if self.margin is not None and not 0 <= self.margin < math.inf:
            raise ValueError("`margin` must be at least 0")
        if self.relative is not None and not -1 < self.relative < 1:
            raise ValueError("`relative` must be above -1 and below 1")
        if self.metric and self.metric not in NAMES:
            raise ValueError(f"`metric` must be {joined([*NAMES])}, or left out")
        if not 0 <= self.missing < 1:
            raise ValueError("`missing` must be at least 0 and below 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS from the first look on at which the loss is shown to be within the limit.

    Notes
    -----
    Looks at the end of every whole week of mature days, from 14 days on, once days tell as
    much as 30 independent ones.
    With `largest_loss` and a margin on the registered loss, bets on the histogram of differences
    give finite-sample evidence; else an asymptotic confidence sequence over days, from 200 cases
    on. Both count serial correlation between days. Cases without an outcome are filled with the
    worst where the difference of two losses is bounded (a margin on absolute or quantile loss, or
    `largest_loss`); else the gate waits while more than `missing` of them are open.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Waudby-Smith et al. (2024),
    doi:10.1214/24-AOS2408; Fieller (1954), doi:10.1111/j.2517-6161.1954.tb00159.x; Newey & West
    (1987), doi:10.2307/1913610; Diebold & Mariano (1995), doi:10.1080/07350015.1995.10524599.
    """
    question = _question(settings, scope)
    asked = rule(question.metric, question.relative, question.limit)
    result = partial(
        GateResult,
        name,
        "loss",
        GateFamily.QUALITY,
        rule=f"Over all cases {asked}",
        threshold=question.limit,
    )
    fault = _does_not_fit(question, scope)
    if fault:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NOT_APPLICABLE,
            sentence=fault,
            measured="not applicable",
        )
    found = looks(CaseCounts.of(measures["outcome_counts"]).only([0]), scope)
    if found.too_early:
        return no_mature_cases(result, found, scope, at_first_look(found, scope))
    whole = CaseCounts.of(measures["loss_sums"]).only([0]).table  # looked at again and again
    measures = {**measures, "loss_sums": whole}
    now = stand(measures, scope, question, _latest(found))
    if math.isnan(now.value):
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_OUTCOMES,
            sentence="No outcome is known yet of the cases that are old enough.",
            measured="no outcomes",
            n=now.n,
            forecast=at_first_look(found, scope),
        )
    return _decided(result, found, now, question, measures, scope)


def _decided(
    result: partial[GateResult],
    found: Looks,
    now: Stand,
    question: Question,
    measures: Measures,
    scope: Scope,
) -> GateResult:
    show = improvement if question.relative else number
    span = f"{level(scope.alpha)} interval not estimable"
    if math.isfinite(now.low) and math.isfinite(now.high):
        span = f"{level(scope.alpha)} interval {show(now.low)} to {show(now.high)}"
    asked = rule(question.metric, question.relative, question.limit)
    what = "Improvement" if question.relative else "Difference"
    told = f"{what.lower()} {show(now.value)} ({span}; {count(now.known, 'case')})"
    more = caveats(now, question, measures, scope, _latest(found))
    numbers = partial(
        result,
        measured=f"{show(now.value)} ({span})",
        value=now.value,
        low=now.low if math.isfinite(now.low) else None,
        high=now.high if math.isfinite(now.high) else None,
        n=now.known,
    )
    waiting = _waiting(found, now, question, scope)
    if not waiting and now.high < question.limit:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"It is not so that {asked}: {told}.{more}",
        )
    shown, since = _first_shown(found, question, measures, scope)
    if shown:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"Over all cases {asked}: {told}."
            f"{kept(since, still=now.low > question.limit)}{more}",
            since=since,
        )
    reason = Reason.UNDECIDED
    if found.reason is not Reason.OK:
        reason = found.reason
    elif not now.ready:
        reason = Reason.TOO_FEW_CASES
    elif not now.enough_days:
        reason = Reason.TOO_FEW_CLUSTERS
    elif waiting:
        reason = Reason.NO_OUTCOMES
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=reason,
        sentence=f"It is not yet shown that {asked}: {told}."
        + (f" {waiting}" if waiting else "")
        + more,
        forecast=expected(found, scope, now, question),
    )


def _question(settings: Settings, scope: Scope) -> Question:
    relative = settings.margin is None
    limit = settings.relative if settings.margin is None else -settings.margin
    metric = settings.metric or str(scope.terms.loss)
    return Question(metric, relative, limit or 0.0, settings.missing)


def _does_not_fit(question: Question, scope: Scope) -> str:
    if scope.decision_type is not DecisionType.NUMERIC:
        return "Losses are of numeric decisions; this one is of another kind."
    if question.metric == "quantile" and str(scope.terms.loss) != "quantile":
        return "The study registers no quantile, so there is no quantile loss to compare."
    return ""


def _latest(found: Looks) -> int | None:
    return None if found.latest is None else int(found.ends[found.latest])


def _waiting(found: Looks, now: Stand, question: Question, scope: Scope) -> str:
    """Return in a sentence why nothing can be decided yet; empty where it can."""
    early = why_no_look(found, scope)
    if early:
        return early
    if not now.ready:
        return f"At least {LEAST_CASES} cases with an outcome are needed."
    if not now.enough_days:
        return (
            "The differences of days in a row resemble each other: so far they tell as much as"
            f" {int(now.effective)} independent days, and at least {LEAST_DAYS} are needed."
        )
    if not now.enough_known(question):
        return (
            f"{percent(now.missing / now.n)} of the cases have no outcome though it is due; at most"
            f" {plain_percent(question.missing)} may, since they cannot be filled with the worst."
        )
    return ""


def _first_shown(
    found: Looks, question: Question, measures: Measures, scope: Scope
) -> tuple[bool, date | None]:
    if found.reason is not Reason.OK:
        return False, None
    if is_timeless(scope):
        return _shows(stand(measures, scope, question, None), question), None
    ends = found.ends[found.allowed]
    if question.bets(scope):
        above = passes_by_bets(measures, scope, question, ends)
        return bool(above.any()), to_date(ends[np.argmax(above)]) if above.any() else None
    for end in ends.tolist():
        if _shows(stand(measures, scope, question, end), question):
            return True, to_date(end)
    return False, None


def _shows(at: Stand, question: Question) -> bool:
    believed = at.ready and at.enough_days and at.enough_known(question)
    return believed and at.low > question.limit


GATE = GateKind(
    "loss",
    GateFamily.QUALITY,
    Settings,
    judge,
    ("outcome_counts", "loss_sums", "loss_difference_bins"),
)
