"""`understudy evaluate` and `understudy run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data_contracts.vocabulary import VerdictState
from pipelines.cli.app import Folder, Quiet
from pipelines.cli.console import Output
from pipelines.cli.ingesting import tell_ingested
from pipelines.cli.verdicts import tell_gate, tell_verdict
from pipelines.study_folder import StudyFolder

if TYPE_CHECKING:
    from pipelines.assessment.evaluate import Evaluation

BLOCKED_EXIT = 3
NO_CASE = (
    "No verdict yet: there is no decision to judge. Nothing was published, and the policy is not"
    " registered before there is one."
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(evaluate)
    app.command()(run)


def evaluate(
    folder: Folder = Path(),
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="MOMENT",
            help="Judge what was known at a past moment, by the policy of then; publish nothing."
            " A day (2026-03-05) stands for its end, a time is UTC unless it says otherwise.",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Judge what is in the warehouse and publish the verdict with its evidence."""
    from pipelines.runs import evaluate_study
    from pipelines.study_file import read_study

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    if as_of is not None:
        from pipelines.cli.looking_back import look_back

        look_back(out, place, study, as_of)
        return
    with out.steps() as (step, _):
        done = evaluate_study(place, study, step=step)
    tell_evaluation(out, done)
    _leave(done, refused=False)


def run(folder: Folder = Path(), quiet: Quiet = False) -> None:
    """Ingest what is new, then judge and publish: the daily command."""
    from pipelines.runs import run_study
    from pipelines.study_file import read_study

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    with out.steps() as (step, progress):
        ingested, done = run_study(place, study, step=step, progress=progress)
    tell_ingested(out, ingested)
    tell_evaluation(out, done)
    _leave(done, refused=bool(ingested.refused))


def tell_evaluation(out: Output, done: Evaluation) -> None:
    """Print the verdict of every candidate, with its gates and why."""
    if not done.evidence_no:
        out.result(NO_CASE)
        return
    for assessment in done.assessments:
        verdict = assessment.verdict
        tell_verdict(out, verdict.state, verdict.candidate, verdict.version, verdict.sentence)
        for gate in verdict.gates:
            tell_gate(out, gate.status, gate.gate, gate.sentence)
    if done.newly_registered:
        out.say("The policy was registered: from now on a change to it shows in the evidence.")
    if not done.published:
        out.say(f"Nothing has changed since publication {done.evidence_no}; it stands.")


def exit_code_of(done: Evaluation, *, refused: bool) -> int:
    """Return the exit code of a run: 3 when a verdict is BLOCKED, 1 when a file was refused."""
    states = {assessment.verdict.state for assessment in done.assessments}
    return BLOCKED_EXIT if VerdictState.BLOCKED in states else int(refused)


def _leave(done: Evaluation, *, refused: bool) -> None:
    code = exit_code_of(done, refused=refused)
    if code:
        raise typer.Exit(code)
