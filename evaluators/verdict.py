"""The verdict: what the gates come to, all together, and its one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.findings import GateResult, Verdict
from data_contracts.vocabulary import GateFamily, Status, VerdictState
from evaluators.wording import within


def verdict(candidate: str, version: str, gates: Sequence[GateResult]) -> Verdict:
    """Return the verdict on one candidate version.

    Notes
    -----
    BLOCKED when a gate about the data failed or any gate could not be evaluated; else NO_GO when
    any gate failed; else GO when there is a gate and all have passed; else COLLECTING. All gates
    must pass, so no correction for their number is needed.

    References
    ----------
    Berger (1982), doi:10.1080/00401706.1982.10487790 (intersection-union tests).

    Examples
    --------
    >>> verdict("late-gbm", "1.4.0", []).sentence
    'Not yet: the policy has no gates.'
    """
    broken = [g for g in gates if g.status is Status.ERROR]
    failed = [g for g in gates if g.status is Status.FAIL]
    untrusted = [g for g in failed if g.family is GateFamily.DATA]
    passed = sum(g.status is Status.PASS for g in gates)
    if untrusted or broken:
        state, sentence = VerdictState.BLOCKED, _blocked(untrusted, broken)
    elif failed:
        state, sentence = VerdictState.NO_GO, _no_go(failed, len(gates))
    elif gates and passed == len(gates):
        state, sentence = VerdictState.GO, _go(len(gates))
    else:
        state, sentence = VerdictState.COLLECTING, _collecting(passed, len(gates))
    return Verdict(candidate, version, state, sentence, tuple(gates))


def _blocked(untrusted: list[GateResult], broken: list[GateResult]) -> str:
    if not untrusted:
        return f"The verdict cannot be given: {within(broken[0].sentence)}"
    more = len(untrusted) + len(broken) - 1
    rest = "" if not more else f" {more} more {'gate blocks' if more == 1 else 'gates block'} it."
    return f"The data cannot be trusted yet: {within(untrusted[0].sentence)}{rest}"


def _no_go(failed: list[GateResult], gates: int) -> str:
    if len(failed) == 1:
        return f"The evidence says no: {within(failed[0].sentence)}"
    if len(failed) == gates:
        which = "both gates" if gates == 2 else f"all {gates} gates"
    else:
        which = f"{len(failed)} of {gates} gates"
    return f"The evidence says no: {which} have failed. {failed[0].sentence}"


def _go(gates: int) -> str:
    match gates:
        case 1:
            return "The one gate has passed."
        case 2:
            return "Both gates have passed."
        case _:
            return f"All {gates} gates have passed."


def _collecting(passed: int, gates: int) -> str:
    waiting = gates - passed
    if gates == 0:
        return "Not yet: the policy has no gates."
    if gates == 1:
        return "Not yet: the one gate needs more data."
    if passed == 0:
        every = "both need" if gates == 2 else f"all {gates} need"
        return f"Not yet: no gate has passed, none has failed, {every} more data."
    return (
        f"Not yet: {passed} of {gates} gates {'has' if passed == 1 else 'have'} passed,"
        f" none has failed, {waiting} {'needs' if waiting == 1 else 'need'} more data."
    )
