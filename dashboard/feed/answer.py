"""The answer of the data quality page: whether the feed is healthy, and whose move it is."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.escape import plain
from dashboard.feed.published import Feed
from dashboard.page import Visit
from dashboard.parts import Tile
from dashboard.records import Candidate
from dashboard.words import share
from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Status
from evaluators.wording import count, joined, percent

SINGLY = 100
"""Below so many decisions a share is said as a count."""


def answer(feed: Feed, gates: tuple[GateResult, ...], candidate: Candidate) -> str:
    """Return the one sentence: what stands in the way, what wants a look, or that all is well.

    Parameters
    ----------
    gates
        Of the latest verdict.
    candidate
        The one whose recommendations are looked for.
    """
    failed = _failed(gates)
    wants = list(_wants_a_look(feed))
    if failed:
        names = joined([f"\u201c{gate.gate}\u201d" for gate in failed])
        gate = "gate" if len(failed) == 1 else "gates"
        return f"The data cannot be trusted yet: {gate} {names} {_says(failed)}"
    if wants:
        return f"The data can be judged; {joined(wants)}."
    if not feed.rows("sources"):
        return "Nothing has been read yet."
    return f"{balance(len(feed.days(candidate)))}; {pairs(*feed.paired(candidate))}."


def balance(days: int) -> str:
    """Return that the books balance, and for how many days.

    Examples
    --------
    >>> balance(70), balance(1), balance(0)
    ('All 70 days balance', 'The one day balances', 'The books balance')
    """
    if not days:
        return "The books balance"
    return f"All {days:,} days balance" if days > 1 else "The one day balances"


def pairs(decisions: int, paired: int) -> str:
    """Return how many decisions have no recommendation.

    Examples
    --------
    >>> pairs(64_042, 63_821)
    '0.3% of decisions (221 of 64,042) have no recommendation'
    >>> pairs(64_042, 64_041), pairs(12, 0)
    ('1 of 64,042 decisions has no recommendation', 'none of 12 decisions has a recommendation')
    """
    missing = decisions - paired
    if not decisions:
        return "no decision has been compared yet"
    if not missing:
        return "every decision has a recommendation"
    if not paired:
        return f"none of {count(decisions, 'decision')} has a recommendation"
    if missing == 1 or decisions < SINGLY:
        verb = "has" if missing == 1 else "have"
        return f"{missing:,} of {decisions:,} decisions {verb} no recommendation"
    rate = percent(missing / decisions)
    return f"{rate} of decisions ({missing:,} of {decisions:,}) have no recommendation"


def whose_move(feed: Feed, visit: Visit) -> str:
    """Return who acts next, as markdown; names from the data are escaped."""
    owner = plain(visit.evidence.publication.owner)
    if feed.refused:
        one = feed.refused[0]
        return (
            f"Next: **{owner}** (owner of the production system) has the file "
            f"{plain(one['path'])} mended or taken away; what is wrong with it is said below."
        )
    broken = [row for row in feed.broken_checks if row["severity"] == "critical"]
    if broken:
        return f"Next: **{owner}** (owner of the production system): {plain(broken[0]['sentence'])}"
    failed = _failed(tuple(gate.result for gate in visit.evidence.gates(visit.candidate)))
    if failed:
        about = joined([f"\u201c{plain(gate.gate)}\u201d" for gate in failed])
        return (
            f"Next: **{owner}** (owner of the production system) finds out why {about} failed;"
            " until then no verdict counts."
        )
    if feed.silent_units:
        return f"Next: **{owner}** asks the sources that are overdue."
    if feed.waiting:
        return (
            "Next: somebody who knows the source looks at the quarantine: "
            "`understudy quarantine list`."
        )
    return "Nothing is asked of you today."


def feed_tiles(feed: Feed, candidate: Candidate) -> tuple[Tile, ...]:
    """Return at most four tiles: rows read, set aside, checks, paired."""
    return tuple(_tiles(feed, candidate))


def _tiles(feed: Feed, candidate: Candidate) -> Iterator[Tile]:
    ingested = [row for row in feed.rows("sources") if row["state"] == "ingested"]
    read = sum(row["read"] for row in ingested)
    if read:
        yield Tile(
            "Rows read",
            f"{read:,}",
            f"from {count(len(ingested), 'file')}",
            "Rows of all source files that were read; each of them is accounted for in the books.",
        )
        aside = feed.waiting
        yield Tile(
            "Set aside",
            f"{aside:,}",
            f"{share(aside, read)} of rows read" if aside else "no row waits",
            "Rows in quarantine that are not what the contract says and wait for somebody.",
        )
    if feed.checks:
        met = len(feed.checks) - len(feed.broken_checks)
        yield Tile(
            "Checks met",
            f"{met} of {len(feed.checks)}",
            "in the latest run",
            "What the contract and the study expect of the data, checked at every run.",
        )
    decisions, paired = feed.paired(candidate)
    if decisions:
        yield Tile(
            "Paired",
            share(paired, decisions),
            f"{paired:,} of {count(decisions, 'decision')}",
            "Decisions of production for which the candidate's recommendation came.",
        )


def _failed(gates: tuple[GateResult, ...]) -> list[GateResult]:
    """Return the gates about the data that stand in the way."""
    broken = (Status.FAIL, Status.ERROR)
    return [g for g in gates if g.family is GateFamily.DATA and g.status in broken]


def _says(failed: list[GateResult]) -> str:
    if len(failed) > 1:
        return "have failed."
    return f"has failed. {failed[0].sentence}"


def _wants_a_look(feed: Feed) -> Iterator[str]:
    broken = len(feed.broken_checks)
    if broken:
        yield f"{count(broken, 'check')} {'was' if broken == 1 else 'were'} not met"
    overdue = feed.silent_units
    if overdue:
        has = "has" if overdue == 1 else "have"
        yield f"{count(overdue, 'unit')} that should report {has} been silent"
    if feed.waiting:
        verb = "waits" if feed.waiting == 1 else "wait"
        yield f"{count(feed.waiting, 'row')} {verb} in quarantine"
    changes = len(feed.rows("schema_changes"))
    if changes:
        yield f"the columns changed {'once' if changes == 1 else f'{changes} times'}"
    if feed.conflicting:
        yield f"sources disagree about {count(feed.conflicting, 'case')}"
    beyond = len(feed.beyond_pilot)
    if beyond:
        yield f"{count(beyond, 'thing')} {'is' if beyond == 1 else 'are'} not as in the pilot"
