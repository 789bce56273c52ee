"""Watching a study: what arrives is ingested and judged, round after round, until told to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import duckdb

from data_contracts.errors import UnderstudyError
from data_contracts.study.model import Study
from pipelines.assessment.evaluate import Evaluation
from pipelines.ingest.files import find_files
from pipelines.ingest.source_file import SourceFile
from pipelines.ingest.tables import TableKey, frozen_tables
from pipelines.interrupts import interruptible
from pipelines.runs import run_study
from pipelines.sources.postgres_range import Position
from pipelines.sources.refusal import FileRefused
from pipelines.study_file import read_study
from pipelines.study_folder import StudyFolder
from pipelines.take_in import Ingested
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.lock import WarehouseBusy
from pipelines.warehouse.positions import positions_of

Seen = dict[str, tuple[int, int]]
"""Size and time of change of every file, by its location."""

REST = 2.0
"""Seconds between the first two looks, when there is nothing to compare with yet."""
LONGEST_WAIT = 600.0
"""Seconds between rounds, at most, when one after the other fails."""
_WHOLE_STEPS = ("Committing", "Publishing")
"""Steps that a step before them makes no sense without."""


class Stopped(Exception):
    """The watch was asked to stop, and the step at work is done."""


@dataclass(slots=True)
class Watch:
    """One study that is watched.

    Attributes
    ----------
    tell
        Told each thing worth a line, and whether it is a fault.
    done
        Told what a run did.
    stop
        Set from outside to end the watch.
    """

    folder: StudyFolder
    tell: Callable[[str, bool], None]
    done: Callable[[Ingested, Evaluation], None]
    stop: Event
    _study: Study | None = None
    _study_state: tuple[int, int] | None = None
    _looked: Seen | None = None
    _handled: Seen | None = None
    _tables: str | None = None
    _positions: dict[TableKey, Position] = field(default_factory=dict)
    _last_fault: str = ""
    _failed: int = 0

    def run(self, every: float) -> None:
        """Look, and work when there is something new, until `stop` is set."""
        while not self.stop.is_set():
            self.round(every)
            # Faults that stay are met less and less often.
            self.stop.wait(min(every * 2**self._failed, max(every, LONGEST_WAIT)))

    def round(self, every: float) -> bool:
        """Do one round and return whether it went well; what goes wrong is told, not raised."""
        try:
            with interruptible():
                self._round(every)
        except Stopped:
            return True
        except WarehouseBusy as busy:
            # Not a failure: the next round tries again, at the usual time.
            self._tell_fault(f"Waiting: {busy}")
            return False
        except Exception as fault:
            self._failed = min(self._failed + 1, 16)
            self._tell_fault(_in_words(fault))
            return False
        self._failed, self._last_fault = 0, ""
        return True

    def _round(self, every: float) -> None:
        study, edited = self._read_study()
        if self._looked is None:
            self._looked = _look(study, self.folder.root)
            self.stop.wait(min(every, REST))
            if self.stop.is_set():
                return
        looked = _look(study, self.folder.root)
        before, self._looked = self._looked, looked
        handled = self._handled or {}
        # A file that changed since the last look is still written to: what was known of it holds.
        at_rest = {
            place: state if before.get(place) == state else handled.get(place)
            for place, state in looked.items()
        }
        resting = {place: state for place, state in at_rest.items() if state is not None}
        tables = self._ask_tables(study)
        if not edited and resting == self._handled and tables == self._tables:
            return
        self._work(study, resting)
        # Only now: a round that failed is done again.
        self._handled, self._tables = resting, self._ask_tables(study)
        self._study_state = _state_of(self.folder.file)

    def _read_study(self) -> tuple[Study, bool]:
        state = _state_of(self.folder.file)
        if self._study is None or state != self._study_state:
            self._study, self._study_state = read_study(self.folder), None
            return self._study, True
        return self._study, False

    def _ask_tables(self, study: Study) -> str:
        """Return what there is to read in the study's tables, as a text to compare."""
        if not any(s.postgres for m in study.streams.mapped().values() for s in m.sources):
            return ""
        if self.folder.warehouse.exists():
            with open_warehouse(self.folder.warehouse, read_only=True) as connection:
                self._positions = positions_of(connection)
        with frozen_tables(study, self._positions) as tables:
            asked = [
                str(t.range) if isinstance(t.range, FileRefused) else f"{t.path} {t.sha256}"
                for t in tables.new
            ]
        return "\n".join(asked)

    def _work(self, study: Study, resting: Seen) -> None:
        def ready(file: SourceFile) -> bool:
            return resting.get(file.location) == (file.bytes, file.modified_ns)

        ingested, evaluation = run_study(self.folder, study, step=self._step, ready=ready)
        self.done(ingested, evaluation)

    def _step(self, text: str) -> None:
        if self.stop.is_set() and text not in _WHOLE_STEPS:
            raise Stopped
        if text.startswith("Reading"):
            self.tell(text, False)

    def _tell_fault(self, text: str) -> None:
        """Tell a fault once, however often it is met in a row."""
        if text != self._last_fault:
            self.tell(text, True)
        self._last_fault = text


def _look(study: Study, root: Path) -> Seen:
    return {file.location: (file.bytes, file.modified_ns) for file in find_files(study, root)}


def _state_of(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns


def _in_words(fault: Exception) -> str:
    if isinstance(fault, UnderstudyError):
        return str(fault)
    if isinstance(fault, OSError):
        where = f" `{fault.filename}`" if fault.filename else ""
        return f"The system refused{where}: {fault.strerror or fault}."
    text = " ".join(str(fault).split()) or "no reason was given"
    kind = "The warehouse" if isinstance(fault, duckdb.Error) else type(fault).__name__
    return f"This round failed ({kind}: {text[:300]}); please report it if it happens again."
