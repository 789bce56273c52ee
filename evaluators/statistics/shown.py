"""What an interval against a limit shows about each segment, singly."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from data_contracts.vocabulary import Shown

_STATES = (Shown.NO_DATA, Shown.BETTER, Shown.AT_LEAST_AS_GOOD, Shown.WORSE, Shown.UNDECIDED)


def shown(low: ArrayLike, high: ArrayLike, limit: float, n: ArrayLike) -> tuple[Shown, ...]:
    """Return one state per segment, in the order given.

    Parameters
    ----------
    low, high
        Ends of the interval of each difference, as fractions; NaN counts as no bound.
    limit
        Worst acceptable difference, negative.
    n
        Cases behind each interval.

    Notes
    -----
    Each state is about one segment alone. How many are good together is another question, with
    another answer: `partial_conjunction.good_at_least`.

    Examples
    --------
    >>> states = shown([0.01, -0.005, -0.2, -0.05], [0.1, 0.1, -0.02, 0.3], -0.01, [9, 9, 9, 9])
    >>> [str(state) for state in states]
    ['better', 'at least as good', 'worse', 'undecided']
    """
    bottom, top, cases = np.asarray(low, float), np.asarray(high, float), np.asarray(n)
    conditions = [cases == 0, bottom > 0, bottom > limit, top < limit]
    found = np.select(conditions, range(len(conditions)), len(conditions))
    return tuple(_STATES[i] for i in np.atleast_1d(found).tolist())
