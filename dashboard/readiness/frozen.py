"""Under BLOCKED the figures stay as they were in the last verdict on data that could be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dashboard.history.past import PastGate, gates_at, last_trusted
from dashboard.page import Visit
from dashboard.parts import Tile
from dashboard.records import PastVerdict
from dashboard.vouched import vouched
from dashboard.words import bounds, day
from data_contracts.findings import ALL_CASES, GateResult
from data_contracts.vocabulary import GateFamily, Status, VerdictState
from evaluators.wording import level, points


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a blocked study last said on data that could be trusted.

    Attributes
    ----------
    verdict
        None when no verdict ever rested on such data.
    gates
        Its gates by name; none when they were not kept.
    """

    verdict: PastVerdict | None
    gates: Mapping[str, PastGate]

    @property
    def of(self) -> str:
        """Which verdict it is, e.g. `the verdict of 3 Nov 2013`."""
        return "" if self.verdict is None else f"the verdict of {day(_told_on(self.verdict))}"


def frozen(visit: Visit) -> Frozen | None:
    """Return what stands in for the figures of a blocked study; None when it is not blocked."""
    if visit.evidence.verdict(visit.candidate).state is not VerdictState.BLOCKED:
        return None
    verdict = last_trusted(visit)
    return Frozen(verdict, {} if verdict is None else gates_at(visit, verdict.evidence_no))


def blocks(result: GateResult) -> bool:
    """Return whether a gate blocks the verdict: it is about the data, or could not be judged."""
    untrusted = result.family is GateFamily.DATA and result.status is Status.FAIL
    return untrusted or result.status is Status.ERROR


def frozen_tiles(it: Frozen, visit: Visit) -> tuple[Tile, ...]:
    """Return the tiles of the verdict that could be trusted: difference, segments, cases."""
    return tuple([*_difference(it, visit), *_segments(it), *_cases(it)])


def _difference(it: Frozen, visit: Visit) -> Iterator[Tile]:
    limit = visit.evidence.limits.get(ALL_CASES)
    gate = _of_kind(it, "noninferiority")
    if gate is not None and gate.value is not None:
        yield Tile(
            "Difference",
            f"{points(gate.value, limit)} points",
            f"{level(visit.evidence.publication.alpha)}: {bounds(gate.low, gate.high, limit)}",
            f"AI minus production, in accuracy, as in {it.of}; above 0 the AI is right more often.",
        )


def _segments(it: Frozen) -> Iterator[Tile]:
    gate = _of_kind(it, "segments")
    found = None if gate is None else vouched(gate, gate.settings)
    if found is not None:
        what = "Share of the cases that lie in segments" if found.by_volume else "Segments"
        yield Tile(
            "At least as good",
            found.so_far,
            f"needed: {found.asked}",
            f"{what} for which the gate vouched together in {it.of}.",
        )


def _cases(it: Frozen) -> Iterator[Tile]:
    most = max((gate.n for gate in it.gates.values()), default=0)
    if most:
        yield Tile("Cases judged", f"{most:,}", "in that verdict", f"Cases judged in {it.of}.")


def _of_kind(it: Frozen, kind: str) -> PastGate | None:
    return next((gate for gate in it.gates.values() if gate.kind == kind), None)


def _told_on(verdict: PastVerdict) -> date:
    return verdict.data_to or verdict.published_at.date()
