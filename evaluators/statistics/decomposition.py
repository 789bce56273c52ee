"""What moved a rate between two groups: other cases (mix), or other results within them.

Two groups (pilot and production) are cut into the same segments. With w a segment's share of a
group's cases and r its rate, the change of the overall rate over the segments that both groups
have is, exactly,

    mix = sum (w1 - w0) (r0 + r1) / 2        within = sum (r1 - r0) (w0 + w1) / 2

Segments that only one group has have no rate to compare with. They are kept as parts of their own,
so that the four parts always add up to the change of the overall rate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A change of a rate and its parts, as fractions; NaN where a group has no case.

    Attributes
    ----------
    before, after
        Overall rates of the two groups.
    mix
        What the other composition of the segments that both have explains.
    within
        What happened inside the segments that both have; with its interval.
    arrived, gone
        What segments explain that only the second, only the first group has.
    arrived_share, gone_share
        Their shares of the second, of the first group's cases.
    endowments, coefficients, interaction
        The threefold form over the common segments, seen from the first group: mix at the first
        group's rates, rates at its mix, and both at once; they add up to mix + within.
    within_error, mix_error
        Standard errors.
    """

    before: float
    after: float
    mix: float
    within: float
    within_low: float
    within_high: float
    arrived: float
    gone: float
    arrived_share: float
    gone_share: float
    endowments: float
    coefficients: float
    interaction: float
    within_error: float
    mix_error: float

    @property
    def change(self) -> float:
        """Change of the overall rate; the sum of mix, within, arrived and gone."""
        return self.after - self.before


def decompose(
    n0: ArrayLike, right0: ArrayLike, n1: ArrayLike, right1: ArrayLike, alpha: float = 0.05
) -> Decomposition:
    """Return what moved a rate from the first group to the second.

    Parameters
    ----------
    n0, right0, n1, right1
        Cases, and those of them that count, per segment; arrays of shape (segments,), segments in
        the same order. A segment that a group does not have has no case.
    alpha
        Two-sided error of the interval of `within`.

    Notes
    -----
    The interval is the delta method's, for one look, with the cases of both groups independent of
    each other and drawn anew, so that shares vary like rates do. A segment's rate r enters its
    variance as (right + 1) / (n + 2), so that a segment in which all are right is not taken as
    certain. Where days or people make cases depend on each other the interval is too narrow.
    A segment is compared with itself: what moved inside it may again be other cases. Nothing here
    says why.

    References
    ----------
    Kitagawa (1955), doi:10.1080/01621459.1955.10501299 (the symmetric form); Oaxaca (1973),
    doi:10.2307/2525981; Ñopo (2008), doi:10.1162/rest.90.2.290 (segments of one group only).

    Examples
    --------
    >>> found = decompose([80, 20], [76, 16], [50, 50], [45, 30])
    >>> [round(x, 4) for x in (found.change, found.mix, found.within)]
    [-0.17, -0.0675, -0.1025]
    """
    cases = np.stack([np.asarray(n0, float), np.asarray(n1, float)])
    right = np.stack([np.asarray(right0, float), np.asarray(right1, float)])
    total = cases.sum(axis=1)
    if cases.shape[1] == 0 or not total.all():
        return _nothing(total, right)
    common = (cases > 0).all(axis=0)
    overall = right.sum(axis=1) / total
    inside = cases[:, common].sum(axis=1)
    outside_share = 1 - inside / total
    outside_rate = _ratio(right.sum(axis=1) - right[:, common].sum(axis=1), total - inside)
    if not common.any():
        return replace(
            _nothing(total, right),
            mix=0.0,
            arrived=float(overall[1] - overall[0]),
            gone=0.0,
            arrived_share=1.0,
            gone_share=1.0,
        )
    n, hits = cases[:, common], right[:, common]
    share, rate = n / inside[:, None], hits / n
    both = hits.sum(axis=1) / inside
    moved, changed = share[1] - share[0], rate[1] - rate[0]
    mean_rate, mean_share = rate.mean(axis=0), share.mean(axis=0)
    mix, within = float(moved @ mean_rate), float(mean_share @ changed)
    likely = (hits + 1) / (n + 2)
    of_rates = likely * (1 - likely) / n
    of_shares = [
        [_spread(share[g], values) / inside[g] for g in (0, 1)] for values in (changed, mean_rate)
    ]
    within_error = np.sqrt((mean_share**2 * of_rates).sum() + sum(of_shares[0]) / 4)
    mix_error = np.sqrt(((moved / 2) ** 2 * of_rates).sum() + sum(of_shares[1]))
    reach = float(ndtri(1 - alpha / 2)) * float(within_error)
    gone, arrived = (
        float(outside_share[g] * (outside_rate[g] - both[g])) if outside_share[g] > 0 else 0.0
        for g in (0, 1)
    )
    return Decomposition(
        before=float(overall[0]),
        after=float(overall[1]),
        mix=mix,
        within=within,
        within_low=max(-1.0, within - reach),
        within_high=min(1.0, within + reach),
        arrived=arrived,
        gone=-gone,
        arrived_share=float(outside_share[1]),
        gone_share=float(outside_share[0]),
        endowments=float(moved @ rate[0]),
        coefficients=float(share[0] @ changed),
        interaction=float(moved @ changed),
        within_error=float(within_error),
        mix_error=float(mix_error),
    )


def _nothing(total: Numbers, right: Numbers) -> Decomposition:
    nan = float("nan")
    before, after = _ratio(right.sum(axis=1), total).tolist()
    return Decomposition(
        before, after, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan
    )


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)


def _spread(share: Numbers, values: Numbers) -> float:
    """Return the variance of values over segments drawn by their shares."""
    mean = share @ values
    return float(share @ (values - mean) ** 2)
