"""`understudy profile`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import Folder, Quiet
from pipelines.cli.console import Output, escape
from pipelines.study_folder import StudyFolder

if TYPE_CHECKING:
    from pipelines.profiling.pilot import Profiled


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(profile)


def profile(
    pilot: Annotated[
        Path,
        typer.Option(
            help="Folder of the pilot: another study, or files laid out like this study's sources."
        ),
    ],
    folder: Folder = Path(),
    quiet: Quiet = False,
) -> None:
    """Profile the pilot's data, so that production can be compared with it from now on."""
    from pipelines.profiling.pilot import profile_pilot
    from pipelines.study_file import read_study

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    with out.steps() as (step, _):
        step("Reading the pilot")
        done = profile_pilot(place, study, pilot)
    tell_profiled(out, done, pilot)


def tell_profiled(out: Output, done: Profiled, pilot: Path) -> None:
    """Print what was profiled, stream by stream, and how often each side was right."""
    from data_contracts.findings import ALL_CASES
    from evaluators.feed.cliff_words import shown_field
    from evaluators.wording import count, percent

    found = done.baseline.profile
    where = escape(str(pilot))
    out.result(f"Profiled {count(done.files, 'file')} of the pilot in `{where}`:")
    for stream in found.streams:
        fields = [f for f in found.fields if f.stream == stream.stream]
        rows = max((f.rows for f in fields), default=0)
        out.say(f"  {stream.stream:<16} {rows:,} records, {count(len(fields), 'field')}")
        gaps = [f for f in fields if 0 < f.missing < f.rows]
        for field in sorted(gaps, key=lambda f: -f.missing)[:3]:
            share = percent(field.missing / field.rows)
            out.say(f"    `{escape(shown_field(field.name))}` is missing in {share}")
    for (name, version), cells in found.cells.items():
        for cell in cells:
            if cell.cut == ALL_CASES:
                out.say(
                    f"  {escape(f'{name} {version}')} was right in"
                    f" {percent(cell.candidate_right / cell.n)} of"
                    f" {count(cell.n, 'case')} with a known outcome, production in"
                    f" {percent(cell.production_right / cell.n)}"
                )
    for name in done.without_results:
        out.say(f"  The pilot has no results of {escape(name)}: its accuracy cannot be compared.")
    out.say(
        "It is registered as the baseline; the next `understudy run` or `evaluate` compares"
        " production with it."
    )
