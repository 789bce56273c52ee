"""What the reviews come to, as published: shares with their intervals, and how they are said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from dashboard.page import Visit
from dashboard.published import table
from data_contracts.reviews import KNOWN_DIFFERENCE, Judgement
from evaluators.wording import NO_VALUE, percent

FEW = 100
"""With fewer judged cases a share is told as `7 of 12`, where that was counted."""

SAID: dict[str, str] = {
    Judgement.CANDIDATE: "The AI was right",
    Judgement.PRODUCTION: "Production was right",
    Judgement.BOTH: "Both were acceptable",
    Judgement.NEITHER: "Neither was right",
    Judgement.CANNOT_TELL: "Cannot tell",
    KNOWN_DIFFERENCE: "A known difference",
}
"""What was said, in the order in which it is shown, in words."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of some cases, the share in which people said one thing; weighted by stratum.

    Attributes
    ----------
    population
        Cases the share is about.
    judged
        Of those that were drawn, how many have been judged.
    said
        Of the judged, of how many it was said; None in evidence published before that was counted.
    """

    name: str
    judgement: str
    estimate: float | None
    low: float | None
    high: float | None
    judged: int
    drawn: int
    population: int
    said: int | None = None

    @property
    def known(self) -> bool:
        """Whether there is anything to show."""
        return None not in (self.estimate, self.low, self.high) and self.judged > 0

    @property
    def few(self) -> bool:
        """Whether it is told as a count."""
        return self.said is not None and self.judged < FEW

    @property
    def weighted(self) -> bool:
        """Whether the share is another than that of the judged cases."""
        return self.said is not None and round((self.estimate or 0.0) * self.judged) != self.said


def shares(visit: Visit, part: str, **equal: str) -> tuple[Share, ...]:
    """Return the published shares of a part.

    Parts are `disagreements`, `agreements`, `stratum` and `segment`.
    """
    rows = table(visit, "review_results", "name, judgement", part=part, **equal)
    return tuple(map(_share, rows))


def of_judgement(found: tuple[Share, ...], judgement: str) -> Share | None:
    """Return the share of one judgement, None when it was not published."""
    return next((share for share in found if share.judgement == judgement), None)


def rate(fraction: float | None, judged: int) -> str:
    """Return a share in percent; whole percent where fewer than 1,000 cases stand behind it.

    Examples
    --------
    >>> rate(0.6132, 212), rate(0.6132, 5000), rate(0.001, 212), rate(0.997, 212), rate(0.0, 212)
    ('61%', '61.3%', 'under 1%', 'over 99%', '0%')
    """
    if fraction is None or math.isnan(fraction):
        return NO_VALUE
    if judged >= 1000 or fraction in (0, 1):
        return percent(fraction)
    whole = round(100 * fraction)
    return "under 1%" if whole < 1 else "over 99%" if whole > 99 else f"{whole}%"


def span(share: Share) -> str:
    """Return the interval of a share.

    Examples
    --------
    >>> span(Share("", Judgement.BOTH, 0.61, 0.54, 0.67, 212, 240, 2255))
    '54% to 67%'
    """
    return f"{rate(share.low, share.judged)} to {rate(share.high, share.judged)}"


def told(share: Share) -> str:
    """Return a share with its interval; in full where fewer than 100 stand behind it.

    Where kinds or rounds that were drawn more often count less, so that the share is not that of
    the counts, it is told too.

    Examples
    --------
    >>> told(Share("", Judgement.BOTH, 7 / 12, 0.31, 0.81, 12, 20, 90, 7))
    '7 of 12 (31% to 81%)'
    >>> told(Share("", Judgement.BOTH, 0.97, 0.71, 0.99, 20, 20, 2060, 10))
    '10 of 20, weighted 97% (71% to 99%)'
    """
    if not share.known:
        return f"{share.judged} judged"
    part = rate(share.estimate, share.judged)
    if share.few:
        weighted = f", weighted {part}" if share.weighted else ""
        part = f"{share.said} of {share.judged}{weighted}"
    return f"{part} ({span(share)})"


def _share(row: dict[str, Any]) -> Share:
    def number(name: str) -> float | None:
        value = row[name]
        return None if value is None or math.isnan(value) else float(value)

    return Share(
        row["name"],
        row["judgement"],
        number("estimate"),
        number("low"),
        number("high"),
        int(row["judged"]),
        int(row["drawn"]),
        int(row["population"]),
        None if row.get("said") is None else int(row["said"]),
    )
