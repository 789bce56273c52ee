"""Whether two sides are right equally often: McNemar's tests, for one look and for any look.

All need the discordant cases only: b that only the candidate, c that only production got right.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, betaln, chdtrc, gammaln, ndtr

from evaluators.statistics.intervals import tango_z

Numbers = NDArray[np.float64]


def exact_p(b: ArrayLike, c: ArrayLike) -> Numbers:
    """Return the exact two-sided p-value of no difference; 1 without a discordant case.

    Notes
    -----
    For one look; never wrong more often than stated, and for that rather slow to reject.

    References
    ----------
    McNemar (1947), doi:10.1007/BF02295996.

    Examples
    --------
    >>> float(exact_p(1, 7))
    0.0703125
    """
    wins, losses = _whole(b, c)
    fewest, total = np.minimum(wins, losses), wins + losses
    return np.where(total > 0, np.minimum(1.0, 2 * bdtr(fewest, total.astype(np.int64), 0.5)), 1.0)


def mid_p(b: ArrayLike, c: ArrayLike) -> Numbers:
    """Return the mid-p value of no difference, the one to prefer for one look.

    Notes
    -----
    The exact p-value less the probability of the table itself. It may exceed its level by a
    hair, and hardly ever does.

    References
    ----------
    Fagerland, Lydersen & Laake (2013), doi:10.1186/1471-2288-13-91.

    Examples
    --------
    >>> round(float(mid_p(1, 7)), 9), round(float(mid_p(3, 3)), 9)
    (0.0390625, 0.84375)
    """
    wins, losses = _whole(b, c)
    fewest, total = np.minimum(wins, losses), wins + losses
    itself = np.exp(
        gammaln(total + 1) - gammaln(fewest + 1) - gammaln(total - fewest + 1) - total * math.log(2)
    )
    uneven = 2 * bdtr(fewest, total.astype(np.int64), 0.5) - itself
    found = np.where(wins == losses, 1 - itself / 2, uneven)
    return np.where(total > 0, np.minimum(1.0, found), 1.0)


def asymptotic_p(b: ArrayLike, c: ArrayLike, *, corrected: bool = False) -> Numbers:
    """Return the large-sample p-value of no difference, with Edwards' correction if asked.

    References
    ----------
    McNemar (1947), doi:10.1007/BF02295996; Edwards (1948), doi:10.1007/BF02289261.

    Examples
    --------
    >>> float(asymptotic_p(1, 7).round(6)), float(asymptotic_p(1, 7, corrected=True).round(6))
    (0.033895, 0.0771)
    """
    wins, losses = np.broadcast_arrays(np.asarray(b, float), np.asarray(c, float))
    total = wins + losses
    gap = np.abs(wins - losses)
    gap = np.maximum(gap - 1, 0) if corrected else gap
    return np.where(total > 0, chdtrc(1, gap**2 / np.where(total > 0, total, 1)), 1.0)


def one_sided(
    n: ArrayLike, b: ArrayLike, c: ArrayLike, limit: ArrayLike = 0.0
) -> tuple[Numbers, Numbers]:
    """Return z and p for "the difference is above `limit`", for one look.

    Parameters
    ----------
    n, b, c
        Cases, cases only the candidate got right, cases only production got right.
    limit
        Minus the margin for non-inferiority, 0 for superiority.

    Notes
    -----
    Both questions may be asked at the same level, non-inferiority first: who asks the second
    only after the first was answered with yes pays nothing for it.

    References
    ----------
    Tango (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B; Morikawa &
    Yoshida (1995), doi:10.1080/10543409508835116.

    Examples
    --------
    >>> z, p = one_sided(1000, 64, 51, -0.02)
    >>> round(float(z), 6), round(float(p), 6)
    (3.019243, 0.001267)
    """
    z = np.where(np.asarray(n, float) > 0, tango_z(n, b, c, limit), 0.0)
    return z, ndtr(-z)


def log_e_equal(b: ArrayLike, c: ArrayLike) -> Numbers:
    """Return the log e-value against "both are right equally often", valid at every look.

    Parameters
    ----------
    b, c
        Discordant cases either way; fractions are allowed (deflated counts).

    Notes
    -----
    Given the discordant cases, the candidate's share of them is binomial with 1/2; the e-value
    is the mean likelihood over all shares against that. Two-sided: it does not say which side
    is better. At no level does it need a plan, a margin or a minimum.

    References
    ----------
    Robbins (1970), doi:10.1214/aoms/1177696786; Ramdas et al. (2023), doi:10.1214/23-STS894.

    Examples
    --------
    >>> log_e_equal([64, 90], [51, 40]).round(6).tolist()
    [-1.423196, 7.57439]
    """
    wins, losses = np.asarray(b, float), np.asarray(c, float)
    found: Numbers = betaln(wins + 1, losses + 1) + (wins + losses) * math.log(2)
    return found


def anytime_p(log_e: ArrayLike) -> Numbers:
    """Return the p-value that is valid at every look, from the log e-values of all looks so far.

    Parameters
    ----------
    log_e
        Looks along the last axis; nan for a look that was not taken.

    References
    ----------
    Ramdas et al. (2023), doi:10.1214/23-STS894.

    Examples
    --------
    >>> anytime_p([[0.0, 3.0, 1.0], [-2.0, -1.0, -3.0]]).round(4).tolist()
    [0.0498, 1.0]
    """
    logs = np.asarray(log_e, float)
    most = np.where(np.isnan(logs), -np.inf, logs).max(axis=-1, initial=-np.inf)
    found: Numbers = np.exp(-np.maximum(most, 0.0))
    return found


def _whole(b: ArrayLike, c: ArrayLike) -> tuple[Numbers, Numbers]:
    wins, losses = np.broadcast_arrays(np.asarray(b, float), np.asarray(c, float))
    if np.any(wins != np.floor(wins)) or np.any(losses != np.floor(losses)):
        raise ValueError("an exact test needs whole numbers of cases")
    return wins, losses
