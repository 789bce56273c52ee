"""The shares in which production data are held against the pilot's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data_contracts.data_words import CliffAspect
from evaluators.feed.profiles import FieldMode, FieldProfile, Profile, StreamProfile, bin_edge

TAIL = 0.01
"""Share of the pilot's numbers that lies below its range, and above it."""
LATE = 0.05
"""Share of the pilot's records that is later than its usual."""
UNKNOWN_VALUE = "(missing)"
"""Segment of the cases whose source has no value there."""


@dataclass(frozen=True, slots=True)
class Limits:
    """By how much a share may grow, as a fraction.

    Attributes
    ----------
    missing, unseen
        Of values that are missing, and of categories and forms the pilot never saw.
    other
        Of everything else.
    """

    missing: float = 0.05
    unseen: float = 0.05
    other: float = 0.05


@dataclass(frozen=True, slots=True)
class Compared:
    """One share in both, before it is judged.

    Attributes
    ----------
    hits0, n0, hits1, n1
        Records with the property, and records, in the pilot and in production.
    named
        What the sentence names: values never seen, a range, reasons.
    """

    stream: str
    field: str
    aspect: CliffAspect
    hits0: int
    n0: int
    hits1: int
    n1: int
    tolerance: float
    mode: FieldMode | None = None
    named: tuple[str, ...] = ()


def compared(pilot: Profile, production: Profile, limits: Limits) -> Iterator[Compared]:
    """Yield every share that both sides have, in the order of the pilot's streams and fields."""
    now = {(f.stream, f.name): f for f in production.fields}
    for before in pilot.fields:
        after = now.get((before.stream, before.name))
        if after is None or not before.rows or not after.rows:
            continue
        key = (before.stream, before.name)
        gaps = (_missing(before), before.rows, _missing(after), after.rows)
        yield Compared(*key, CliffAspect.MISSING, *gaps, limits.missing)
        if before.mode is FieldMode.NUMBERS:
            yield from _range(before, after, limits)
            yield from _unseen(_no_numbers(before), _no_numbers(after), limits)
        elif before.mode is not FieldMode.PRESENCE:
            yield from _unseen(before, after, limits)
    streams = {s.stream: s for s in production.streams}
    for was in pilot.streams:
        yield from _stream(was, streams.get(was.stream, StreamProfile(was.stream)), limits)


def _missing(field: FieldProfile) -> int:
    return field.missing + field.values.get(UNKNOWN_VALUE, 0)


def _given(field: FieldProfile) -> dict[str, int]:
    return {v: n for v, n in field.values.items() if v is not None and v != UNKNOWN_VALUE}


def _is_bin(value: str) -> bool:
    return value.removeprefix("-").isdigit()


def _no_numbers(field: FieldProfile) -> FieldProfile:
    """Return a field of numbers as one of forms: all numbers are one form."""
    forms: dict[str | None, int] = {}
    for value, n in _given(field).items():
        form = "9" if _is_bin(value) else value
        forms[form] = forms.get(form, 0) + n
    return replace(field, mode=FieldMode.SHAPES, values=forms)


def _unseen(before: FieldProfile, after: FieldProfile, limits: Limits) -> Iterator[Compared]:
    known, given = _given(before), _given(after)
    strange = {value: n for value, n in given.items() if value not in known}
    if not known or not given:
        return
    named = tuple(sorted(strange, key=lambda value: (-strange[value], value)))
    hours = before.mode is FieldMode.HOURS
    yield Compared(
        before.stream,
        before.name,
        CliffAspect.RANGE if hours else CliffAspect.CATEGORIES,
        0,
        sum(known.values()),
        sum(strange.values()),
        sum(given.values()),
        limits.other if hours else limits.unseen,
        before.mode,
        named,
    )


def _range(before: FieldProfile, after: FieldProfile, limits: Limits) -> Iterator[Compared]:
    was, now = (
        np.array(sorted((int(v), n) for v, n in _given(f).items() if _is_bin(v)), np.int64).reshape(
            -1, 2
        )
        for f in (before, after)
    )
    if not len(was) or not len(now):
        return
    reached = np.cumsum(was[:, 1]) / was[:, 1].sum()
    low = was[np.searchsorted(reached, TAIL), 0]
    high = was[np.searchsorted(reached, 1 - TAIL), 0]

    def outside(table: NDArray[np.int64]) -> int:
        return int(table[(table[:, 0] < low) | (table[:, 0] > high), 1].sum())

    edges = (bin_edge(int(low)), bin_edge(int(high) + 1))
    yield Compared(
        before.stream,
        before.name,
        CliffAspect.RANGE,
        outside(was),
        int(was[:, 1].sum()),
        outside(now),
        int(now[:, 1].sum()),
        limits.other,
        before.mode,
        tuple(f"{edge:.3g}" for edge in edges),
    )


def _stream(was: StreamProfile, now: StreamProfile, limits: Limits) -> Iterator[Compared]:
    lag0, lag1 = (sum(s.lags.values()) for s in (was, now))
    if lag0 and lag1:
        usual = _usual_lag(sorted(was.lags.items()), lag0)
        late0, late1 = (sum(n for lag, n in s.lags.items() if lag > usual) for s in (was, now))
        yield Compared(
            was.stream,
            "",
            CliffAspect.FRESHNESS,
            late0,
            lag0,
            late1,
            lag1,
            limits.other,
            named=(str(usual),),
        )
    for aspect in (CliffAspect.DUPLICATES, CliffAspect.REVISIONS):
        name = "duplicate" if aspect is CliffAspect.DUPLICATES else "revision"
        if was.accepted and now.accepted:
            counts = (getattr(was, name), was.accepted, getattr(now, name), now.accepted)
            yield Compared(was.stream, "", aspect, *counts, limits.other)
    if was.read and now.read:
        aside = (sum(was.rejected.values()), was.read, sum(now.rejected.values()), now.read)
        reasons = sorted(now.rejected, key=lambda r: (-now.rejected[r], r))
        yield Compared(
            was.stream, "", CliffAspect.SET_ASIDE, *aside, limits.other, named=tuple(reasons[:1])
        )


def _usual_lag(lags: Sequence[tuple[int, int]], total: int) -> int:
    """Return the lag within which all but the latest twentieth came."""
    reached = np.cumsum([n for _, n in lags])
    return lags[int(np.searchsorted(reached, (1 - LATE) * total))][0]
