"""What a study declares about when the records of a stream arrive, and from whom."""

from __future__ import annotations

from pydantic import Field

from data_contracts.data_words import Weekday
from data_contracts.study.base import Name, Part, Text


class Arrives(Part):
    """When the records of a stream are expected, so that what is missing can be named.

    Without it expectation is learned from the same weekday's history.
    """

    within_days: int | None = Field(default=None, ge=0, le=3650)
    """Days a record may come late; a day is overdue once the stream has gone further than that."""
    reported_by: Name | None = None
    """Segment whose values report by themselves, e.g. `store`; each is then watched by itself."""
    not_on: tuple[Weekday, ...] = ()
    """Weekdays on which nothing is expected, e.g. `[saturday, sunday]`."""
    closed: tuple[Text, ...] = ()
    """Reporters, or sources, that have stopped for good and are not waited for any more."""
