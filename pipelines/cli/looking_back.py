"""`understudy evaluate --as-of`: the verdict of a past moment, and whether it was published so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from data_contracts.vocabulary import VerdictState
from pipelines.cli.console import Output, escape
from pipelines.cli.verdicts import tell_gate, tell_verdict

if TYPE_CHECKING:
    from data_contracts.study.model import Study
    from pipelines.as_of import AsOf
    from pipelines.study_folder import StudyFolder


def look_back(out: Output, place: StudyFolder, study: Study, text: str) -> None:
    """Print the verdict as of a moment; exit 3 when it is BLOCKED, 1 when it was another one."""
    from pipelines.as_of import evaluate_as_of, moment_of

    try:
        moment = moment_of(text)
    except ValueError:
        raise typer.BadParameter(
            f"`{text}` is no moment; expected a day such as 2026-03-05 or a time such as"
            " 2026-03-05T12:00+01:00.",
            param_hint="--as-of",
        ) from None
    with out.steps() as (step, _):
        done = evaluate_as_of(place, study, moment, step=step)
    for assessment in done.assessments:
        verdict = assessment.verdict
        tell_verdict(out, verdict.state, verdict.candidate, verdict.version, verdict.sentence)
        for gate in verdict.gates:
            tell_gate(out, gate.status, gate.gate, gate.sentence)
    out.say(escape(comparison(done)))
    if done.different:
        raise typer.Exit(1)
    if any(a.verdict.state is VerdictState.BLOCKED for a in done.assessments):
        raise typer.Exit(3)


def comparison(done: AsOf) -> str:
    """Return a sentence that says how this compares with the verdict published then."""
    from pipelines.warehouse.reachable import told

    head = f"As of {told(done.moment)}, after run {done.run:,}."
    if not done.registered:
        return f"{head} No policy was registered by then; the study file's is applied."
    one = done.published
    if one is None:
        return f"{head} No verdict had been published by then."
    name = f"publication {one.evidence_no:,} of {told(one.published_at)}"
    if not done.comparable:
        known = "another run" if one.run is None else f"run {one.run:,}"
        return f"{head} The verdict that stood then, {name}, knew the data of {known} only."
    if done.different:
        gates = ", ".join(f"`{gate}`" for gate in done.different)
        return (
            f"{head} It is NOT what {name} says: {gates} came out otherwise. Has Understudy been"
            " updated since, or the warehouse been changed by hand?"
        )
    return f"{head} It is the verdict of {name}, to the last digit."
