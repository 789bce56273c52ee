"""Whether the candidate is right often enough where it is sure, and sure often enough."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.looks import looks, why_no_look
from evaluators.planning.forecast import at_first_look
from evaluators.scope import Scope
from evaluators.scoring.confidence import Confidence
from evaluators.scoring.score_words import NO_PROBABILITY, no_scores, outside
from evaluators.scoring.scores import BINS, ScoreSums, says_how_sure, thresholds
from evaluators.scoring.threshold_looks import best_now, first_shown, forecast_of, never
from evaluators.weeks import is_timeless
from evaluators.wording import INDEPENDENT, count, day, percent, plain_percent

SMALL = 1_000
"""Outcomes below which a guarantee of five percent is out of reach in practice."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What must hold where the candidate is sure.

    Attributes
    ----------
    threshold
        Least confidence of the cases that the candidate answers, a multiple of 0.02; without it
        any of the fixed thresholds will do.
    error
        Largest share of wrong answers among them.
    coverage
        Least share of all cases that must be answered.
    """

    threshold: float | None = None
    error: float = 0.05
    coverage: float = 0.5

    def __post_init__(self) -> None:
        for name, value in (("error", self.error), ("coverage", self.coverage)):
            if not 0 < value < 1:
                raise ValueError(f"`{name}` must be above 0 and below 1")
        if self.threshold is not None:
            steps = self.threshold * BINS
            if not 0 <= self.threshold < 1 or abs(steps - round(steps)) > 1e-9:
                raise ValueError(
                    "`threshold` must be a multiple of 0.02 from 0 to 0.98:"
                    " scores are counted in fiftieths"
                )


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS from the first look on at which a threshold is shown to keep both limits.

    Notes
    -----
    Confidence is the score where it is one, ``max(p, 1 - p)`` where it is a probability. At each
    look the share of errors above the threshold (outcomes that are not known are errors) is shown
    below `error` and the share of cases above it over `coverage` by e-values of the counts,
    deflated for days that differ. With one registered threshold both must be shown, each at half
    of the study's alpha. Without one, half of that goes to all errors together, shared out over
    the fixed thresholds by the fallback procedure, and half to the coverages, which fall with the
    threshold and so need no sharing. So the chance that a threshold ever passes that does not keep
    both is at most half of the study's alpha.

    References
    ----------
    Angelopoulos, Bates, Candes, Jordan & Lei (2021), arXiv:2110.01052; Waudby-Smith & Ramdas
    (2024), doi:10.1093/jrsssb/qkad009; Wiens & Dmitrienko (2005), doi:10.1080/10543400500265660.
    """
    chosen = settings.threshold
    where = "some confidence" if chosen is None else f"a confidence of {chosen:.2f}"
    rule = (
        f"Above {where} at most {plain_percent(settings.error)} of answers are wrong, for at least"
        f" {plain_percent(settings.coverage)} of cases"
    )
    result = partial(
        GateResult, name, "threshold", GateFamily.RISK, rule=rule, threshold=settings.error
    )
    nothing = partial(result, status=Status.NO_DATA, measured="no scores to judge")
    if not says_how_sure(scope):
        return nothing(reason=Reason.NOT_APPLICABLE, sentence=NO_PROBABILITY)
    lowest = float(thresholds(scope.terms.score)[-1])
    if chosen is not None and chosen < lowest - 1e-9:
        return nothing(
            reason=Reason.NOT_APPLICABLE,
            sentence=f"The confidence of a probability is never below {lowest:.2f},"
            f" so a threshold of {chosen:.2f} leaves nothing out.",
        )
    table = measures.get("score_sums")
    if table is None or len(table) == 0:
        return nothing(reason=Reason.NO_CASES, sentence=no_scores())
    strange = ScoreSums.of(table, scope).outside
    if strange:
        return nothing(reason=Reason.SCORES_OUTSIDE, sentence=outside(strange))
    every = looks(CaseCounts.of_measures(measures).only([0]), scope)
    if every.reason in (Reason.NO_CASES, Reason.NOT_MATURE):
        return nothing(
            reason=every.reason,
            sentence=why_no_look(every, scope),
            forecast=at_first_look(every, scope),
        )
    found = Confidence.of(measures, scope, every.ends)
    found = found if chosen is None else found.only(chosen)
    waiting = why_no_look(every, scope)
    error, coverage, alpha = settings.error, settings.coverage, scope.alpha / 2
    passed = None if waiting else first_shown(found, every, error, coverage, alpha)
    end = (len(every.ends) if every.latest is None else every.latest + 1) - 1
    end = min(max(end, 0), found.n.shape[1] - 1)
    place = passed.place if passed else best_now(found, end, error, coverage)
    n, unknown = int(found.n[place, end]), int(found.unknown[place, end])
    low, high = (float(side[place, end]) for side in found.risk_bounds(scope.alpha))
    risk, covered = float(found.risk[place, end]), float(found.coverage[place, end])
    told = (
        f"above a confidence of {found.least[place]:.2f} it answers {percent(covered, coverage)} of"
        f" cases and is wrong in {percent(risk, error)} of them"
        f" (at any look {percent(low, error)} to {percent(high, error)}; {count(n, 'case')})"
    )
    numbers = partial(
        result,
        measured=f"{percent(risk, error)} wrong, {percent(covered, coverage)} answered",
        value=None if np.isnan(risk) else risk,
        low=low,
        high=high,
        n=n,
    )
    caveat = f" {INDEPENDENT}" if is_timeless(scope) else ""
    if passed and not never(found, end, error, coverage, alpha, place):
        kept = f" This was shown on {day(passed.since)}." if passed.since else ""
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"The candidate is right often enough where it is sure: {told}.{kept}{caveat}",
            since=passed.since,
        )
    if not waiting and never(found, end, error, coverage, alpha):
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence="The candidate is wrong too often where it is sure, or sure too seldom:"
            f" {told}.{caveat}",
        )
    small = ""
    if n - unknown < SMALL:
        small = (
            f" Below about {SMALL:,} outcomes above the threshold a guarantee of"
            f" {plain_percent(error)} is hardly within reach."
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=every.reason if waiting else Reason.UNDECIDED,
        sentence="It is not yet shown that the candidate is right often enough where it is sure:"
        f" {told}.{small}" + (f" {waiting}" if waiting else "") + caveat,
        forecast=forecast_of(found, every, scope, place, error, coverage, alpha),
    )


GATE = GateKind("threshold", GateFamily.RISK, Settings, judge, ("score_sums", "outcome_counts"))
