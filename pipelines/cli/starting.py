"""`understudy init` and `understudy check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.app import Folder, Quiet
from pipelines.cli.console import Output, escape


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(init)
    app.command()(check)


def init(
    name: Annotated[str, typer.Argument(help="Name of the study, and of the folder to make.")],
    template: Annotated[str, typer.Option(help="Pattern to start from.")] = "triage",
    sample_data: Annotated[
        bool,
        typer.Option(
            "--with-sample-data/--without-sample-data",
            help="Also write some weeks of made-up files, so that it runs.",
        ),
    ] = True,
    quiet: Quiet = False,
) -> None:
    """Make a new study: a folder with a commented study file, to look at or for your own files."""
    from pipelines.init import create_study

    out = Output.make(quiet=quiet)
    folder = create_study(Path(name), template, Path(name).name, sample_data=sample_data)
    out.say(f"Made the study in `{escape(str(folder))}`.")
    out.say(escape(what_next(folder, template, sample_data=sample_data)))


def what_next(folder: Path, template: str, *, sample_data: bool) -> str:
    """Return what is to be done with a study that was just made.

    Examples
    --------
    >>> what_next(Path("x"), "triage", sample_data=False)
    'Next: put your files into `x/data`, edit `x/study.yaml`, then `understudy check x`.'
    """
    if not sample_data:
        return (
            f"Next: put your files into `{folder / 'data'}`, edit `{folder / 'study.yaml'}`, then"
            f" `understudy check {folder}`."
        )
    return (
        f"Next: `understudy run {folder}` shows the template with made-up cases. Keep your own out"
        " of this folder, for what was read and published stays in its history: `understudy init"
        f" NAME --template {template} --without-sample-data` makes one for them."
    )


def check(folder: Folder = Path(), quiet: Quiet = False) -> None:
    """Check the study file, its contracts and the first rows of every source."""
    from pipelines.check import check_study

    out = Output.make(quiet=quiet)
    report = check_study(folder)
    for line in report.lines:
        out.say(escape(line))
    if report.problems:
        for line in report.problems:
            out.err.print(escape(line), style="red")
        raise typer.Exit(1)
    out.result("The study can run.")
