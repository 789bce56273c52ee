"""Whether the candidate is better than production: over all cases, or in one segment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from data_contracts.findings import ALL_CASES, GateResult, Segment
from data_contracts.vocabulary import GateFamily
from evaluators.columns import Columns, Measures
from evaluators.kinds import GateKind
from evaluators.pairs.above_limit import Words, judge_above
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.wording import points


@dataclass(frozen=True, slots=True)
class Settings:
    """By how much it must be better, and where.

    Attributes
    ----------
    by
        The difference in accuracy must be shown above this, as a fraction: 0.01 is one point.
    cut
        Name of a cut, for one of its segments; all cases if left out.
    segment
        The segment of that cut, as it is shown, e.g. ``LGA`` or ``LGA · MQ``.
    """

    by: float = 0.0
    cut: str = ALL_CASES
    segment: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.by < 1:
            raise ValueError("`by` must be at least 0 and below 1")
        if self.cut != ALL_CASES and self.segment is None:
            raise ValueError("`cut` must be given together with `segment`")
        if self.cut == ALL_CASES and self.segment not in (None, ALL_CASES):
            raise ValueError("`segment` must be given together with `cut`")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS from the first look on at which the difference is shown above `by`.

    Notes
    -----
    The test, its looks and what it guarantees: `above_limit.judge_above`, with the limit at `by`
    in place of minus the margin. Asked after non-inferiority it costs no error: who is not shown
    to be at least as good is not shown to be better either. It fails where the difference is
    shown to be below `by`, which does not mean that the candidate is worse.

    References
    ----------
    Morikawa & Yoshida (1995), doi:10.1080/10543409508835116; Waudby-Smith & Ramdas (2024),
    doi:10.1093/jrsssb/qkad009.
    """
    by = settings.by
    where = f"In {settings.cut} {settings.segment}" if settings.segment else "Over all cases"
    if settings.cut == ALL_CASES:
        where = "Over all cases"
    above = f"above {points(by)}" if by else "above 0"
    result = partial(
        GateResult,
        name,
        "superiority",
        GateFamily.QUALITY,
        rule=f"{where} the difference in accuracy is {above} points",
        threshold=by,
    )
    more = f" by more than {points(by)} points" if by else ""
    inside = where[0].lower() + where[1:]
    words = Words(
        shown=f"{where} the candidate is better than production{more}",
        refuted=f"{where} the candidate is not better than production{more}",
        undecided=f"It is not yet shown that {inside} the candidate is better than"
        f" production{more}",
    )
    return judge_above(result, _cases(settings, measures), scope, by, words)


def _cases(settings: Settings, measures: Measures) -> CaseCounts:
    """Return the cases it is about, as one segment; none where the segment has not occurred."""
    cases = CaseCounts.of_measures(measures)
    if settings.cut == ALL_CASES:
        return cases.only([0])
    wanted = Segment(settings.cut, settings.segment or "")
    if wanted not in cases.segments:
        return CaseCounts.of(Columns({}))
    return cases.only([cases.segments.index(wanted)])


GATE = GateKind("superiority", GateFamily.QUALITY, Settings, judge, ("outcome_counts",))
