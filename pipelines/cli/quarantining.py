"""`understudy quarantine list`, `export` and `resubmit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import Folder, Quiet
from pipelines.cli.console import Output, escape
from pipelines.study_folder import StudyFolder

if TYPE_CHECKING:
    from pipelines.quarantine.looking import Filters, Group

StudyOption = Annotated[Path, typer.Option("--study", "-s", help="The study's folder.")]
StreamOption = Annotated[str | None, typer.Option("--stream", help="Only rows of this stream.")]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", help="Only rows set aside for this reason.")
]
FieldOption = Annotated[
    str | None, typer.Option("--field", help="Only rows at fault in this field.")
]

_LONGEST_EXAMPLE = 100


def add_to(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(
        help="Look at the rows that were not accepted, mend them and submit them again.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(list_groups)
    group.command("export")(export_rows)
    group.command("resubmit")(resubmit_rows)
    app.add_typer(group, name="quarantine")


def list_groups(
    folder: Folder = Path(),
    stream: StreamOption = None,
    reason: ReasonOption = None,
    field: FieldOption = None,
    quiet: Quiet = False,
) -> None:
    """List what waits in quarantine, by stream, reason, field and file."""
    from pipelines.quarantine.looking import groups
    from pipelines.study_file import read_study
    from pipelines.warehouse.connection import open_warehouse

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    filters = _filters(stream, reason, field)
    with open_warehouse(place.warehouse, read_only=True) as connection:
        found = groups(connection, study, filters)
    if not found:
        out.result("No row is waiting in quarantine.")
        return
    for group in found:
        _tell_group(out, group)
    rows = sum(group.rows for group in found)
    out.say(f"{_rows(rows)} waiting. To mend them: `understudy quarantine export rows.csv`, then")
    out.say("`understudy quarantine resubmit rows.csv`. Where the study was wrong about them:")
    out.say("correct it, then `understudy quarantine resubmit`.")


def export_rows(
    file: Annotated[Path, typer.Argument(help="CSV file to write.")],
    folder: StudyOption = Path(),
    stream: StreamOption = None,
    reason: ReasonOption = None,
    field: FieldOption = None,
    quiet: Quiet = False,
) -> None:
    """Write the waiting rows into a CSV file, to be mended in a spreadsheet."""
    from pipelines.quarantine.export import export
    from pipelines.study_file import read_study
    from pipelines.warehouse.connection import open_warehouse

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    with open_warehouse(place.warehouse, read_only=True) as connection:
        rows = export(connection, study, _filters(stream, reason, field), file)
    shown = escape(str(file))
    out.result(f"Wrote {_rows(rows)} to `{shown}`.")
    out.say("Correct the values, leave the columns `understudy_…` as they are, and run")
    out.say(f"`understudy quarantine resubmit {shown}`. Lines you delete stay in quarantine.")


def resubmit_rows(
    file: Annotated[
        Path | None,
        typer.Argument(help="A mended export.", show_default="all waiting rows, as they are"),
    ] = None,
    folder: StudyOption = Path(),
    quiet: Quiet = False,
) -> None:
    """Submit mended rows again; without a file, try all waiting rows as the study now is."""
    from pipelines.cli.ingesting import tell_ingested
    from pipelines.runs import resubmit_study
    from pipelines.study_file import read_study

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    with out.steps() as (step, progress):
        done = resubmit_study(place, study, file, step=step, progress=progress)
    if done.before.committed is not None:
        tell_ingested(out, done.before)
    for path, rows in done.submitted.files:
        shown = escape(str(path.relative_to(place.root)))
        out.say(f"Submitted {_rows(rows)} again, kept in `{shown}`.")
    if done.submitted.files:
        tell_ingested(out, done.ingested)
    else:
        out.result("No row was submitted again; nothing has changed.")
    for why, rows in done.submitted.left.items():
        out.say(f"  {_rows(rows)} not tried: {escape(why)}.")
    if done.ingested.refused:
        raise typer.Exit(1)


def _filters(stream: str | None, reason: str | None, field: str | None) -> Filters:
    from data_contracts.data_words import Rejection
    from data_contracts.vocabulary import Stream
    from pipelines.quarantine.looking import Filters

    for name, value, known in (("stream", stream, Stream), ("reason", reason, Rejection)):
        words = [word.value for word in known]
        if value is not None and value not in words:
            raise typer.BadParameter(
                f"`{value}`: expected one of {', '.join(words)}", param_hint=name
            )
    return Filters(stream, reason, field)


def _tell_group(out: Output, group: Group) -> None:
    about = f" in `{escape(group.field)}`" if group.field else ""
    (first, first_at), (last, last_at) = group.first, group.last
    when = f"run {first} ({first_at.date()})"
    if last != first:
        when += f" to run {last} ({last_at.date()})"
    reason = group.reason.replace("_", " ")
    out.result(f"{group.rows:>8,}  {group.stream}: {reason}{about}, {escape(group.file)}, {when}")
    if group.example:
        held = ", ".join(f"{name}={value!r}" for name, value in group.example)
        more = "…" if len(held) > _LONGEST_EXAMPLE else ""
        out.say(
            f"          e.g. row {group.example_row:,}: {escape(held[:_LONGEST_EXAMPLE])}{more}"
        )


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
