"""The books as a ladder: what was read, and what of it was accepted, new and paired."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from dashboard.charts.ladder import Rung, takeaway
from dashboard.charts.ladder import ladder as ladder_chart
from dashboard.escape import plain
from dashboard.feed.published import Feed
from dashboard.page import Visit
from dashboard.parts import Figure, figure, stamp

STREAMS = ("decisions", "recommendations", "outcomes", "reviews", "signoffs")
_RULES = ("read", "accepted")
"""What adds up over runs, by its left side; what is stored is told run by run."""

_WORDS = {"rejected": "set aside", "duplicate": "duplicate", "revision": "revised", "new": "new"}


def ladder(feed: Feed, visit: Visit) -> None:
    """Show the ladder of all runs together; nothing where no books were kept."""
    rungs = tuple(rungs_of(feed, visit))
    if not rungs:
        return
    figure(
        Figure(
            name="books",
            sentence=takeaway(rungs),
            numbers=" ".join(
                f"**{plain(r.stream.capitalize())}**: {plain(r.equation)}."
                for r in rungs
                if not r.balances
            )
            or "Every row that was read is accounted for, once; all runs together.",
            takeaway=f"{takeaway(rungs)}. " + "; ".join(r.equation for r in rungs[:2]),
            chart=ladder_chart(rungs, visit.palette),
            how=(
                "Each bar is a whole, and its parts must make it up: what was read is accepted or "
                "set aside; what was accepted is new, known already (duplicate), or a newer record "
                "of the same case (revised); a decision is paired with a recommendation or has "
                "none. A rung whose parts do not make up the whole blocks the verdict."
            ),
            table=[
                {
                    "Stream": rung.stream,
                    "State": "balances" if rung.balances else "does not balance",
                    "Rule": rung.equation,
                }
                for rung in rungs
            ],
            csv=lambda: [
                {
                    **stamp(visit),
                    "low": None,
                    "high": None,
                    "n": n,
                    "state": "balances" if rung.balances else "does not balance",
                    "stream": rung.stream,
                    "whole": rung.word,
                    "whole_n": rung.whole,
                    "part": word,
                }
                for rung in rungs
                for word, n in rung.parts
            ],
        ),
        visit,
    )


def rungs_of(feed: Feed, visit: Visit) -> Iterator[Rung]:
    """Yield the rungs of every stream: read, accepted, and of decisions, paired."""
    totals: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for row in feed.rows("books"):
        terms = json.loads(row["terms"])
        whole = next(iter(terms), "")
        # `accepted = staged`, which has one part, is told run by run.
        if whole in _RULES and len(terms) > 2:
            sums = totals[row["subject"]].setdefault(whole, dict.fromkeys(terms, 0))
            for name, n in terms.items():
                sums[name] = sums.get(name, 0) + n
    for stream in sorted(totals, key=_position):
        for whole in _RULES:
            sums = totals[stream].get(whole, {})
            parts = tuple((_WORDS.get(k, k), n) for k, n in sums.items() if k != whole)
            if parts:
                yield Rung(stream, whole, sums[whole], parts)
        if stream == "decisions":
            yield from _paired(feed, visit)


def _paired(feed: Feed, visit: Visit) -> Iterator[Rung]:
    decisions, paired = feed.paired(visit.candidate)
    if decisions:
        parts = (("with a recommendation", paired), ("without", decisions - paired))
        yield Rung("decisions", "compared", decisions, parts)


def _position(stream: str) -> tuple[int, str]:
    return (STREAMS.index(stream) if stream in STREAMS else len(STREAMS), stream)
