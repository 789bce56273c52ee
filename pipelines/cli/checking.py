"""`understudy checks`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from data_contracts.data_words import Severity
from data_contracts.findings import CheckResult
from data_contracts.vocabulary import Status
from pipelines.cli.app import Folder, Quiet
from pipelines.cli.console import Output, escape
from pipelines.study_folder import StudyFolder

BLOCKED_EXIT = 3
_MARKS = {
    Status.ERROR: ("error", "red"),
    Status.FAIL: ("failed", "red"),
    Status.PASS: ("passed", "green"),
    Status.NO_DATA: ("no data", "bright_black"),
}
_STATUSES, _SEVERITIES = list(_MARKS), list(Severity)


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(checks)


def checks(
    folder: Folder = Path(),
    suite: Annotated[
        bool, typer.Option("--suite", help="Print what is expected, as YAML, and end.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Print the checks that passed one by one, too.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Show what the checks of the latest run found in the data, failures first."""
    from pipelines.study_file import read_study

    out = Output.make(quiet=quiet)
    place = StudyFolder.at(folder)
    study = read_study(place)
    if suite:
        from pipelines.checks.suite import suites_of

        typer.echo("---\n".join(one.text for one in suites_of(study)), nl=False)
        return
    results = _latest(place)
    if not results:
        out.result("The data have not been checked yet; `understudy run` does it.")
        return
    tell_checks(out, results, every=every)
    if any(_failed(one) and one.severity is Severity.CRITICAL for one in results):
        raise typer.Exit(BLOCKED_EXIT)


def tell_checks(out: Output, results: tuple[CheckResult, ...], *, every: bool) -> None:
    """Print the checks, failures first; those that passed as one line unless all are wanted."""
    failed = [one for one in results if _failed(one)]
    for one in sorted(failed, key=_order):
        _tell(out, one)
    rest = sorted((one for one in results if not _failed(one)), key=_order)
    if every:
        for one in rest:
            _tell(out, one)
        return
    passed = sum(one.status is Status.PASS for one in rest)
    waiting = len(rest) - passed
    more = f", {waiting:,} had nothing to look at yet" if waiting else ""
    out.result(f"{passed:,} of {len(results):,} checks passed{more}. `--all` lists them.")


def _latest(place: StudyFolder) -> tuple[CheckResult, ...]:
    from pipelines.checks.store import latest_results
    from pipelines.warehouse.connection import open_warehouse

    with open_warehouse(place.warehouse, read_only=True) as warehouse:
        return latest_results(warehouse)


def _failed(one: CheckResult) -> bool:
    return one.status in (Status.FAIL, Status.ERROR)


def _order(one: CheckResult) -> tuple[int, int]:
    return _SEVERITIES.index(one.severity), _STATUSES.index(one.status)


def _tell(out: Output, one: CheckResult) -> None:
    word, colour = _MARKS[one.status]
    if _failed(one) and one.severity is not Severity.CRITICAL:
        colour = "yellow"
    name = escape(f"{one.stream}.{one.name}")
    out.result(
        f"[{colour}]{word:<8}[/] {one.severity:<9} {name}: {escape(one.sentence)}"
        f" [bright_black]Expected: {escape(one.expected)}.[/]"
    )
