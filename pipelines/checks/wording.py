"""What a check expects and what it found, in plain words; values of records are never shown."""

from __future__ import annotations

from collections.abc import Callable

from data_contracts.data_words import CheckKind
from data_contracts.stream_contracts import CLUSTER_PREFIX, FEATURE_PREFIX, SEGMENT_PREFIX
from data_contracts.vocabulary import Status, Stream
from evaluators.wording import count, joined, plain_percent
from pipelines.checks.check import Check

_SHOWN = 5


def label(field: str) -> str:
    """Return a field as its reader knows it.

    Examples
    --------
    >>> label("segment_region"), label("decided_at")
    ('segment `region`', '`decided_at`')
    """
    words = {SEGMENT_PREFIX: "segment", FEATURE_PREFIX: "feature", CLUSTER_PREFIX: "cluster"}
    for prefix, word in words.items():
        if field.startswith(prefix):
            return f"{word} `{field.removeprefix(prefix)}`"
    return f"`{field}`"


def expected(check: Check) -> str:
    """Return what is expected, e.g. `At most 5% of rows without a value in segment `region``."""
    return _EXPECTED[check.kind](check)


def sentence(check: Check, status: Status, unexpected: int, n: int, detail: str) -> str:
    """Return what was found; `detail` is the fault when the check could not be made."""
    stream = check.stream
    if status is Status.ERROR:
        fault = detail.rstrip(".")
        return f"The check `{check.name}` of {stream} could not be made: {fault}."
    if status is Status.NO_DATA:
        return f"There is nothing to look at yet in {stream}."
    if status is Status.PASS and not unexpected:
        return _as_expected(check, n, detail)
    return _FOUND[check.kind](check, unexpected, n, detail)


def nothing_new(stream: Stream) -> str:
    """Return the sentence of a check that had no new rows to look at."""
    return f"No rows of {stream} are new since the last check, which found them as expected."


def _as_expected(check: Check, n: int, detail: str) -> str:
    match check.kind:
        case CheckKind.SET_ASIDE:
            about = f" for {label(check.field)}" if check.field else ""
            return f"None of {count(n, 'row')} of {check.stream} was set aside{about}."
        case CheckKind.FRESHNESS:
            return _fresh(check, 0, n, detail)
        case CheckKind.TYPE:
            return f"All {count(n, 'field')} of {check.stream} are stored as the contract says."
        case CheckKind.VOLUME:
            return f"On {count(n, 'day')} {check.stream} came in the usual number."
        case CheckKind.SQL:
            return f"`{check.name.removeprefix('sql.')}` found no row of {check.stream}."
        case _:
            return f"All {count(n, 'row')} of {check.stream} looked at are as expected."


def _tolerated(check: Check) -> str:
    tolerance = float(check.setting("tolerance", 0))
    return f"; at most {plain_percent(tolerance)} may" if tolerance else ""


def _rows(one: str, many: str) -> Callable[[Check, int, int, str], str]:
    """Return how a kind about single rows says what it found; `{}` stands for the field."""

    def told(check: Check, unexpected: int, n: int, detail: str) -> str:
        some = f"{unexpected:,} of {count(n, 'row')} of {check.stream}"
        what = (one if unexpected == 1 else many).format(label(check.field))
        return f"{some} {what}{_tolerated(check)}."

    return told


def _set_aside(check: Check, unexpected: int, n: int, detail: str) -> str:
    about = f" for {label(check.field)}" if check.field else ""
    some = f"{unexpected:,} of {count(n, 'row')} of {check.stream} read last"
    were = "was" if unexpected == 1 else "were"
    return f"{some} {were} set aside{about}{_tolerated(check)} be."


def _types(check: Check, unexpected: int, n: int, detail: str) -> str:
    fields = joined([label(field) for field in detail.split("|")])
    stored = "is" if unexpected == 1 else "are"
    return f"{fields} of {check.stream} {stored} stored as another type than the contract says."


def _reference(check: Check, unexpected: int, n: int, detail: str) -> str:
    some = f"{unexpected:,} of {count(n, 'row')} of {check.stream}"
    tolerance = plain_percent(float(check.setting("tolerance")))
    are = "is" if unexpected == 1 else "are"
    return f"{some} old enough {are} about no known decision; at most {tolerance} may be."


