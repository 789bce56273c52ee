"""`understudy dashboard`, `understudy demo` and `understudy sql`."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from data_contracts.study_folders import study_folders
from pipelines.cli.app import Quiet
from pipelines.cli.console import Output, escape
from pipelines.study_folder import StudyFolder


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(dashboard)
    app.command()(demo)
    app.command()(sql)


def dashboard(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Study folders, or a folder of studies.", show_default="this folder"),
    ] = None,
    port: Annotated[int, typer.Option(help="Port to serve on; the next free one if taken.")] = 8501,
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but this computer's needs a login.")
    ] = "localhost",
    secrets: Annotated[
        Path | None,
        typer.Option(
            help="TOML file with the `[auth]` section: the OpenID Connect login.",
            show_default=".streamlit/secrets.toml, if there is one",
        ),
    ] = None,
    roles: Annotated[
        Path | None, typer.Option(help="TOML file that says who has which role.")
    ] = None,
) -> None:
    """Serve the dashboard of one or more studies: to this computer, or to those who log in."""
    places = [_served(folder) for folder in folders or [Path()]]
    arguments = ["--port", str(port), "--host", host]
    arguments += ["--secrets", str(secrets)] if secrets else []
    arguments += ["--roles", str(roles)] if roles else []
    # Everything after `--` is a folder, whatever it is called.
    raise typer.Exit(_serve([*arguments, "--", *map(str, places)]))


def _served(folder: Path) -> Path:
    """Return a study's folder, or the folder in which studies lie: new ones then appear."""
    if study_folders(folder) not in ((), (folder,)):
        return folder.resolve()
    return StudyFolder.at(folder).root


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")] = Path("demo-study"),
    serve: Annotated[bool, typer.Option(help="Serve the dashboard at the end.")] = True,
    port: Annotated[int, typer.Option(help="Port of the dashboard.")] = 8501,
    quiet: Quiet = False,
) -> None:
    """Show the whole way on real flights: files as an airline writes them, verdict, dashboard."""
    from pipelines.demo.prepare import prepare_demo

    out = Output.make(quiet=quiet)
    place = folder / "study.yaml"
    if place.exists():
        out.say(
            f"The demo's files are in `{escape(str(folder))}` already; they are used as they are."
        )
    else:
        out.say("Training the candidate on January to April, writing the airline's daily files …")
        facts = prepare_demo(folder)
        out.say(
            f"Wrote {facts.cases:,} decisions of May to December 2013 to `{escape(str(folder))}`."
        )
    code = _command(out, "run", str(folder), *(["--quiet"] if quiet else []))
    if code not in (0, 3):
        raise typer.Exit(code)
    if serve:
        # Ctrl-C is how serving ends; it is no fault of the demo.
        with suppress(KeyboardInterrupt):
            code = _command(out, "dashboard", str(folder), "--port", str(port))
    raise typer.Exit(code)


def sql(
    query: Annotated[
        str | None, typer.Argument(help="One query; without it, queries are read line by line.")
    ] = None,
    folder: Annotated[Path, typer.Option("--study", "-s", help="The study's folder.")] = Path(),
    rows: Annotated[int, typer.Option(help="Rows to show at most.", min=1)] = 50,
    csv: Annotated[bool, typer.Option("--csv", help="Print all rows as CSV.")] = False,
) -> None:
    """Ask the warehouse in SQL, read-only. Tables: `SHOW ALL TABLES`."""
    from pipelines.cli.asking import ask, ask_repeatedly
    from pipelines.warehouse.connection import open_warehouse

    out = Output.make(quiet=False)
    place = StudyFolder.at(folder)
    # Of any layout: whoever asks in SQL may want the history of a warehouse made before.
    with open_warehouse(place.warehouse, read_only=True, any_layout=True) as connection:
        if query is None:
            ask_repeatedly(out, connection, rows)
        elif not ask(out, connection, query, rows=rows, csv=csv):
            raise typer.Exit(1)


def _command(out: Output, *words: str) -> int:
    """Run one of our own public commands, as a user would type it."""
    out.say(f"$ understudy {escape(' '.join(words))}")
    return subprocess.call([sys.executable, "-m", "pipelines.cli", *words])


def _serve(arguments: list[str]) -> int:
    # -P keeps the working folder off the path; the dashboard is a process of its own.
    command = [sys.executable, "-P", "-m", "dashboard.launch", *arguments]
    server = subprocess.Popen(command)
    # Whoever ends this command ends the server; nothing is left listening.
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
        return 0
