"""`understudy watch`."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import Folder, Quiet
from pipelines.cli.console import Output, escape
from pipelines.cli.ingesting import tell_ingested
from pipelines.cli.running import NO_CASE, exit_code_of
from pipelines.cli.verdicts import tell_verdict
from pipelines.study_folder import StudyFolder

if TYPE_CHECKING:
    from types import FrameType

    from pipelines.assessment.evaluate import Evaluation
    from pipelines.take_in import Ingested


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(watch)


def watch(
    folder: Folder = Path(),
    every: Annotated[
        float, typer.Option("--every", help="Seconds between two looks.", min=0.1, max=86_400)
    ] = 60.0,
    once: Annotated[bool, typer.Option("--once", help="Do one round and end.")] = False,
    quiet: Quiet = False,
) -> None:
    """Ingest and judge what arrives, as it arrives, until Ctrl-C or SIGTERM."""
    from pipelines.watching import Watch

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    stop, codes = Event(), [0]

    def tell(text: str, fault: bool) -> None:
        if fault:
            out.err.print(f"{_now()} {escape(text)}", style="red")
        elif not quiet:
            out.out.print(f"{_now()} {escape(text)}")

    def done(ingested: Ingested, evaluation: Evaluation) -> None:
        codes[0] = exit_code_of(evaluation, refused=bool(ingested.refused))
        tell("Looked at what there is", False)
        tell_ingested(out, ingested)
        if not evaluation.evidence_no:
            tell(NO_CASE, False)
        elif evaluation.published or once:
            for assessment in evaluation.assessments:
                verdict = assessment.verdict
                tell_verdict(
                    out, verdict.state, verdict.candidate, verdict.version, verdict.sentence
                )

    _stop_on_signals(stop)
    watched = Watch(place, tell, done, stop)
    if once:
        good = watched.round(every)
        raise typer.Exit(codes[0] if good else 1)
    tell(f"Watching {place.root}, every {every:g} s; Ctrl-C ends it", False)
    watched.run(every)
    tell("Stopped; what was committed holds", False)


def _stop_on_signals(stop: Event) -> None:
    """Let the first signal end the watch after the step at work, and a second one at once."""

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    before = {n: signal.signal(n, ask) for n in (signal.SIGINT, signal.SIGTERM)}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
