"""A profile of data as values: what fields hold, how records came, how often each was right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from evaluators.feed.accuracy_change import Cell


class FieldMode(StrEnum):
    """How the values of a field are grouped to be counted."""

    VALUES = "values"
    """Each value by itself: few-valued texts."""
    NUMBERS = "numbers"
    """Bins of a twentieth of a doubling."""
    HOURS = "hours"
    """Hour of the day, UTC."""
    SHAPES = "shapes"
    """How a text is written: runs of digits as 9, of letters as a."""
    PRESENCE = "presence"
    """Only whether there is one: keys, texts that hardly repeat, and sensitive fields."""


@dataclass(frozen=True, slots=True)
class FieldProfile:
    """One field of one stream.

    Attributes
    ----------
    values
        Records by value, as `mode` groups them; None is missing, "" any value that is not named.
    distinct
        Different values, about.
    quantiles
        Of a number: least, 1 %, 5 %, 25 %, 50 %, 75 %, 95 %, 99 % and greatest; else empty.
    """

    stream: str
    name: str
    mode: FieldMode
    values: Mapping[str | None, int]
    distinct: int = 0
    quantiles: tuple[float, ...] = ()

    @property
    def rows(self) -> int:
        """Records."""
        return sum(self.values.values())

    @property
    def missing(self) -> int:
        """Records without a value."""
        return self.values.get(None, 0)


@dataclass(frozen=True, slots=True)
class StreamProfile:
    """How the records of one stream came.

    Attributes
    ----------
    read, rejected
        Rows read, and those set aside by reason.
    accepted, duplicate, revision
        Records accepted, and those of them that were known, or corrected a known one.
    lags
        New records by days from event to recording; only those that carry a time of recording.
    """

    stream: str
    read: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    accepted: int = 0
    duplicate: int = 0
    revision: int = 0
    lags: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that is compared between a pilot and production.

    Attributes
    ----------
    cells
        By candidate and version: how often each side was right, segment by segment.
    """

    fields: tuple[FieldProfile, ...] = ()
    streams: tuple[StreamProfile, ...] = ()
    cells: Mapping[tuple[str, str], tuple[Cell, ...]] = field(default_factory=dict)


def bin_edge(number: int) -> float:
    """Return the edge of a bin of numbers that lies nearer to zero.

    Bins are a twentieth of a doubling wide, from a thousandth up, on both sides of zero.

    Examples
    --------
    >>> [round(bin_edge(b), 3) for b in (0, 20, 199, -199)]
    [0.0, 0.001, 0.988, -0.988]
    """
    size = (2 ** (abs(number) / 20) - 1) / 1000
    return size if number >= 0 else -size
