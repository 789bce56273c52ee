"""The answer of the page about service: fast enough, up, within budget."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.declared import Declared
from dashboard.money import per_case
from dashboard.overall import Number, number
from dashboard.page import Visit
from dashboard.parts import Tile
from dashboard.service.spending import Month, used_words
from dashboard.service.times import ms
from evaluators.wording import count, level, percent, plain_percent


def headline(
    speed: Number | None, up: Number | None, month: Month | None, declared: Declared
) -> str:
    """Return the one sentence: how fast, how often, how much of the budget.

    Parameters
    ----------
    speed
        95th percentile of the response times in milliseconds.
    up
        Share of cases answered in time.
    month
        The month so far, where costs are recorded.
    """
    parts = []
    if speed is not None:
        limit = declared.levels.latency_p95_ms
        against = "no limit declared" if limit is None else f"limit {ms(limit)}"
        parts.append(f"95 of 100 answers came within {ms(speed.estimate)} ({against})")
    if up is not None and up.estimate is not None:
        least = declared.levels.availability
        against = "" if least is None else f" (objective {plain_percent(least)})"
        answered = "answered in time" if declared.levels.latency_p95_ms else "answered"
        if up.estimate == 1:
            parts.append(f"every case was {answered}{against}")
        elif up.estimate == 0:
            parts.append(f"no case was {answered}{against}")
        else:
            parts.append(f"{percent(up.estimate, least)} of cases were {answered}{against}")
    if month is not None:
        parts.append(used_words(month))
    if not parts:
        return "Nothing is recorded yet about speed, answers or costs."
    whole = "; ".join(parts)
    return f"{whole[0].upper()}{whole[1:]}."


def service_tiles(visit: Visit, declared: Declared) -> tuple[Tile, ...]:
    """Return at most four tiles: speed, answers, cost and tokens a decision."""
    return tuple(_tiles(visit, declared))


def _tiles(visit: Visit, declared: Declared) -> Iterator[Tile]:
    bound = level(visit.evidence.publication.alpha)
    speed, up = number(visit, "latency_p95_ms"), number(visit, "availability")
    if speed is not None:
        yield Tile(
            "95 of 100 within",
            ms(speed.estimate),
            f"{bound}: {ms(speed.low)} to {ms(speed.high)}",
            "The time within which 95 of 100 answers came, over all answers that say theirs "
            f"({count(speed.n, 'answer')}).",
        )
    if up is not None:
        yield Tile(
            "Answered",
            percent(up.estimate, declared.levels.availability),
            f"{bound}: {percent(up.low)} to {percent(up.high)}",
            "Share of cases that got an answer, within the limit of response times where one is "
            f"declared ({count(up.n, 'case')}).",
        )
    cost = number(visit, "cost_per_decision")
    if cost is not None:
        low, high = (per_case(end, declared.currency) for end in (cost.low, cost.high))
        yield Tile(
            "Cost per case",
            per_case(cost.estimate, declared.currency),
            f"{bound}: {low} to {high}",
            f"Mean of the {count(cost.n, 'record')} that say a cost.",
        )
    tokens = number(visit, "tokens_per_decision")
    if tokens is not None and tokens.estimate is not None:
        yield Tile(
            "Tokens per case",
            f"{tokens.estimate:,.0f}",
            f"{bound}: {tokens.low or 0:,.0f} to {tokens.high or 0:,.0f}",
            "Tokens read and written for a decision, mean of the "
            f"{count(tokens.n, 'record')} that say them.",
        )
