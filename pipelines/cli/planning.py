"""`understudy plan`: how many cases and weeks every gate needs, before or during a study."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.app import Folder, Quiet
from pipelines.cli.console import Output, escape
from pipelines.study_folder import STUDY_FILE, StudyFolder

if TYPE_CHECKING:
    from data_contracts.study.model import Study
    from pipelines.assessment.planning import Planned

SHOWN = 12
"""Segments of a gate that are printed; `--json` has all of them."""


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(plan)


def plan(
    folder: Folder = Path(),
    disagreement: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Share of cases on which the two differ, e.g. 0.1."),
    ] = None,
    difference: Annotated[
        float | None,
        typer.Option(min=-1, max=1, help="Expected difference in accuracy, e.g. 0.01."),
    ] = None,
    cases_per_day: Annotated[
        float | None, typer.Option("--cases-per-day", min=1e-6, max=1e9, help="Decisions a day.")
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(min=0, max=0.99, help="Worst acceptable difference, e.g. 0.01 for a point."),
    ] = None,
    unlabelled: Annotated[
        float | None,
        typer.Option(min=0, max=0.99, help="Share of disagreements that never get an outcome."),
    ] = None,
    pairing: Annotated[
        float | None,
        typer.Option(min=0.001, max=1, help="Share of decisions with a recommendation."),
    ] = None,
    design_effect: Annotated[
        float | None,
        typer.Option("--design-effect", min=1, help="Cases that tell as much as one alone."),
    ] = None,
    wait: Annotated[
        int | None, typer.Option(min=0, max=3650, help="Days until the outcome of a case is in.")
    ] = None,
    alpha: Annotated[
        float | None, typer.Option(min=1e-9, max=0.5, help="Two-sided error of the study.")
    ] = None,
    power: Annotated[
        float | None,
        typer.Option(min=0.5, max=0.999, help="Chance of passing for the size looked at once."),
    ] = None,
    segments: Annotated[
        int | None,
        typer.Option(min=1, help="Equally large segments that share the cases, before data."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    quiet: Quiet = False,
) -> None:
    """Tell how many cases and weeks the gates need: from assumptions, or from the data so far."""
    from pipelines.assessment.guesses import Guesses
    from pipelines.assessment.planning import (
        plan_from_evidence,
        plan_from_guesses,
        plan_from_study,
    )
    from pipelines.study_file import read_study

    guesses = Guesses(
        disagreement,
        difference,
        cases_per_day,
        margin,
        unlabelled,
        pairing,
        design_effect,
        wait,
        alpha,
        power,
        segments,
    )
    out = Output.make(quiet=quiet)
    source, others = "assumptions", []
    # Without a study only where none was named: a name that is misspelt is no assumption.
    if folder != Path() or (folder / STUDY_FILE).is_file():
        place = StudyFolder.at(folder)
        study = read_study(place)
        found = plan_from_evidence(place, study, guesses)
        if found is not None:
            source, others = "data so far", _other_gates(place)
        else:
            found, others = plan_from_study(study, guesses), _without_cases(study)
    else:
        found = plan_from_guesses(guesses)
    if as_json:
        rows = [_row(one) for one in found]
        text = json.dumps({"from": source, "plans": rows, "gates": others}, indent=2, default=str)
        typer.echo(text)
        return
    _tell(out, found, source)
    _tell_others(out, others)


def _tell(out: Output, found: Sequence[Planned], source: str) -> None:
    from evaluators.wording import count, points

    out.say(f"By the {source}:")
    by_gate: dict[tuple[str, str, str], list[Planned]] = {}
    for one in found:
        by_gate.setdefault((one.candidate, one.version, one.asked.gate), []).append(one)
    for (candidate, version, gate), plans in by_gate.items():
        asked = plans[0].asked
        limit = points(-asked.margin)
        where = "over all cases" if asked.cut == "all" else f"in segments by {asked.cut}"
        name = escape(f"{candidate} {version}".strip())
        out.result(
            f"[bold]{escape(gate)}[/]  {name}: {escape(where)}, the difference above {limit} points"
        )
        plans = sorted(plans, key=_slowest_first)
        for one in plans[:SHOWN]:
            out.result(f"  {escape(one.segment.value):<16} {escape(' '.join(_sentences(one)))}")
        if len(plans) > SHOWN:
            rest = count(len(plans) - SHOWN, "more segment")
            out.result(f"  {rest}, sooner than these; `--json` shows all.")


def _sentences(one: Planned) -> Iterator[str]:
    from evaluators.wording import count, day, percent, points

    told, assumed = one.needed, one.assumed
    if one.n:
        yield f"{count(one.n, 'mature case')} so far."
    if told.anytime == 0:
        yield "Shown already."
        return
    dated = assumed.cases_per_day > 0
    pace = f"at {assumed.cases_per_day:.3g} cases a day" if dated else "without days"
    yield (
        f"With {percent(assumed.disagreement)} disagreement and a difference of"
        f" {points(assumed.difference)} points, {pace},"
    )
    if not told.reachable:
        yield f"it is not reachable. {told.why}"
        return
    fixed = "" if told.fixed is None else f" ({told.fixed:,} in all if looked at once)"
    more = f"it needs about {count(told.anytime or 0, 'further case')}{fixed}"
    if not dated:
        yield f"{more}; weeks cannot be foreseen."
        return
    yield f"{more}:"
    low, middle, high = told.weeks
    weeks = f"{_weeks(low)} to {_weeks(high)} whole weeks, {_weeks(middle)} in the middle"
    wait = f", and {count(assumed.wait, 'day')} for the outcomes" if assumed.wait else ""
    first, _, last = one.ends
    by = f", which is from {day(first)} to {day(last)}" if first and last else ""
    yield f"{weeks}{wait}{by}."


def _weeks(number: int | None) -> str:
    return "many more" if number is None else str(number)


def _slowest_first(one: Planned) -> tuple[bool, float]:
    middle = one.needed.weeks[1]
    return one.needed.reachable, -float(middle if middle is not None else 10_000)


def _other_gates(place: StudyFolder) -> list[dict[str, Any]]:
    """Return how the latest publication sees the gates, with their forecasts."""
    from pipelines.assessment.latest import latest_publication

    keys = ("gate", "kind", "status", "sentence", "earliest", "latest", "reachable")
    return [
        {"candidate": one["candidate"], "version": one["version"], **{k: gate[k] for k in keys}}
        for one in latest_publication(place)["candidates"]
        for gate in one["gates"]
    ]


def _without_cases(study: Study) -> list[dict[str, Any]]:
    """Return what the gates ask for that need weeks, and no number of cases."""
    from data_contracts.study.policy import SHADOW_WEEKS
    from evaluators.policy import build_gates
    from evaluators.wording import count

    weeks = {
        gate.name: gate.as_dict["weeks"] or SHADOW_WEEKS[study.risk_tier]
        for gate in build_gates(study.policy)
        if gate.kind.name == "duration"
    }
    return [
        {"gate": name, "kind": "duration", "status": "NO_DATA", "needs": count(n, "whole week")}
        for name, n in weeks.items()
    ]


def _tell_others(out: Output, gates: Sequence[dict[str, Any]]) -> None:
    for gate in gates:
        ahead = ""
        if "needs" in gate:
            out.say(f"  {escape(gate['gate']):<16} needs {gate['needs']} of cases")
            continue
        if gate["reachable"] is False:
            ahead = "more of the same data will not help"
        elif gate["earliest"]:
            ahead = f"expected from {gate['earliest']} to {gate['latest'] or 'an unknown day'}"
        elif gate["status"] == "INCONCLUSIVE":
            ahead = "no day can be named yet"
        if ahead:
            out.say(f"  {escape(gate['gate']):<16} {gate['status'].lower()}; {ahead}")


def _row(one: Planned) -> dict[str, Any]:
    told, assumed = one.needed, one.assumed
    return {
        "candidate": one.candidate,
        "version": one.version,
        "gate": one.asked.gate,
        "kind": one.asked.kind,
        "cut": one.segment.cut,
        "segment": one.segment.value,
        "margin": one.asked.margin,
        "cases_so_far": one.n,
        "disagreement": assumed.disagreement,
        "difference": assumed.difference,
        "cases_per_day": assumed.cases_per_day,
        "design_effect": assumed.effect,
        "fixed_cases": told.fixed,
        "further_cases": told.anytime,
        "weeks": dict(zip(("q10", "q50", "q90"), told.weeks, strict=True)),
        "days": dict(zip(("q10", "q50", "q90"), told.days, strict=True)),
        "by": dict(zip(("q10", "q50", "q90"), one.ends, strict=True)),
        "reachable": told.reachable,
        "why_not": told.why,
    }
