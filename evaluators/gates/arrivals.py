"""Whether everyone who reports has reported: a silent store makes the others look like all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.feed.arrival_words import plural
from evaluators.kinds import GateKind
from evaluators.scope import Reporting, Scope
from evaluators.wording import count, joined, plain_percent


@dataclass(frozen=True, slots=True)
class Settings:
    """How many may be silent.

    Attributes
    ----------
    overdue_units
        Largest share of a stream's reporters, or of its sources, that may be overdue.
    stream
        The stream it is about; all of them if left out.
    """

    overdue_units: float = 0.0
    stream: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.overdue_units < 1:
            raise ValueError("`overdue_units` must be at least 0 and below 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return FAIL when more than the declared share of units is overdue in any stream.

    Notes
    -----
    Exact: it counts units, it estimates nothing. Records that are late but expected later do not
    count; outcomes that are not there yet are filled with the worst by the gates about quality.
    Where nothing can be expected yet the gate says NO_DATA. It judges by the days of the events:
    a study of which nothing comes any more looks complete to it.
    """
    limit = settings.overdue_units
    about = settings.stream or "any stream"
    most = f"at most {plain_percent(limit)}" if limit else "none"
    rule = f"Of those who report {about}, {most} may be overdue"
    result = partial(GateResult, name, "arrivals", GateFamily.DATA)
    streams = [r for r in scope.data.reporting if settings.stream in (None, r.stream)]
    watched = [r for r in streams if r.watched]
    n = sum(r.watched for r in watched)
    if not watched:
        sentence = (
            "It is not known yet what to expect: no source or reporter has four weeks of history,"
            " and the study declares nothing under `arrives`."
        )
        return result(Status.NO_DATA, Reason.NO_CASES, rule, sentence, "nothing to expect yet")
    worst = max(watched, key=_share)
    numbers = partial(result, value=_share(worst), threshold=limit, n=n)
    if _share(worst) > limit:
        sentences = [s for r in watched if _share(r) > limit for s in r.sentences[:1]]
        sentence = " ".join(sentences) or f"{_overdue(worst)}."
        return numbers(
            Status.FAIL, Reason.REPORTERS_SILENT, rule, sentence, f"{_overdue(worst)} overdue"
        )
    silent = [_overdue(r) for r in watched if r.silent]
    sentence = (
        f"{joined(silent)} overdue, which is within the limit."
        if silent
        else f"No one is overdue; {count(n, 'unit')} watched."
    )
    return numbers(
        Status.PASS,
        Reason.WITHIN_LIMIT,
        rule,
        sentence,
        f"{_overdue(worst)} overdue",
    )


def _share(reporting: Reporting) -> float:
    return reporting.silent / reporting.watched


def _overdue(reporting: Reporting) -> str:
    units = count(reporting.watched, reporting.unit, plural(reporting.unit))
    return f"{reporting.silent:,} of {units} of {reporting.stream}"


GATE = GateKind("arrivals", GateFamily.DATA, Settings, judge)
