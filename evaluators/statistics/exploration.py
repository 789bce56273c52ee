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

    def phi(self, model: float | None = None) -> tuple[float, float]:
        """Return the sum and the sum of squares of ``phi = model + seen (d - model) / chance``.

        Parameters
        ----------
        model
            What is expected of a case before it is seen; None: the weighted mean of the seen. A
            fixed 0 gives the plain weighting by 1 / chance.
        """
        mu = self.value / self.weight if model is None and self.weight > 0 else model or 0.0
        rest = self.value - mu * self.weight
        rest2 = self.square2 - 2 * mu * self.value2 + mu**2 * self.weight2
        return self.n * mu + rest, self.n * mu**2 + 2 * mu * rest + rest2

    def estimate(
        self,
        model: float | None = None,
        alpha: float = 0.05,
        certain: tuple[float, float, float] = (0.0, 0.0, 0.0),
    ) -> tuple[float, float, float]:
        """Return the mean difference of all cases, explored or certain, and its limits.

        Parameters
        ----------
        model
            As in `phi`.
        certain
            Further cases whose difference is known without chance: how many, their sum, and their
            sum of squares.

        Notes
        -----
        The mean of phi with a t interval whose freedom is the effective number of seen cases less
        one. Unbiased when the chances logged are the true ones, whatever the model is; the
        weighted mean as model makes it the ratio estimator, whose bias vanishes with the number
        seen. Distrust it below an effective number of about 30. NaN, and -1 to 1, with fewer than
        two seen.

        References
        ----------
        Horvitz & Thompson (1952), doi:10.1080/01621459.1952.10483446; Robins, Rotnitzky & Zhao
        (1994), doi:10.1080/01621459.1994.10476818; Kish (1965), *Survey Sampling*.
        """
        if self.seen < 2:
            return np.nan, -1.0, 1.0
        n = self.n + certain[0]
        total, squares = (a + b for a, b in zip(self.phi(model), certain[1:], strict=True))
        mean = total / n
        error = float(np.sqrt(max(squares / n - mean**2, 0.0) / max(n - 1, 1)))
        reach = float(stdtrit(max(self.effective - 1, 1.0), 1 - alpha / 2)) * error
        return mean, max(-1.0, mean - reach), min(1.0, mean + reach)
