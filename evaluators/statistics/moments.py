"""Count, means and centred second moments of two numbers, which merge without cancellation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of pairs (x, y); all arrays share one shape, or broadcast to it.

    Attributes
    ----------
    n
        Pairs.
    mean_x, mean_y
        Means; 0 without a pair.
    m2_x, m2_y, cross
        Sums of squared deviations from the means, and of their products.

    Examples
    --------
    >>> one, two = Moments.of([1.0, 2.0], [1.0, 3.0]), Moments.of([6.0], [5.0])
    >>> both = one.merge(two)
    >>> float(both.mean_x), float(both.m2_x), float(both.cross)
    (3.0, 14.0, 10.0)
    """

    n: Numbers
    mean_x: Numbers
    mean_y: Numbers
    m2_x: Numbers
    m2_y: Numbers
    cross: Numbers

    @classmethod
    def of(cls, x: ArrayLike, y: ArrayLike) -> Moments:
        """Return the moments of pairs along the last axis."""
        left, right = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        n = np.full(left.shape[:-1], float(left.shape[-1]))
        if not left.shape[-1]:
            return cls(n, *(np.zeros(n.shape) for _ in range(5)))
        mean_x, mean_y = left.mean(-1), right.mean(-1)
        dx, dy = left - mean_x[..., None], right - mean_y[..., None]
        return cls(n, mean_x, mean_y, (dx * dx).sum(-1), (dy * dy).sum(-1), (dx * dy).sum(-1))

    @classmethod
    def from_sums(
        cls,
        n: ArrayLike,
        x: ArrayLike,
        y: ArrayLike,
        xx: ArrayLike,
        yy: ArrayLike,
        difference_squared: ArrayLike,
    ) -> Moments:
        """Return the moments from plain sums; the last is the sum of (y - x) squared.

        Notes
        -----
        Plain sums lose digits where the mean is many times the spread; ours are exact whole
        numbers, so one rounding at the end is all that is lost. The square of the difference is
        summed by itself, for two numbers that hardly differ.
        """
        cases, sx, sy, sxx, syy, dd = (
            np.asarray(a, float) for a in (n, x, y, xx, yy, difference_squared)
        )
        size = np.maximum(cases, 1)
        m2_x, m2_y = np.maximum(sxx - sx**2 / size, 0), np.maximum(syy - sy**2 / size, 0)
        between = np.maximum(dd - (sy - sx) ** 2 / size, 0)
        return cls(cases, sx / size, sy / size, m2_x, m2_y, (m2_x + m2_y - between) / 2)

    def merge(self, other: Moments) -> Moments:
        """Return the moments of both sets of pairs together.

        References
        ----------
        Chan, Golub & LeVeque (1983), doi:10.1080/00031305.1983.10483115.
        """
        n = self.n + other.n
        size = np.maximum(n, 1)
        dx, dy = other.mean_x - self.mean_x, other.mean_y - self.mean_y
        weight = self.n * other.n / size
        return Moments(
            n,
            self.mean_x + dx * other.n / size,
            self.mean_y + dy * other.n / size,
            self.m2_x + other.m2_x + dx * dx * weight,
            self.m2_y + other.m2_y + dy * dy * weight,
            self.cross + other.cross + dx * dy * weight,
        )
