"""Means of a population from a stratified sample of reviewed cases, and how to draw it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from evaluators.statistics.intervals import wilson

Numbers = NDArray[np.float64]


def stratified_mean(
    population: ArrayLike, n: ArrayLike, total: ArrayLike, squares: ArrayLike, alpha: float = 0.05
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Return the mean of a population from simple random samples of its strata.

    Parameters
    ----------
    population, n
        Cases in each stratum, and those reviewed; arrays of shape (..., strata).
    total, squares
        Sum and sum of squares of the reviewed values; of shares both are the number of hits.

    Returns
    -------
    mean, error, low, high, freedom
        Estimate, standard error, interval by Student's t and its degrees of freedom; NaN where a
        stratum with cases has none reviewed, the error also where one has a single review that is
        not all of it.

    Notes
    -----
    Horvitz-Thompson: every stratum counts by its cases, not by its reviews, so a sample rich in
    disagreements does not make the whole look bad. Variance
    ``sum(W**2 (1 - n / N) s**2 / n)``, Satterthwaite's degrees of freedom. For shares near 0 or 1
    the interval is too short; use `share_interval`.

    References
    ----------
    Horvitz & Thompson (1952), doi:10.1080/01621459.1952.10483446; Cochran (1977), Sampling
    Techniques, eq. 5.6 and 5.16.

    Examples
    --------
    >>> hits = [21, 42, 10]
    >>> found = stratified_mean([300, 150, 50], [60, 60, 40], hits, hits)
    >>> [round(float(x), 4) for x in found]
    [0.445, 0.0362, 0.3729, 0.5171, 79.9883]
    """
    size, count, value, square = (np.asarray(a, float) for a in (population, n, total, squares))
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = size / size.sum(axis=-1, keepdims=True)
        mean = np.where(size > 0, value / count, 0.0)
        spread = np.maximum(square - count * mean**2, 0) / (count - 1)
        part = size**2 * (1 - count / size) * spread / count
        # A stratum without cases adds nothing, nor does one that was reviewed whole.
        part = np.where((size == 0) | (count >= size), 0.0, part)
        variance = part.sum(axis=-1)
        freedom = variance**2 / np.where(part > 0, part**2 / (count - 1), 0.0).sum(axis=-1)
    estimate: Numbers = (weight * mean).sum(axis=-1)
    error = np.sqrt(variance) / size.sum(axis=-1)
    reach = np.where(variance > 0, stdtrit(freedom, 1 - alpha / 2) * error, error)
    return estimate, error, estimate - reach, estimate + reach, freedom


def share_interval(
    population: ArrayLike, n: ArrayLike, hits: ArrayLike, alpha: float = 0.05
) -> tuple[Numbers, Numbers, Numbers]:
    """Return a share of a population with an interval that holds near 0 and 1 too.

    Parameters
    ----------
    population, n, hits
        Cases, reviews and hits of each stratum; arrays of shape (..., strata).

    Returns
    -------
    share, low, high

    Notes
    -----
    Method of variance estimates recovery: Wilson's limits of every stratum, with the effective
    size ``n (N - 1) / (N - n)`` of a sample without replacement, combined by the squares of their
    distances. A stratum reviewed whole is known; one without a review may be anything.

    References
    ----------
    Zou & Donner (2008), doi:10.1002/sim.3095; Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> found = share_interval([9000, 600, 400], [200, 60, 40], [195, 27, 28])
    >>> [round(float(x), 4) for x in found]
    [0.9325, 0.9026, 0.9478]
    """
    size, count, yes = (np.asarray(a, float) for a in (population, n, hits))
    share = np.where(count > 0, yes / np.maximum(count, 1), 0.5)
    left = np.maximum(size - count, 0)
    effective = np.where(left > 0, count * (size - 1) / np.maximum(left, 1), count)
    low, high = wilson(share * effective, effective, alpha)
    whole = (left == 0) & (count > 0)
    low, high = np.where(whole, share, low), np.where(whole, share, high)
    weight = size / np.maximum(size.sum(axis=-1, keepdims=True), 1)
    mean: Numbers = (weight * share).sum(axis=-1)
    down = np.sqrt((weight**2 * (share - low) ** 2).sum(axis=-1))
    up = np.sqrt((weight**2 * (high - share) ** 2).sum(axis=-1))
    return mean, mean - down, mean + up


