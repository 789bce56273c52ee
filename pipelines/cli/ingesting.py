"""`understudy ingest`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data_contracts.data_words import ChangeRule
from evaluators.wording import count
from pipelines.cli.app import Folder, Quiet
from pipelines.cli.conflicts import conflict_lines
from pipelines.cli.console import Output, escape
from pipelines.study_folder import StudyFolder

if TYPE_CHECKING:
    from pipelines.schemas.changes import SchemaChange
    from pipelines.take_in import Ingested

_CHANGES = 12
"""Schema changes of a run that are printed."""


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(ingest)


def ingest(
    folder: Folder = Path(),
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Read all files anew into a new warehouse.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Read the source files that are new into the warehouse, and balance the books."""
    from pipelines.runs import ingest_study
    from pipelines.study_file import read_study

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    with out.steps() as (step, progress):
        done = ingest_study(place, study, rebuild=rebuild, step=step, progress=progress)
    tell_ingested(out, done)
    if done.refused:
        raise typer.Exit(1)


def tell_ingested(out: Output, done: Ingested) -> None:
    """Print what an ingest did: files, books, quarantine, refusals."""
    if done.committed is None:
        out.say(nothing_new(done.found, done.known))
    else:
        tell_books(out, done)
    for notice in () if out.quiet else done.notices:
        out.err.print(escape(notice), style="yellow")
    for path, why in done.refused:
        out.err.print(f"Refused `{escape(path)}`: {escape(why)}", style="red")


def nothing_new(found: int, known: int) -> str:
    """Return why a run had nothing to read.

    Examples
    --------
    >>> nothing_new(2, 2)
    'Nothing new: 2 files found, all of them read before.'
    """
    if not found:
        return "Nothing to read: no file was found."
    if known < found:
        return f"Nothing new: {count(found, 'file')} found, {known:,} of them read before."
    before = "read before" if found == 1 else "all of them read before"
    return f"Nothing new: {count(found, 'file')} found, {before}."


def tell_books(out: Output, done: Ingested) -> None:
    """Print the books of a commit, and what was noticed in its files."""
    committed = done.committed
    if committed is None:
        return
    read = len(committed.files) - len(committed.refused)
    out.say(
        f"Read {read:,} of {done.found:,} files ({done.known:,} were known). The books balance:"
    )
    for entry in committed.entries:
        if entry.whole in ("read", "accepted") and "staged" not in entry.parts:
            out.say(f"  {entry.subject:<16} {entry.rule:<44} {entry.figures}")
    for entry in committed.entries:
        if "new" in entry.parts and entry.parts.get("purged"):
            out.say(
                f"  {entry.parts['purged']:,} {entry.subject} are about cases or days that were"
                " purged: counted and set aside, not taken in."
            )
    for merged in committed.merged:
        for line in conflict_lines(merged):
            out.say(f"  {escape(line)}")
    rejected = sum(report.rejected for _, report in committed.files if not report.refusal)
    if rejected:
        out.say(
            f"  {rejected:,} rows are in quarantine: `understudy quarantine list` says why."
            " Mend them with `understudy quarantine export` and `resubmit`; where the study was"
            " wrong about them, correct it and run `understudy quarantine resubmit`."
        )
    tell_changes(out, committed.changes)
    seen: set[str] = set()
    for file, report in committed.files:
        for notice in report.notices:
            if notice not in seen:
                seen.add(notice)
                out.say(f"  Noticed in {escape(file.path)}: {escape(notice)}")


def tell_changes(out: Output, changes: Sequence[SchemaChange]) -> None:
    """Print how the columns of files have changed; what refused a file is told with the file."""
    told = [change for change in changes if change.rule is not ChangeRule.STOP]
    for change in told[:_CHANGES]:
        then = ""
        if change.rule is ChangeRule.QUARANTINE:
            whose = "the file are" if change.files == 1 else f"{change.files:,} files are"
            then = f"; all rows of {whose} in quarantine, as the study says"
        out.say(f"  Schema change: {escape(change.sentence)}{then}.")
    if len(told) > _CHANGES:
        out.say(
            f"  and {len(told) - _CHANGES:,} schema changes more:"
            " `understudy sql 'SELECT sentence FROM schema_changes'`."
        )
