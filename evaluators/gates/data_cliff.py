"""Whether production data, and what is right on them, are still what they were in the pilot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from data_contracts.data_words import CliffAspect
from data_contracts.findings import ALL_CASES, Forecast, GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.feed.accuracy_change import CANDIDATE, AccuracyChange
from evaluators.feed.cliff import CliffRow
from evaluators.kinds import GateKind
from evaluators.scope import Scope
from evaluators.wording import count, plain_percent, points, within

_HALF_OF_95 = 0.344
"""Reach of an interval of 50 % as a part of that of 95 %."""
_GATED = (CliffAspect.MISSING, CliffAspect.CATEGORIES)


@dataclass(frozen=True, slots=True)
class Settings:
    """How far production may be from the pilot.

    Attributes
    ----------
    missing
        Largest growth of the share of missing values of a field.
    unseen
        Largest share of values, or of forms of a text, that the pilot never saw.
    drop
        Largest drop of the candidate's accuracy inside the segments of a cut.
    other
        Largest growth of the other shares; shown, and no reason to fail.
    cut
        The cut it is about; every cut if left out.
    """

    missing: float = 0.05
    unseen: float = 0.05
    drop: float = 0.05
    other: float = 0.05
    cut: str | None = None

    def __post_init__(self) -> None:
        for name in ("missing", "unseen", "drop", "other"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"`{name}` must be at least 0 and below 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return FAIL when a share, or a drop in accuracy, is shown to be beyond its limit.

    Notes
    -----
    Beyond is what an interval leaves no doubt about; a number beyond its limit that the interval
    leaves in doubt is INCONCLUSIVE. The intervals are for one look and take cases as independent.
    A PASS says that no cliff was found, not that production is like the pilot.
    """
    rule = (
        f"Against the pilot at most {plain_percent(settings.missing)} more values are missing,"
        f" {plain_percent(settings.unseen)} have never been seen and"
        f" {plain_percent(settings.drop)[:-1]} points of accuracy are lost inside the segments"
    )
    result = partial(GateResult, name, "data_cliff", GateFamily.STABILITY)
    cliff = scope.data.cliff
    if cliff is None:
        sentence = (
            "No pilot has been profiled, so there is nothing to compare production with:"
            " run `understudy profile --pilot PATH`."
        )
        return result(Status.NO_DATA, Reason.NO_BASELINE, rule, sentence, "no baseline")
    rows = [row for row in cliff.rows if row.aspect in _GATED]
    changes = _changes(cliff.changes, settings, scope)
    if not changes:
        sentence = (
            "The pilot and production have no cases in common whose outcome is known for"
            f" {scope.candidate} {scope.version}, so accuracy cannot be compared yet."
        )
        numbers = partial(result, value=None, n=0)
    else:
        worst = min(changes, key=lambda change: change.parts.within)
        sentence = worst.sentence
        numbers = partial(
            result,
            value=worst.parts.within,
            low=worst.parts.within_low,
            high=worst.parts.within_high,
            threshold=-settings.drop,
            n=worst.n_production,
        )
    beyond = sorted((r for r in rows if r.beyond), key=_growth, reverse=True)
    fallen = [c for c in changes if c.parts.within_high < -settings.drop]
    found = len(beyond) + bool(fallen)
    if found:
        first = sentence if fallen else beyond[0].sentence
        rest = f" {count(found - 1, 'more difference')} beyond the limits." if found > 1 else ""
        return numbers(
            Status.FAIL, Reason.DATA_CHANGED, rule, first + rest, _measured(changes, beyond)
        )
    if not changes:
        return numbers(Status.NO_DATA, Reason.NO_OUTCOMES, rule, sentence, "no accuracy yet")
    doubtful = [r for r in rows if r.production > r.limit]
    if doubtful or any(c.parts.within < -settings.drop for c in changes):
        about = within(doubtful[0].sentence if doubtful else sentence)
        return numbers(
            Status.INCONCLUSIVE,
            Reason.UNDECIDED,
            rule,
            f"It is not clear yet: {about}",
            _measured(changes, doubtful),
            forecast=_forecast(changes, settings),
        )
    return numbers(
        Status.PASS,
        Reason.WITHIN_LIMIT,
        rule,
        f"No field and no segment has moved beyond its limit. {sentence}",
        _measured(changes, []),
    )


def _changes(
    changes: tuple[AccuracyChange, ...], settings: Settings, scope: Scope
) -> list[AccuracyChange]:
    """Return the candidate's changes that say something about the inside of segments."""
    mine = [
        c
        for c in changes
        if (c.candidate, c.version, c.arm) == (scope.candidate, scope.version, CANDIDATE)
        and c.parts.within == c.parts.within
    ]
    if settings.cut is not None:
        return [c for c in mine if c.cut == settings.cut]
    return [c for c in mine if c.cut != ALL_CASES] or mine


def _forecast(changes: list[AccuracyChange], settings: Settings) -> Forecast | None:
    """Say where more of the same would not help: half the interval's weight is beyond the limit.

    A doubt ends when the number comes back inside, for which no day can be foreseen.
    """
    falling = [
        c.parts.within + _HALF_OF_95 * (c.parts.within_high - c.parts.within) < -settings.drop
        for c in changes
    ]
    return Forecast(reachable=False) if any(falling) else None


def _growth(row: CliffRow) -> float:
    return row.production - row.limit


def _measured(changes: list[AccuracyChange], rows: list[CliffRow]) -> str:
    told = [] if not changes else [f"{points(min(c.parts.within for c in changes))} points inside"]
    if rows:
        told.append(f"{count(len(rows), 'field')} beyond")
    return ", ".join(told) or "nothing beyond"


GATE = GateKind("data_cliff", GateFamily.STABILITY, Settings, judge)
