"""Rounds that a reviewer has ended to see the results: events of their own in the inbox.

They are no reviews: nothing is counted by them, and whatever takes reviews in passes them by.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from data_contracts.addresses import same_address
from data_contracts.inbox import drop_lines, files_of, read_lines

ENDED_FOLDER = "ended"
"""Folder of the inbox that holds them, one JSON-lines file for each event."""


@dataclass(frozen=True, slots=True)
class EndedRound:
    """One person has seen the results of a candidate, with all rounds up to this one."""

    reviewer: str
    candidate: str
    model_version: str
    round: int
    ended_at: datetime

    def line(self) -> str:
        """Return the event as one line of JSON, without its end."""
        return json.dumps(asdict(self), default=datetime.isoformat, ensure_ascii=False)


def drop_ended(study_folder: Path, event: EndedRound) -> Path:
    """Write an event as one new file in the study's inbox; return its path.

    Raises
    ------
    InboxUnusable
        When it cannot be written.
    """
    return drop_lines(study_folder, ENDED_FOLDER, [event.line()])


def ended_round(study_folder: Path, reviewer: str, candidate: str, model_version: str) -> int:
    """Return the last round of a candidate that somebody has ended, 0 where none is."""
    about = (same_address(reviewer), candidate, model_version)
    return max((one for who, one in _read(study_folder) if who == about), default=0)


def _read(study_folder: Path) -> Iterator[tuple[tuple[str, str, str], int]]:
    """Yield whom an event is about and its round; what cannot be read is skipped."""
    for path in files_of(study_folder, ENDED_FOLDER):
        for line in read_lines(path):
            try:
                facts = json.loads(line)
                about = (same_address(facts["reviewer"]), facts["candidate"])
                yield (*about, facts["model_version"]), int(facts["round"])
            except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
                continue
