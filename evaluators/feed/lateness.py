"""On which weekdays records come late, and by how much: one sentence where it stands out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data_contracts.data_words import ArrivalNote
from evaluators.feed.arrival_words import plural, weekdays_in_words
from evaluators.feed.arrivals import ArrivalCounts, weekday_of
from evaluators.statistics.intervals import wilson
from evaluators.wording import count, percent

Ints = NDArray[np.int64]

LEAST_SHARE = 0.02
"""Share of late ones below which a weekday is not worth a sentence."""
ERROR = 0.001
"""Two-sided error of the intervals that tell weekdays apart."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something noticed about how records arrive.

    Attributes
    ----------
    n
        Reports, or records, it is about.
    """

    kind: ArrivalNote
    n: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Lateness:
    """Late and all reports by weekday of the event, 0 is Monday; arrays of shape (7,).

    Attributes
    ----------
    days_late
        Median lateness of the late ones; 0 where there is none.
    """

    late: Ints
    total: Ints
    days_late: Ints


def lateness_of_units(counts: ArrivalCounts) -> Lateness:
    """Return how often units report a day later than the first of them, or more.

    Each unit counts once a day. Files read long afterwards in one go are late for no one.
    """
    if not len(counts.day):
        return Lateness(*(np.zeros(7, np.int64) for _ in range(3)))
    start = int(counts.day.min())
    first = np.full(int(counts.day.max()) - start + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, counts.day - start, counts.came)
    return _by_weekday(counts.day, counts.came - first[counts.day - start], np.ones_like(counts.n))


def lateness_of_records(weekday: ArrayLike, lag: ArrayLike, n: ArrayLike) -> Lateness:
    """Return how often records come later after the event than most of the stream's do.

    Parameters
    ----------
    weekday, lag, n
        Of each row: weekday of the event (0 is Monday), days until arrival, records.
    """
    days, lags, counts = (np.asarray(a, np.int64) for a in (weekday, lag, n))
    if not counts.sum():
        return Lateness(*(np.zeros(7, np.int64) for _ in range(3)))
    usual = _median(lags, counts)
    return _by_weekday((days - 3) % 7, lags - usual, counts)


def _by_weekday(day: Ints, late_by: Ints, n: Ints) -> Lateness:
    weekday, late = weekday_of(day), late_by > 0
    total = np.bincount(weekday, weights=n, minlength=7).astype(np.int64)
    hits = np.bincount(weekday[late], weights=n[late], minlength=7).astype(np.int64)
    typical = [_median(late_by[m], n[m]) for m in (late & (weekday == w) for w in range(7))]
    return Lateness(hits, total, np.array(typical, np.int64))


def late_weekdays(found: Lateness) -> tuple[int, ...]:
    """Return the weekdays on which clearly more is late than on the others.

    Notes
    -----
    Clearly: the interval of the weekday (Wilson, error 0.1 %) lies above the share of all other
    weekdays taken together that do not stand out themselves, the share is at least twice that,
    and at least 2 %. Reports of one day depend on each other; this finds a habit, it is no test.

    Examples
    --------
    >>> late = np.array([2, 3, 2, 1, 2, 40, 41])
    >>> late_weekdays(Lateness(late, np.full(7, 500), np.ones(7, int)))
    (5, 6)
    """
    share = found.late / np.maximum(found.total, 1)
    low, _ = wilson(found.late, found.total, ERROR)
    out: list[int] = []
    for weekday in np.argsort(-share, kind="stable").tolist():
        rest = [w for w in range(7) if w != weekday and w not in out]
        others = found.late[rest].sum() / max(1, found.total[rest].sum())
        if share[weekday] < max(LEAST_SHARE, 2 * others) or low[weekday] <= others:
            break
        out.append(weekday)
    return tuple(sorted(out))


def lateness_note(found: Lateness, what: str, verb: str) -> Note | None:
    """Return the sentence about late weekdays; None where none stands out.

    Parameters
    ----------
    what, verb
        Who is late, e.g. `store` and `report`, or `decisions` and `arrive`.

    Examples
    --------
    >>> late = np.array([0, 0, 0, 0, 0, 40, 40])
    >>> lateness_note(Lateness(late, np.full(7, 500), np.ones(7, int)), "store", "report").sentence
    '8.0% of stores report a day late at weekends (0% on other days).'
    """
    days = late_weekdays(found)
    if not days:
        return None
    picked = list(days)
    rest = [w for w in range(7) if w not in days]
    late, total = int(found.late[picked].sum()), int(found.total[picked].sum())
    by = _median(found.days_late[picked], found.late[picked])
    other = found.late[rest].sum() / max(1, found.total[rest].sum())
    long = "a day" if by == 1 else count(by, "day")
    who = plural(what) if verb == "report" else what
    sentence = (
        f"{percent(late / total)} of {who} {verb} {long} late {weekdays_in_words(days)}"
        f" ({percent(float(other))} on other days)."
    )
    return Note(ArrivalNote.LATE_WEEKDAY, late, sentence)


def _median(values: Ints, weights: Ints) -> int:
    if not weights.sum():
        return 0
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return int(values[order][np.searchsorted(reached, (reached[-1] + 1) // 2)])
