"""`understudy status`: the latest verdict in well under a second, for people and for machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from data_contracts.vocabulary import Status, VerdictState
from pipelines.cli.app import Folder, Quiet
from pipelines.cli.console import Output, escape
from pipelines.cli.verdicts import tell_gate, tell_verdict
from pipelines.study_folder import StudyFolder

EXIT_CODES = {
    VerdictState.GO: 0,
    VerdictState.COLLECTING: 10,
    VerdictState.NO_GO: 20,
    VerdictState.BLOCKED: 30,
}
"""What `--exit-code` ends with, for use in CI."""


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(status)


def status(
    folder: Folder = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="End with GO 0, COLLECTING 10, NO_GO 20, BLOCKED 30."),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Print the latest published verdict."""
    from pipelines.assessment.latest import latest_publication

    out = Output.make(quiet=quiet)
    published = latest_publication(StudyFolder.at(folder))
    if as_json:
        typer.echo(json.dumps(published, indent=2, default=str, ensure_ascii=False))
    else:
        reach = data_reach(published["data_to"], published["timeless"])
        title, when = escape(published["title"]), published["published_at"]
        out.say(f"{title}: {reach}, published {when}")
        for one in published["candidates"]:
            state = VerdictState(one["verdict"])
            tell_verdict(out, state, one["candidate"], one["version"], one["sentence"])
            for gate in one["gates"]:
                tell_gate(out, Status(gate["status"]), gate["gate"], gate["sentence"])
    if exit_code:
        raise typer.Exit(EXIT_CODES[VerdictState(published["verdict"])])


def data_reach(data_to: str | None, timeless: bool) -> str:
    """Return up to which day there are decisions, in words.

    Examples
    --------
    >>> data_reach("2026-03-05", False), data_reach(None, False), data_reach(None, True)
    ('data to 2026-03-05', 'data to no day yet', 'data without days (timeless)')
    """
    if timeless:
        return "data without days (timeless)"
    return f"data to {data_to or 'no day yet'}"
