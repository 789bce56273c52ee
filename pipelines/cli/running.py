"""`understudy evaluate` and `understudy run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from data_contracts.vocabulary import Status, VerdictState
from pipelines.cli.app import Folder, Quiet
from pipelines.cli.console import Output, escape
from pipelines.cli.ingesting import tell_ingested
from pipelines.study_folder import StudyFolder

if TYPE_CHECKING:
    from data_contracts.findings import GateResult, Verdict
    from pipelines.assessment.evaluate import Evaluation

MARKS = {
    Status.PASS: ("passed", "green"),
    Status.FAIL: ("failed", "red"),
    Status.INCONCLUSIVE: ("collecting", "blue"),
    Status.NO_DATA: ("no data", "bright_black"),
    Status.ERROR: ("error", "red"),
}
COLOURS = {
    VerdictState.GO: "green",
    VerdictState.NO_GO: "red",
    VerdictState.COLLECTING: "blue",
    VerdictState.BLOCKED: "yellow",
}
BLOCKED_EXIT = 3


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(evaluate)
    app.command()(run)


def evaluate(folder: Folder = Path(), quiet: Quiet = False) -> None:
    """Judge what is in the warehouse and publish the verdict with its evidence."""
    from pipelines.runs import evaluate_study, read_study

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    with out.steps() as (step, _):
        done = evaluate_study(place, study, step=step)
    tell_evaluation(out, done)
    _leave(done, refused=False)


def run(folder: Folder = Path(), quiet: Quiet = False) -> None:
    """Ingest what is new, then judge and publish: the daily command."""
    from pipelines.runs import read_study, run_study

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
    for assessment in done.assessments:
        tell_verdict(out, assessment.verdict)
    if done.newly_registered:
        out.say("The policy was registered: from now on a change to it shows in the evidence.")
    if not done.published:
        out.say(f"Nothing has changed since publication {done.evidence_no}; it stands.")


def tell_verdict(out: Output, verdict: Verdict) -> None:
    """Print one verdict and its gates."""
    colour = COLOURS[verdict.state]
    name = escape(f"{verdict.candidate} {verdict.version}")
    state = verdict.state.replace("_", " ")
    out.result(f"[bold {colour}]{state}[/]  {name}: {escape(verdict.sentence)}")
    for gate in verdict.gates:
        tell_gate(out, gate)


def tell_gate(out: Output, gate: GateResult) -> None:
    """Print one line for a gate: state, name, and the sentence why."""
    word, colour = MARKS[gate.status]
    out.say(f"  [{colour}]{word:<11}[/] {escape(gate.gate):<16} {escape(gate.sentence)}")


def _leave(done: Evaluation, *, refused: bool) -> None:
    states = {assessment.verdict.state for assessment in done.assessments}
    if VerdictState.BLOCKED in states:
        raise typer.Exit(BLOCKED_EXIT)
    if refused:
        raise typer.Exit(1)
