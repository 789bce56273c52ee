"""How long the rest will take: at the reviewer's own pace once that is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

USUAL_SECONDS = 15.0
"""A case is taken to last so long until the reviewer's own pace is known."""

_PAUSE = 300
"""A longer gap in seconds is a pause, not the time of one case."""

_FEWEST = 5
_LATEST = 30


def own_pace(moments: Sequence[datetime]) -> float | None:
    """Return the seconds one case takes this person, None while too few are known.

    Parameters
    ----------
    moments
        When they judged, ascending; the time between two cases counts unless it was a pause.
    """
    gaps = [(after - before).total_seconds() for before, after in pairwise(moments)]
    worked = [gap for gap in gaps if 0 < gap <= _PAUSE][-_LATEST:]
    return median(worked) if len(worked) >= _FEWEST else None


def lasting(seconds: float) -> str:
    """Return a time in words.

    Examples
    --------
    >>> lasting(20), lasting(61), lasting(420), lasting(9000)
    ('less than a minute', 'about 1 minute', 'about 7 minutes', 'about 2.5 hours')
    """
    minutes = round(seconds / 60)
    if seconds < 45:
        return "less than a minute"
    if minutes <= 90:
        return f"about {max(1, minutes)} minute{'s' if minutes > 1 else ''}"
    return f"about {round(minutes / 30) / 2:g} hours"
