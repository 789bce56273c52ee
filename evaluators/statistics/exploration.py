"""What cases let through at random tell of those that were not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Explored:
    """Sums over cases that had a chance to be seen; additive.

    Attributes
    ----------
    n
        Cases that had a chance, seen or not.
    seen
        Those of them that were seen.
    weight, weight2
        Sums over the seen of ``1 / chance`` and of its square.
    value, value2
        Sums over the seen of ``d / chance`` and of ``d / chance**2``.
    square2
        Sum over the seen of ``d**2 / chance**2``.

    Examples
    --------
    >>> some = Explored.of(1000, [1, -1], 0.1, [80, 20])
    >>> [round(float(number), 3) for number in some.estimate()[:3]]
    [0.6, 0.441, 0.759]
    """

    n: float
    seen: float
    weight: float
    weight2: float
    value: float
    value2: float
    square2: float

    @classmethod
    def of(
        cls, n: float, difference: ArrayLike, chance: ArrayLike, counts: ArrayLike = 1.0
    ) -> Explored:
        """Return the sums of seen cases, `counts` of them with each difference and chance."""
        d, pi, k = np.broadcast_arrays(
            *(np.asarray(a, float) for a in (difference, chance, counts))
        )
        w = 1 / pi
        sums = (k, k * w, k * w**2, k * d * w, k * d * w**2, k * d**2 * w**2)
        return cls(float(n), *(float(np.sum(one)) for one in sums))

    @property
    def effective(self) -> float:
        """Effective number of seen cases, ``sum(w)**2 / sum(w**2)``."""
        return self.weight**2 / self.weight2 if self.weight2 > 0 else 0.0

    def estimate(
        self, model: float | None = None, alpha: float = 0.05
    ) -> tuple[float, float, float, float]:
        """Return the mean difference of all cases that had a chance, its limits and its error.

        Parameters
        ----------
        model
            What is expected of a case before it is seen; None: the weighted mean of the seen. A
            fixed 0 gives the plain weighting by 1 / chance.

        Notes
        -----
        The mean of ``phi = model + seen (d - model) / chance`` with a t interval. Unbiased when
        the chances logged are the true ones, whatever the model is; the weighted mean as model
        makes it the ratio estimator, whose bias vanishes with the number seen. Distrust it below
        an effective number of about 30. NaN, and -1 to 1, with fewer than two seen.

        References
        ----------
        Horvitz & Thompson (1952), doi:10.1080/01621459.1952.10483446; Robins, Rotnitzky & Zhao
        (1994), doi:10.1080/01621459.1994.10476818; Kish (1965), *Survey Sampling*.
        """
        if self.n < 2 or self.seen < 2:
            return np.nan, -1.0, 1.0, np.nan
        mu = self.value / self.weight if model is None else model
        rest = self.value - mu * self.weight
        rest2 = self.square2 - 2 * mu * self.value2 + mu**2 * self.weight2
        mean = mu + rest / self.n
        spread = (rest2 - rest**2 / self.n) / (self.n - 1)
        error = float(np.sqrt(max(spread, 0.0) / self.n))
        reach = float(stdtrit(max(self.effective - 1, 1.0), 1 - alpha / 2)) * error
        return mean, max(-1.0, mean - reach), min(1.0, mean + reach), error
