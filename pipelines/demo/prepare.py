"""The demo's study folder: its study file and the files its systems would have written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data_contracts.study.templates import render_template
from pipelines.demo.candidate import LAST_TRAINING_MONTH, late_scores
from pipelines.demo.flights import LATE_MINUTES, data_folder, read_flights
from pipelines.demo.write_files import (
    SURE_ENOUGH,
    write_decisions,
    write_outcomes,
    write_recommendations,
)
from pipelines.init import DATA_FOLDER, new_folder, write_study_files

TEMPLATE = "flights"
TITLE = "Late-arrival alerts"
DEMO_SEED = 2013


@dataclass(frozen=True, slots=True)
class DemoFacts:
    """What the demo's files hold, counted while they were written.

    Attributes
    ----------
    cases, with_outcome
        Flights that left after the training months, and those of them that landed as planned.
    production_accuracy, candidate_accuracy
        Shares of the cases with an outcome that each called right.
    disagreement
        Share of all cases on which the two differ.
    """

    cases: int
    with_outcome: int
    files: int
    production_accuracy: float
    candidate_accuracy: float
    disagreement: float


def prepare_demo(folder: Path, seed: int = DEMO_SEED) -> DemoFacts:
    """Write the demo's study and input files into a new folder; return what they hold.

    All of it is written, or nothing.

    Raises
    ------
    DemoNotInstalled
        When the demo's extra packages are absent.
    FolderTaken
        When something is in the way.
    """
    text = render_template(TEMPLATE, TEMPLATE, TITLE)
    source = data_folder()
    with new_folder(folder) as staged:
        flights = read_flights(source)
        scores = late_scores(flights)
        cases = flights.filter(pc.greater(flights["month"], LAST_TRAINING_MONTH))
        files = write_input_files(cases, scores, staged / DATA_FOLDER, seed)
        write_study_files(staged, text)
    return _facts(cases, scores, files)


def write_input_files(
    cases: pa.Table, scores: NDArray[np.float64], folder: Path, seed: int = DEMO_SEED
) -> int:
    """Write the daily files of the three systems into a data folder; return how many."""
    return (
        write_decisions(cases, folder / "decisions")
        + write_recommendations(cases, scores, folder / "recommendations", seed)
        + write_outcomes(cases, folder / "outcomes")
    )


def _facts(cases: pa.Table, scores: NDArray[np.float64], files: int) -> DemoFacts:
    known = pc.is_valid(cases["late"]).to_numpy()
    late = pc.fill_null(cases["late"], False).to_numpy()
    production = cases["dep_delay"].to_numpy() >= LATE_MINUTES
    candidate = scores >= SURE_ENOUGH
    return DemoFacts(
        cases=len(known),
        with_outcome=int(known.sum()),
        files=files,
        production_accuracy=float((production == late)[known].mean()),
        candidate_accuracy=float((candidate == late)[known].mean()),
        disagreement=float((production != candidate).mean()),
    )
