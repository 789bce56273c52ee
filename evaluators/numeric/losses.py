"""The measure `loss_sums` as sums of losses per segment and day, in the decision's own unit.

A case counts when its outcome is known. Where the candidate did not answer, production's value
stands, so both losses are equal there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import Segment
from data_contracts.vocabulary import Loss
from evaluators.columns import NO_DAY
from evaluators.numeric.loss_columns import ErrorSize, LossReader, added
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import DayClusters
from evaluators.scope import Scope
from evaluators.statistics.moments import Moments
from evaluators.statistics.serial import long_run
from evaluators.terms import Terms
from evaluators.weeks import mature_cases

Numbers = NDArray[np.float64]

_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Spread:
    """How sure a mean is; arrays of shape (segments,).

    Attributes
    ----------
    variance
        Of the mean, with days that resemble the day before.
    alone
        The same if all cases were independent.
    effective
        Independent days that would tell as much; cases, where cases carry no days.
    """

    variance: Numbers
    alone: Numbers
    effective: Numbers


@dataclass(frozen=True, slots=True)
class LossTable:
    """Sums over cases with a known outcome; `part` numbers production, candidate, outcome size.

    Attributes
    ----------
    segments
        What the segments are.
    compared, open_differ
        All cases per segment, and those of them that differ without an outcome.
    n
        Cases summed up, shape (segments,).
    sums
        Shape (part, segments).
    products
        Sums of products, shape (part, part, segments).
    days, day_n, day_sums
        The (segment, day) clusters, their cases and sums; (clusters,) and (part, clusters).
    dated
        Whether cases carry days at all.
    horizon
        Days over which the errors of forecasts overlap.
    """

    segments: tuple[Segment, ...]
    compared: Numbers
    open_differ: Numbers
    n: Numbers
    sums: Numbers
    products: Numbers
    days: DayClusters
    day_n: Numbers
    day_sums: Numbers
    dated: bool
    horizon: int = 1

    @property
    def means(self) -> Numbers:
        """Mean of each part per segment; NaN without a case."""
        return np.where(self.n > 0, self.sums / np.maximum(self.n, 1), np.nan)

    @property
    def clusters(self) -> Numbers:
        """Days with a case, per segment; 0 where cases carry no days."""
        if not self.dated:
            return np.zeros(len(self.segments))
        has_cases = (self.day_n > 0).astype(float)
        return added(has_cases, self.days.segment, len(self.segments))

    def moments(self) -> Moments:
        """Return the moments of both losses: x is production's, y the candidate's."""
        square = self.products
        between = square[0, 0] + square[1, 1] - 2 * square[0, 1]
        return Moments.from_sums(
            self.n, self.sums[0], self.sums[1], square[0, 0], square[1, 1], between
        )

    def spread(self, *weights: Numbers | float) -> Spread:
        """Return the variance of the mean of a weighted sum of the parts.

        Parameters
        ----------
        weights
            One number, or one a segment, for each part.

        Notes
        -----
        That of `serial.long_run` over days, and never below that of independent cases. NaN with
        fewer than two cases.
        """
        known = np.zeros((3, len(self.segments)))
        for part, weight in enumerate(weights):
            known[part] = weight
        known = np.where(np.isfinite(known), known, 0.0)
        n = np.maximum(self.n, 1)
        mean = (known * self.sums).sum(0) / n
        square = np.einsum("is,js,ijs->s", known, known, self.products)
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = np.maximum(square / n - mean**2, 0) / (n - 1)
        alone = np.where(self.n > 1, spread, np.nan)
        if not self.dated or not len(self.days):
            return Spread(alone, alone, self.n)
        of = self.days.segment
        left = (known[:, of] * self.day_sums).sum(0) - mean[of] * self.day_n
        clusters = self.clusters
        found = [
            long_run(table, clusters[part], self.horizon)
            for part, table in self.day_tables(left, 0.0)
        ]
        wide = np.concatenate([variance for variance, _ in found]) / n**2
        effective = np.concatenate([worth for _, worth in found])
        return Spread(np.fmax(alone, np.where(self.n > 1, wide, np.nan)), alone, effective)

    def day_tables(self, values: Numbers, missing: float) -> Iterator[tuple[slice, Numbers]]:
        """Yield values of clusters as tables of shape (segments, days), some segments at a time.

        Parameters
        ----------
        values
            One of each cluster; cases without a day are left out.
        missing
            What stands on days without a case.
        """
        span = int(self.days.day.max(initial=0)) + 1
        step = max(1, _CELLS // span)
        for start in range(0, len(self.segments), step):
            stop = min(start + step, len(self.segments))
            inside = slice(*np.searchsorted(self.days.segment, [start, stop]))
            table = np.full((stop - start, span), missing)
            table[self.days.segment[inside] - start, self.days.day[inside]] = values[inside]
            yield slice(start, stop), table[:, 1:]  # day 0 holds cases without a day


def loss_table(
    cases: CaseCounts, scope: Scope, quantity: ErrorSize, filled: float | None = None
) -> LossTable:
    """Return the sums of one quantity for the mature cases among some.

    Parameters
    ----------
    cases
        Rows of `loss_sums`.
    filled
        None: cases with a known outcome. Else all cases, with production's loss minus the
        candidate's as the first part (the others are 0), and for cases without an outcome this
        number times how far the two values lie apart.
    """
    mature = mature_cases(cases, scope)
    days = DayClusters.of(mature)
    reader = LossReader(mature, days, scope.terms)
    part = registered_quantity(scope.terms) if quantity is ErrorSize.REGISTERED else quantity
    sums, products, day_sums = reader.of(part)
    n, day_n = reader.per_segment("known"), reader.per_day("known")
    if filled is not None:
        square = products[0, 0] + products[1, 1] - 2 * products[0, 1]
        gap, squares = filled * reader.per_segment("open_d", 1), filled**2
        sums = _first(sums[0] - sums[1] + gap)
        products = _corner(square + squares * reader.per_segment("open_dd", 2))
        day_sums = _first(day_sums[0] - day_sums[1] + filled * reader.per_day("open_d", 1))
        n, day_n = reader.per_segment("n"), reader.per_day("n")
    return LossTable(
        cases.segments,
        reader.per_segment("n"),
        reader.per_segment("open_differ"),
        n,
        sums,
        products,
        days,
        day_n,
        day_sums,
        bool((mature.day != NO_DAY).any()),
        scope.terms.horizon_days,
    )


def registered_quantity(terms: Terms) -> ErrorSize:
    """Return which sums hold the registered loss: its own where it is cut or of a quantile."""
    if terms.loss is Loss.QUANTILE or terms.largest_loss is not None:
        return ErrorSize.REGISTERED
    return ErrorSize.ABSOLUTE if terms.loss is Loss.ABSOLUTE else ErrorSize.SQUARED


def steepness(terms: Terms, quantity: ErrorSize) -> float | None:
    """Return by how much a loss grows at most with the error; None where there is no limit.

    So many times the distance of two values is the most by which their losses can differ,
    whatever the outcome.
    """
    if quantity is ErrorSize.ABSOLUTE:
        return 1.0
    if quantity is ErrorSize.REGISTERED and terms.loss is Loss.ABSOLUTE:
        return 1.0
    if quantity is ErrorSize.REGISTERED and terms.loss is Loss.QUANTILE:
        return max(terms.quantile or 0.0, 1 - (terms.quantile or 0.0))
    return None


def _first(values: Numbers) -> Numbers:
    return np.stack([values, np.zeros_like(values), np.zeros_like(values)])


def _corner(values: Numbers) -> Numbers:
    found = np.zeros((3, 3, len(values)))
    found[0, 0] = values
    return found