def share_within(
    population: ArrayLike, n: ArrayLike, within: ArrayLike, hits: ArrayLike, alpha: float = 0.05
) -> tuple[Numbers, Numbers, Numbers]:
    """Return a share of those cases of a population that belong to a part of unknown size.

    Parameters
    ----------
    population, n
        Cases and reviews of each stratum; arrays of shape (..., strata), each with a review.
    within, hits
        Of the reviews those within the part, and of these the hits.

    Returns
    -------
    share, low, high
        NaN where no review lies within the part.

    Notes
    -----
    As `share_interval`, of the cases that each stratum is estimated to have within the part. That
    these sizes are estimates adds the second term of Cochran's variance of a domain's mean, by the
    square of its reach. With all reviews within the part it is `share_interval`.

    References
    ----------
    Cochran (1977), Sampling Techniques, sec. 5A.14; Zou & Donner (2008), doi:10.1002/sim.3095.

    Examples
    --------
    >>> found = share_within([900, 100], [20, 20], [10, 20], [9, 5])
    >>> [round(float(x), 4) for x in found]
    [0.7818, 0.531, 0.869]
    """
    size, count, part, yes = (np.asarray(a, float) for a in (population, n, within, hits))
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = size * part / count
        total = inside.sum(axis=-1, keepdims=True)
        share, low, high = share_interval(inside, np.maximum(part, 1), yes, alpha)
        share = np.where(total[..., 0] > 0, share, np.nan)
        spread = (1 - count / size) * part / count * (1 - part / count) / np.maximum(count - 1, 1)
        apart = yes / np.maximum(part, 1) - share[..., np.newaxis]
        error = np.sqrt(((size / total) ** 2 * spread * apart**2).sum(axis=-1))
    reach = float(ndtri(1 - alpha / 2)) * error
    return share, share - np.hypot(share - low, reach), share + np.hypot(high - share, reach)


def allocation(
    population: ArrayLike, deviation: ArrayLike, reviews: float, floor: float = 0.0
) -> Numbers:
    """Return how many reviews of each stratum give the most exact mean.

    Parameters
    ----------
    population
        Cases in each stratum; shape (strata,).
    deviation
        Expected standard deviation in each stratum.
    reviews
        Reviews in all.
    floor
        Least reviews of a stratum, as far as it has cases; 0 for none.

    Returns
    -------
    array
        Not rounded; adds up to `reviews` unless the strata have fewer cases or the floors need
        more. Never more than a stratum has.

    Notes
    -----
    Neyman's allocation, in proportion to ``N * deviation``; strata that reach their floor or their
    size are fixed and the rest is shared out anew.

    References
    ----------
    Neyman (1934), doi:10.2307/2342192; Cochran (1977), eq. 5.26.

    Examples
    --------
    >>> allocation([9000, 600, 400], [0.1, 0.5, 0.5], 300, floor=30).round(1).tolist()
    [192.9, 64.3, 42.9]
    """
    size = np.asarray(population, float)
    worth = size * np.asarray(deviation, float)
    least = np.minimum(floor, size)
    given = np.zeros_like(size)
    fixed = np.zeros(len(size), np.bool_)
    for _ in range(2 * len(size) + 1):
        rest = max(0.0, reviews - float(given[fixed].sum()))
        total = float(worth[~fixed].sum())
        even = size / max(float(size[~fixed].sum()), 1e-300)
        shares = worth / total if total > 0 else even
        given = np.where(fixed, given, rest * shares)
        below, above = ~fixed & (given < least), ~fixed & (given > size)
        # Fix what lies too low first: what it takes may bring the others below their size.
        change = below if below.any() else above
        if not change.any():
            break
        given = np.where(change, np.where(below, least, size), given)
        fixed |= change
    return given
