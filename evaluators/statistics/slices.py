"""How much worse a slice of the cases is than the rest, from sums that can be subtracted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SliceContrast:
    """Slices against all other cases; arrays of the shape of the sums.

    Attributes
    ----------
    mean, rest
        Mean loss inside and outside; NaN without a case there.
    effect
        Difference of the means over the root mean square of the two standard deviations.
    t, p
        Welch's statistic and its one-sided p-value for "the slice is worse".
    """

    mean: Numbers
    rest: Numbers
    effect: Numbers
    t: Numbers
    p: Numbers


def contrast(
    n: ArrayLike,
    total: ArrayLike,
    squares: ArrayLike,
    all_n: ArrayLike,
    all_total: ArrayLike,
    all_squares: ArrayLike,
) -> SliceContrast:
    """Return how slices differ from the rest of the cases.

    Parameters
    ----------
    n, total, squares
        Cases, sum and sum of squares of the losses inside each slice.
    all_n, all_total, all_squares
        The same of all cases; the rest is the difference.

    Notes
    -----
    ``effect = sqrt(2) (m - m') / sqrt(s**2 + s'**2)``, with the variances of the slice and of the
    rest around their own means (divided by n - 1). NaN where one of them has fewer than two
    cases or neither varies. Searching many slices for the largest is selection: what is found has
    to be confirmed on other cases.

    References
    ----------
    Chung et al. (2019), doi:10.1109/ICDE.2019.00139; Welch (1947), doi:10.1093/biomet/34.1-2.28.

    Examples
    --------
    >>> found = contrast(100, 30, 30, 1000, 120, 120)
    >>> float(found.effect.round(4)), float(found.t.round(4))
    (0.5145, 4.2435)
    """
    inside = [np.asarray(x, float) for x in (n, total, squares)]
    outside = [
        np.asarray(x, float) - y
        for x, y in zip((all_n, all_total, all_squares), inside, strict=True)
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, variance = _moments(*inside)
        rest, other = _moments(*outside)
        error = variance / inside[0] + other / outside[0]
        t = (mean - rest) / np.sqrt(error)
        freedom = error**2 / (
            (variance / inside[0]) ** 2 / (inside[0] - 1)
            + (other / outside[0]) ** 2 / (outside[0] - 1)
        )
        effect = np.sqrt(2) * (mean - rest) / np.sqrt(variance + other)
        p = stdtr(freedom, -t)
    known = (inside[0] >= 2) & (outside[0] >= 2) & (error > 0)
    blank = np.where(known, 0.0, np.nan)
    return SliceContrast(mean, rest, effect + blank, t + blank, p + blank)


def sliceline_score(
    n: ArrayLike, total: ArrayLike, all_n: ArrayLike, all_total: ArrayLike, weight: float = 0.95
) -> Numbers:
    """Return SliceLine's score: relative excess loss against relative size.

    Parameters
    ----------
    weight
        Weight of the loss, between 0 and 1; the rest goes to size.

    Notes
    -----
    ``weight ((m / m_all) - 1) - (1 - weight) (n_all / n - 1)`` with mean losses m, which must not
    be negative. Above 0 a slice is worth looking at; 0 is the score of all cases.

    References
    ----------
    Sagadeeva & Boehm (2021), doi:10.1145/3448016.3457323.

    Examples
    --------
    >>> float(sliceline_score(100, 30, 1000, 120).round(4))
    0.975
    """
    cases, loss = np.asarray(n, float), np.asarray(total, float)
    every, lost = np.asarray(all_n, float), np.asarray(all_total, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = weight * (loss / cases / (lost / every) - 1) - (1 - weight) * (every / cases - 1)
    return np.where((cases > 0) & (lost > 0), score, np.nan)


def _moments(n: Numbers, total: Numbers, squares: Numbers) -> tuple[Numbers, Numbers]:
    mean = total / n
    return mean, np.maximum(squares - n * mean**2, 0) / (n - 1)
