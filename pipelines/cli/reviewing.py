"""`understudy review export` and `import`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import Quiet
from pipelines.cli.console import Output, escape
from pipelines.study_folder import StudyFolder

if TYPE_CHECKING:
    from pipelines.reviewing.drawn import Case

Place = Annotated[Path, typer.Argument(help="The study's folder, or its study.yaml.")]


def add_to(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(
        help="Hand drawn cases to reviewers as a blind sheet, and take their judgements in.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("export")(export_sheet)
    group.command("import")(import_sheet)
    app.add_typer(group, name="review")


def export_sheet(
    folder: Place = Path(),
    reviewer: Annotated[
        str | None,
        typer.Option("--reviewer", help="E-mail of who will judge; leaves out what they judged."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="CSV file to write.", show_default="review-STUDY.csv"),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write the cases that are left to judge into a CSV file that does not tell whose is whose."""
    from data_contracts.inbox import read_reviews
    from pipelines.reviewing.drawn import left_for, not_ended, read_drawn, reviewer_named
    from pipelines.reviewing.sheet import write_sheet
    from pipelines.study_file import read_study

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    who = "" if reviewer is None else reviewer_named(study, reviewer)
    drawn = read_drawn(place)
    still_open = not_ended(drawn.cases, place.root, who)
    cases = left_for(still_open, read_reviews(place.root), who)
    if not cases:
        out.result(nothing_left(ended=len(still_open) < len(drawn.cases)))
        return
    file = output or Path(f"review-{re.sub(r'[^A-Za-z0-9_-]', '_', drawn.study)}.csv")
    write_sheet(file, drawn.study, cases, who)
    shown = escape(str(file))
    out.result(f"Wrote {_cases(cases)} to `{shown}`.")
    out.say("In column `answer` say X, Y, both, neither or cannot tell; `reason` is one of")
    out.say(f"{escape(', '.join([*study.review.reasons, *study.review.known_differences]))}.")
    name = who or "EMAIL"
    out.say(f"Then `understudy review import {escape(str(folder))} {shown} --reviewer {name}`.")


def import_sheet(
    folder: Place,
    file: Annotated[Path, typer.Argument(help="A filled sheet.")],
    reviewer: Annotated[str, typer.Option("--reviewer", help="E-mail of who judged.")],
    partial: Annotated[
        bool, typer.Option("--partial", help="Take the right rows even where others are wrong.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Take a filled sheet's judgements into the inbox; `understudy run` then counts them."""
    from data_contracts.inbox import drop_reviews, read_reviews
    from pipelines.reviewing.drawn import read_drawn, reviewer_named
    from pipelines.reviewing.sheet import read_sheet
    from pipelines.reviewing.take_sheet import SheetInvalid, take_sheet
    from pipelines.study_file import read_study

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    who = reviewer_named(study, reviewer)
    drawn = read_drawn(place)
    columns, rows = read_sheet(file)
    before = read_reviews(place.root)
    taken = take_sheet(study, drawn, columns, rows, who, before, datetime.now(UTC))
    if taken.mistakes and not partial:
        raise SheetInvalid(path=str(file), mistakes=taken.mistakes, partial=False)
    if taken.reviews:
        path = drop_reviews(place.root, taken.reviews)
        shown = escape(str(path.relative_to(place.root)))
        n = len(taken.reviews)
        out.result(f"Imported {n:,} {'judgement' if n == 1 else 'judgements'} into `{shown}`.")
        out.say(f"Run `understudy run {escape(str(folder))}` to count them.")
    else:
        out.result("Nothing new was imported.")
    if taken.known:
        out.say(f"  {taken.known:,} said what was known already.")
    if taken.empty:
        out.say(f"  {taken.empty:,} without an answer, left for later.")
    if taken.mistakes:
        raise SheetInvalid(path=str(file), mistakes=taken.mistakes, partial=True)


def nothing_left(*, ended: bool) -> str:
    """Return why there is nothing to write into a sheet.

    Parameters
    ----------
    ended
        Whether the reviewer has ended a round, of which nothing is asked of them any more.
    """
    left = "Of the rounds that are not ended, all cases" if ended else "All drawn cases"
    return f"{left} are judged; nothing was written."


def _cases(cases: tuple[Case, ...]) -> str:
    return "1 case" if len(cases) == 1 else f"{len(cases):,} cases"
