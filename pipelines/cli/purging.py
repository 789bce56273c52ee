"""`understudy purge`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import Folder, Quiet
from pipelines.cli.console import Output, escape
from pipelines.study_folder import StudyFolder

if TYPE_CHECKING:
    from pipelines.retention.purge import Purge


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(purge)


def purge(
    before: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help="First day that is kept, e.g. 2025-01-01."),
    ],
    folder: Folder = Path(),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Remove the raw records of cohort days before a date; counts and verdicts stay."""
    from pipelines.retention.purge import plan_purge
    from pipelines.runs import purge_study
    from pipelines.study_file import read_study
    from pipelines.warehouse.connection import open_warehouse

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    with open_warehouse(place.warehouse, read_only=True) as connection:
        plan = plan_purge(connection, study, before.date())
    if plan.empty:
        out.result(f"There are no records before {plan.before}; nothing was removed.")
        return
    _tell(out, plan)
    if dry_run:
        out.result("Nothing was removed.")
        return
    if not yes:
        if not sys.stdin.isatty():
            out.err.print("Nothing was removed: say `--yes` where nobody can be asked.")
            raise typer.Exit(2)
        if not typer.confirm("This cannot be undone. Remove them?"):
            out.result("Nothing was removed.")
            raise typer.Exit(1)
    with out.steps() as (step, _):
        done = purge_study(place, study, before.date(), step=step)
    out.result(f"Removed {sum(done.records.values()):,} records of days before {done.before}.")
    out.say("Your own source files were not touched: delete old ones yourself, those in")
    out.say("`resubmitted` and backups among them.")


def _tell(out: Output, plan: Purge) -> None:
    """Print what a purge removes, and what it keeps."""
    which = f" ({plan.days[0]} to {plan.days[1]})" if plan.days else ""
    out.say(f"Raw records of cohort days before {plan.before}{which}:")
    for stream, records in plan.records.items():
        if records:
            what = "rows, their values" if stream == "quarantine" else "records"
            out.say(f"  {escape(stream):<16} {records:>12,} {what}")
    out.say("Kept: counts per day and segment, books, ledger, verdicts. Never possible again for")
    out.say("these days: other segments, candidates or definitions, and late records.")
    if plan.whole:
        out.result("No decision would be left: that is every day there is.")
