"""The state of a segment: what an interval that is valid at every look allows to say of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from data_contracts.vocabulary import Standing

_STATES = (
    Standing.NO_DATA,
    Standing.CONTINUE,
    Standing.PASS_SUPERIOR,
    Standing.PASS_NONINFERIOR,
    Standing.FAIL,
    Standing.HARM_FLAG,
    Standing.CONTINUE,
)


def standing(
    low: ArrayLike, high: ArrayLike, limit: ArrayLike, n: ArrayLike, ready: ArrayLike = True
) -> tuple[Standing, ...]:
    """Return one state per segment, in the order given.

    Parameters
    ----------
    low, high
        Ends of the interval of each difference, as fractions.
    limit
        Worst acceptable difference, negative; NaN where none is registered: then a segment can
        be superior or show harm, and nothing else.
    n
        Cases behind each interval.
    ready
        Whether there are days and clusters enough to say anything.

    Notes
    -----
    HARM_FLAG says that the candidate is shown to be worse, though not, or not yet, by more than
    the limit. The states are about one segment each; how many are good together is another
    question (`partial_conjunction`).

    Examples
    --------
    >>> found = standing([0.01, -0.005, -0.2, -0.009, -0.1], [0.1, 0.1, -0.02, -0.001, 0.1],
    ...                  [-0.01] * 5, [9] * 5)
    >>> [str(one) for one in found]
    ['pass_superior', 'pass_noninferior', 'fail', 'pass_noninferior', 'continue']
    """
    arrays = (low, high, limit, n, ready)
    bottom, top, least, cases, enough = np.broadcast_arrays(*(np.atleast_1d(a) for a in arrays))
    conditions = [cases == 0, ~enough, bottom > 0, bottom > least, top < least, top < 0]
    found = np.select(conditions, range(len(conditions)), len(conditions))
    return tuple(_STATES[i] for i in found.tolist())
