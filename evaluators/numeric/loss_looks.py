"""How the difference of losses stood at each look of the gate `loss`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import Forecast
from evaluators.columns import Measures
from evaluators.numeric.loss_bins import EDGES, Masses, masses
from evaluators.numeric.loss_columns import ErrorSize
from evaluators.numeric.loss_intervals import LEAST_DAYS, around, burnt_in, ratio_interval
from evaluators.numeric.losses import LossTable, loss_table, registered_quantity, steepness
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.looks import Looks
from evaluators.planning.forecast import at_first_look, of_narrowing
from evaluators.scope import Scope
from evaluators.statistics.atoms import log_e_of_atoms, sequence_of_atoms
from evaluators.statistics.betting import general_grid
from evaluators.statistics.paired_means import slopes_of_ratio
from evaluators.weeks import is_timeless

Numbers = NDArray[np.float64]

WAPE = "wape"


@dataclass(frozen=True, slots=True)
class Question:
    """What the gate asks: of which metric, and whether of its difference or of its improvement.

    Attributes
    ----------
    metric
        `absolute`, `squared`, `quantile` or `wape`.
    relative
        Whether the improvement relative to production is asked for.
    limit
        What the difference, or the improvement, must be shown to be above.
    missing
        Largest share of mature cases without an outcome, where they cannot be filled.
    """

    metric: str
    relative: bool
    limit: float
    missing: float

    def quantity(self, scope: Scope) -> ErrorSize:
        """Return the sums the metric rests on."""
        if self.metric == scope.terms.loss:
            return registered_quantity(scope.terms)
        return ErrorSize.SQUARED if self.metric == "squared" else ErrorSize.ABSOLUTE

    def bets(self, scope: Scope) -> bool:
        """Return whether bets can be placed: on the registered loss where it is bounded."""
        bounded = scope.terms.largest_loss is not None
        return bounded and not self.relative and self.metric == scope.terms.loss


@dataclass(frozen=True, slots=True)
class Stand:
    """How things stood at one look; numbers in the unit of the limit.

    Attributes
    ----------
    ready
        Whether there is enough for an interval of this kind.
    filled
        Whether cases without an outcome are filled with the worst and the best.
    n, known, missing
        Mature cases compared, those with an outcome, and those without.
    effective
        Independent days that would tell as much; infinite where cases carry no days.
    """

    value: float
    low: float
    high: float
    ready: bool
    filled: bool
    n: int
    known: int
    missing: int
    effective: float

    @property
    def enough_days(self) -> bool:
        """Whether the days tell as much as `LEAST_DAYS` independent ones."""
        return self.effective >= LEAST_DAYS

    def enough_known(self, question: Question) -> bool:
        """Return whether so few outcomes are missing that the interval may be believed."""
        return self.filled or self.missing <= question.missing * self.n


def stand(measures: Measures, scope: Scope, question: Question, end: int | None) -> Stand:
    """Return how things stood at the end of a day; None: for all mature cases."""
    cases = CaseCounts.of(measures["loss_sums"]).only([0]).until(end)
    quantity = question.quantity(scope)
    steep = steepness(scope.terms, quantity)
    table = loss_table(cases, scope, quantity)
    filled = (
        not question.relative
        and question.metric != WAPE
        and (steep is not None or question.bets(scope))
    )
    ready = bool(burnt_in(table)[0])
    value: Numbers | float
    low: Numbers | float
    high: Numbers | float
    if question.bets(scope):
        value, low, high = _by_bets(measures, scope, cases, quantity, end)
        ready = True
    elif question.relative:
        value, low, high = _relative(table, cases, scope, quantity)
    elif question.metric == WAPE:
        gap, size = table.means[0] - table.means[1], table.means[2]
        value = of_both = _over(gap, size)
        of_gap, of_size = slopes_of_ratio(gap, size)
        low, high = around(table, of_both, scope.alpha, of_gap, -of_gap, of_size)
    else:
        value, low, high = _difference(table, cases, scope, quantity)
    n, known = int(table.compared[0]), int(table.n[0])
    days = float(table.spread(1.0, -1.0).effective[0]) if table.dated else math.inf
    return Stand(_first(value), _first(low), _first(high), ready, filled, n, known, n - known, days)


def _first(number: Numbers | float) -> float:
    return float(np.atleast_1d(number)[0])


def passes_by_bets(
    measures: Measures, scope: Scope, question: Question, ends: np.ndarray
) -> np.ndarray:
    """Return for each end whether bets on the bounded loss showed it above the limit."""
    largest = scope.terms.largest_loss or 1.0
    found = masses(measures["loss_difference_bins"], scope.terms, scope.first_day, ends)
    whole = CaseCounts.of(measures["loss_sums"]).only([0])
    quantity = question.quantity(scope)
    parts = [whole.until(int(end)) for end in ends]
    shrunk = np.array([_effect(part, scope, quantity) for part in parts])
    spreads = [loss_table(part, scope, quantity).spread(1.0, -1.0) for part in parts]
    enough = np.array([spread.effective[0] >= LEAST_DAYS for spread in spreads], np.bool_)
    at = max(question.limit / largest, -1 + 1e-9)
    log_e = log_e_of_atoms(found.worst / shrunk[:, None], EDGES, at, general_grid())
    shown: np.ndarray = enough & (log_e >= -math.log(scope.alpha / 2))
    return shown


def _by_bets(
    measures: Measures, scope: Scope, cases: CaseCounts, quantity: ErrorSize, end: int | None
) -> tuple[float, float, float]:
    largest = scope.terms.largest_loss or 1.0
    ends = np.array([] if end is None else [end], np.int64)
    first = None if is_timeless(scope) else scope.first_day
    found: Masses = masses(measures["loss_difference_bins"], scope.terms, first, ends)
    effect, grid = _effect(cases, scope, quantity), general_grid()
    worst, best = found.worst[0] / effect, found.best[0] / effect
    low, high = sequence_of_atoms(worst, best, EDGES, scope.alpha, grid)
    total = (found.known[0] + found.at_stake[0]).sum()
    known = found.known[0].sum()
    value = float((found.known[0] * EDGES).sum() / total) if known else math.nan
    return value * largest, float(low) * largest, float(high) * largest


def _effect(cases: CaseCounts, scope: Scope, quantity: ErrorSize) -> float:
    """Return how much less the cases tell than independent ones: days, and days like the last."""
    steep = steepness(scope.terms, quantity)
    ways = (0.0,) if steep is None else (-steep, 0.0, steep)
    found = 1.0
    for filled in ways:
        spread = loss_table(cases, scope, quantity, filled).spread(1.0)
        if spread.alone[0] > 0:
            found = max(found, float(spread.variance[0] / spread.alone[0]))
    return found


def _difference(
    table: LossTable, cases: CaseCounts, scope: Scope, quantity: ErrorSize
) -> tuple[Numbers, Numbers, Numbers]:
    steep = steepness(scope.terms, quantity)
    if steep is None:
        value = table.means[0] - table.means[1]
        low, high = around(table, value, scope.alpha, 1.0, -1.0)
        return value, low, high
    worst, plain, best = (loss_table(cases, scope, quantity, f * steep) for f in (-1.0, 0.0, 1.0))
    low = around(worst, worst.means[0], scope.alpha, 1.0)[0]
    high = around(best, best.means[0], scope.alpha, 1.0)[1]
    return np.where(table.n > 0, plain.means[0], np.nan), low, high


def _relative(
    table: LossTable, cases: CaseCounts, scope: Scope, quantity: ErrorSize
) -> tuple[Numbers, Numbers, Numbers]:
    steep, gap = steepness(scope.terms, quantity), None
    if steep is not None:
        plain, best = (loss_table(cases, scope, quantity, f * steep) for f in (0.0, 1.0))
        more = (best.sums[0] - plain.sums[0]) / np.maximum(table.n, 1)
        gap = (-more, more)
    low, high = ratio_interval(table, scope.alpha, gap)
    return 1 - _over(table.means[1], table.means[0]), 1 - high, 1 - low


def _over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = np.where(below != 0, above / below, np.nan)
    return found


def expected(found: Looks, scope: Scope, now: Stand, question: Question) -> Forecast | None:
    """Return when the gate is expected to pass, by the square-root law.

    Notes
    -----
    The good and the bad case move the number by a fifth of the distance to its lower end, about
    half of the probability of an interval valid at every look. With missing outcomes that cannot
    be filled no day can be named.
    """
    if is_timeless(scope):
        return None
    usable = math.isfinite(now.value) and math.isfinite(now.low) and len(found.ends) > 0
    if not (
        found.allowed.any()
        and usable
        and now.ready
        and now.enough_days
        and now.enough_known(question)
    ):
        return at_first_look(found, scope)
    return of_narrowing(scope, now.value - question.limit, now.value - now.low, int(found.ends[-1]))
