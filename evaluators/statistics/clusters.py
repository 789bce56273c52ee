"""How much less cases of one cluster tell than independent ones would: the design effect."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClusterSums:
    """Sums over clusters from which a design effect follows; additive over disjoint clusters.

    Attributes
    ----------
    clusters
        Clusters with at least one case.
    n, total, squares
        Cases, sum and sum of squares of their values.
    nn, nt, tt
        Sums over clusters of (cases squared), (cases times total), (total squared).

    Examples
    --------
    >>> sums = ClusterSums.of([10, 10], [4, 0], [4, 0])
    >>> float(sums.along(-1).design_effect().round(3))
    5.0
    """

    clusters: Numbers
    n: Numbers
    total: Numbers
    squares: Numbers
    nn: Numbers
    nt: Numbers
    tt: Numbers

    @classmethod
    def of(cls, n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> ClusterSums:
        """Return the sums of clusters, one cluster in each cell of the arrays."""
        cases, value, square = (np.asarray(a, float) for a in (n, total, squares))
        return cls(
            (cases > 0).astype(float),
            cases,
            value,
            square,
            cases * cases,
            cases * value,
            value * value,
        )

    def along(self, axis: int) -> ClusterSums:
        """Return the sums added up along an axis."""
        return ClusterSums(*(getattr(self, f.name).sum(axis=axis) for f in fields(ClusterSums)))

    def binned(self, cell: NDArray[np.int64], shape: tuple[int, ...]) -> ClusterSums:
        """Return flat sums added up by cell of a table, then running along its last axis."""
        size = int(np.prod(shape))

        def running(values: Numbers) -> Numbers:
            table = np.bincount(cell, weights=values, minlength=size).reshape(shape)
            return np.cumsum(table, axis=-1)

        return ClusterSums(*(running(getattr(self, f.name)) for f in fields(ClusterSums)))

    def mean(self) -> tuple[Numbers, Numbers, Numbers]:
        """Return the mean value of a case, its cluster-robust standard error, and its freedom.

        Notes
        -----
        ``V = G/(G-1) * sum((S_g - mean * n_g)**2) / n**2`` with G clusters, to be read with
        Student's t on G - 1 degrees of freedom. For one look; NaN below two clusters.

        References
        ----------
        Liang & Zeger (1986), doi:10.1093/biomet/73.1.13; Rao & Scott (1992),
        doi:10.2307/2532311.

        Examples
        --------
        >>> mean, error, freedom = ClusterSums.of([10, 10], [4, 0], [4, 0]).along(-1).mean()
        >>> float(mean), float(error), float(freedom)
        (0.2, 0.2, 1.0)
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = self.total / self.n
            between = self.tt - 2 * mean * self.nt + mean**2 * self.nn
            variance = self.clusters / (self.clusters - 1) * between / self.n**2
        error = np.where(self.clusters >= 2, np.sqrt(np.maximum(variance, 0)), np.nan)
        return mean, error, self.clusters - 1

    def design_effect(self) -> Numbers:
        """Return the ratio of the clustered variance of a mean to the independent one, at least 1.

        Notes
        -----
        ``V = G/(G-1) * sum((S_g - mean * n_g)**2) / n**2`` against ``(E[x**2] - mean**2) / n``.
        Dividing all counts by it makes intervals of independent cases fit clustered ones. It is
        1 where there are fewer than two clusters or no variation: nothing can be estimated
        there, and gates ask for more clusters than that.

        References
        ----------
        Rao & Scott (1992), doi:10.2307/2532311.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = self.total / self.n
            between = self.tt - 2 * mean * self.nt + mean**2 * self.nn
            clustered = self.clusters / (self.clusters - 1) * between / self.n**2
            alone = (self.squares / self.n - mean**2) / self.n
            ratio = clustered / alone
        usable = (self.clusters >= 2) & (alone > 1e-12 / np.maximum(self.n, 1))
        return np.where(usable, np.maximum(ratio, 1.0), 1.0)
