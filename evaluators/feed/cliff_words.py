"""What is different between pilot and production data, in one sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.data_words import CliffAspect
from evaluators.feed.profiles import FieldMode
from evaluators.wording import count, joined, percent

_NAMED = 2
_PREFIXES = ("segment_", "feature_", "cluster_")


def told(
    stream: str,
    field: str,
    aspect: CliffAspect,
    pilot: float,
    production: float,
    mode: FieldMode | None,
    named: Sequence[str],
) -> str:
    """Return the sentence about one share in both.

    Examples
    --------
    >>> told("decisions", "segment_region", CliffAspect.MISSING, 0.004, 0.182, None, ())
    '`region` is missing in 18.2% of decisions; in the pilot it was 0.4%.'
    >>> told("decisions", "segment_channel", CliffAspect.CATEGORIES, 0, 0.061, None, ["kiosk"])
    '`channel` holds `kiosk`, which the pilot never saw, in 6.1% of decisions.'
    """
    name, share, was = f"`{shown_field(field)}`", percent(production), percent(pilot)
    match aspect:
        case CliffAspect.MISSING:
            return f"{name} is missing in {share} of {stream}; in the pilot it was {was}."
        case CliffAspect.CATEGORIES if not named:
            forms = "form" if mode is FieldMode.SHAPES else "value"
            return f"The pilot saw every {forms} that {name} has in {stream}."
        case CliffAspect.CATEGORIES if mode is FieldMode.SHAPES:
            return (
                f"{name} is written like {_values(named, 'form')}, which the pilot never saw, in"
                f" {share} of {stream}."
            )
        case CliffAspect.CATEGORIES:
            return (
                f"{name} holds {_values(named, 'value')}, which the pilot never saw, in {share} of"
                f" {stream}."
            )
        case CliffAspect.RANGE if mode is FieldMode.HOURS:
            return (
                f"{share} of {stream} fall in hours of the day (UTC) in which the pilot had none."
            )
        case CliffAspect.RANGE:
            return (
                f"{name} lies outside {named[0]} to {named[1]}, where 98% of the pilot's values"
                f" are, in {share} of {stream}; in the pilot it did in {was}."
            )
        case CliffAspect.FRESHNESS:
            days = int(named[0])
            when = f"more than {count(days, 'day')} after" if days else "on a later day than"
            return f"{share} of {stream} are recorded {when} the event; in the pilot it was {was}."
        case CliffAspect.DUPLICATES:
            return f"{share} of {stream} came twice; in the pilot it was {was}."
        case CliffAspect.REVISIONS:
            return f"{share} of {stream} correct an earlier one; in the pilot it was {was}."
        case CliffAspect.SET_ASIDE:
            why = f", mostly for: {named[0].replace('_', ' ')}" if named else ""
            return (
                f"{share} of the rows of {stream} were set aside{why}; in the pilot it was {was}."
            )


def shown_field(field: str) -> str:
    """Return a field's name as the study file has it.

    Examples
    --------
    >>> shown_field("segment_region"), shown_field("score")
    ('region', 'score')
    """
    for prefix in _PREFIXES:
        field = field.removeprefix(prefix)
    return field


def _values(named: Sequence[str], noun: str) -> str:
    """Return values in code style, the biggest first; those without a name are only counted."""
    shown = [f"`{value[:40]}`" for value in named if value][:_NAMED]
    more = len(named) - len(shown)
    if not shown:
        return f"{noun}s"
    if "" in named:
        return joined([*shown, f"other {noun}s"])
    return joined([*shown, *([count(more, f"other {noun}")] if more else [])])