def _fresh(check: Check, unexpected: int, n: int, detail: str) -> str:
    hours = f"{float(check.setting('hours')):g}"
    return (
        f"The newest record of {check.stream} is {float(detail):,.1f} hours old;"
        f" at most {hours} are expected."
    )


def _volume(check: Check, unexpected: int, n: int, detail: str) -> str:
    day, found, usual = detail.split("|")
    return (
        f"On {unexpected} of {count(n, 'day')} the number of {check.stream} is far from usual:"
        f" {int(found):,} on {day}, where about {int(usual):,} are usual."
    )


def _sql(check: Check, unexpected: int, n: int, detail: str) -> str:
    told = str(check.setting("sentence")).strip().rstrip(".")
    return f"{told} ({count(unexpected, 'row')} of {check.stream})."


def _values(check: Check) -> str:
    values = [f"`{value}`" for value in check.setting("allowed")]
    more = len(values) - _SHOWN
    return joined(values if more <= 0 else [*values[:_SHOWN], f"{more:,} more"])


def _range(check: Check) -> str:
    low, high = check.setting("minimum"), check.setting("maximum")
    if high is None:
        return f"{label(check.field)} is at least {low:g}"
    if low is None:
        return f"{label(check.field)} is at most {high:g}"
    return f"{label(check.field)} is between {low:g} and {high:g}"


def _volume_expected(check: Check) -> str:
    low, high = float(check.setting("at_least")), float(check.setting("at_most"))
    return (
        f"Every day brings {plain_percent(low)} to {plain_percent(high)} of what the same weekday"
        f" brought in the {check.setting('weeks')} weeks before"
    )


def _share(check: Check, what: str) -> str:
    return f"At most {plain_percent(float(check.setting('tolerance')))} of {what}"


_EXPECTED: dict[CheckKind, Callable[[Check], str]] = {
    CheckKind.REQUIRED: lambda c: f"Every row has a value in {label(c.field)}",
    CheckKind.TYPE: lambda c: "Every field is stored as the type its contract says",
    CheckKind.ALLOWED: lambda c: f"{label(c.field)} is one of {_values(c)}",
    CheckKind.RANGE: _range,
    CheckKind.PATTERN: lambda c: f"{label(c.field)} matches `{c.setting('pattern')}`",
    CheckKind.MISSING: lambda c: _share(c, f"rows without a value in {label(c.field)}"),
    CheckKind.UNIQUE: lambda c: (
        f"No two records have the same {joined([f'`{key}`' for key in c.setting('key')])}"
    ),
    CheckKind.REFERENCE: lambda c: _share(c, "rows old enough about no known decision"),
    CheckKind.FRESHNESS: lambda c: f"The newest record is at most {c.setting('hours'):g} hours old",
    CheckKind.VOLUME: _volume_expected,
    CheckKind.SET_ASIDE: lambda c: _share(
        c, "rows set aside" + (f" for {label(c.field)}" if c.field else "")
    ),
    CheckKind.SQL: lambda c: "The query finds no row",
}
_FOUND: dict[CheckKind, Callable[[Check, int, int, str], str]] = {
    CheckKind.REQUIRED: _rows("has no value in {}", "have no value in {}"),
    CheckKind.TYPE: _types,
    CheckKind.ALLOWED: _rows(
        "has a value in {} that is not allowed", "have a value in {} that is not allowed"
    ),
    CheckKind.RANGE: _rows("is outside the range of {}", "are outside the range of {}"),
    CheckKind.PATTERN: _rows("does not match the pattern of {}", "do not match the pattern of {}"),
    CheckKind.MISSING: _rows("has no value in {}", "have no value in {}"),
    CheckKind.UNIQUE: _rows("repeats the key of another", "repeat the key of another"),
    CheckKind.REFERENCE: _reference,
    CheckKind.FRESHNESS: _fresh,
    CheckKind.VOLUME: _volume,
    CheckKind.SET_ASIDE: _set_aside,
    CheckKind.SQL: _sql,
}
