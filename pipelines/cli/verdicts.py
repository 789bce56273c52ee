"""How a verdict and its gates are printed, fresh from a run or read from the evidence."""

from __future__ import annotations

from data_contracts.vocabulary import Status, VerdictState
from pipelines.cli.console import Output, escape

_MARKS = {
    Status.PASS: ("passed", "green"),
    Status.FAIL: ("failed", "red"),
    Status.INCONCLUSIVE: ("collecting", "blue"),
    Status.NO_DATA: ("no data", "bright_black"),
    Status.ERROR: ("error", "red"),
}
_COLOURS = {
    VerdictState.GO: "green",
    VerdictState.NO_GO: "red",
    VerdictState.COLLECTING: "blue",
    VerdictState.BLOCKED: "yellow",
}


def tell_verdict(
    out: Output, state: VerdictState, candidate: str, version: str, sentence: str
) -> None:
    """Print the line of one candidate's verdict."""
    word, colour = state.replace("_", " "), _COLOURS[state]
    name = escape(f"{candidate} {version}")
    out.result(f"[bold {colour}]{word}[/]  {name}: {escape(sentence)}")


def tell_gate(out: Output, status: Status, gate: str, sentence: str) -> None:
    """Print one line for a gate: state, name, and the sentence why."""
    word, colour = _MARKS[status]
    out.say(f"  [{colour}]{word:<11}[/] {escape(gate):<16} {escape(sentence)}")
