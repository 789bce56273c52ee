"""How dates and times are written: told from their shape, the text with every digit a 9."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

ISO_DAY, ISO_LOCAL, ISO_ZONED = "iso8601 day", "iso8601", "iso8601 with zone"
"""Forms that the reader of `iso8601` takes; which separator and how many digits is its business."""
EPOCH_S, EPOCH_MS = "epoch_s", "epoch_ms"
_SAMPLE = datetime(2024, 12, 31, 14, 30, tzinfo=UTC)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?:{'|'.join(_MONTHS)})"
_DAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"9999-99-99", ("%Y-%m-%d",)),
    (r"9999/99/99", ("%Y/%m/%d",)),
    (r"9999\.99\.99", ("%Y.%m.%d",)),
    (r"99?\.99?\.9999", ("%d.%m.%Y",)),
    (r"99?/99?/9999", ("%d/%m/%Y", "%m/%d/%Y")),
    (r"99?-99?-9999", ("%d-%m-%Y", "%m-%d-%Y")),
    (r"99\.99\.99", ("%d.%m.%y",)),
    (r"99/99/99", ("%d/%m/%y", "%m/%d/%y")),
    (rf"99? {_MONTH} 9999", ("%d %b %Y",)),
    (rf"99?-{_MONTH}-9999", ("%d-%b-%Y",)),
    (rf"{_MONTH} 99?,? 9999", ("%b %d %Y",)),
)
_ZONE = r"(?P<z>\s?(?:z|utc|gmt|[+-]99(?::?99)?))?"
_CLOCK = rf"(?:(?P<sep>[Tt ])99?(?P<m>:99)?(?P<s>:99)?(?P<f>[.,]9+)?(?P<ap> ?[ap]m)?{_ZONE})?"
_SHAPES = [(re.compile(rf"\s*{day}{_CLOCK}\s*", re.IGNORECASE), forms) for day, forms in _DAYS]
MAYBE_TIME = r"^\s*(99?|9999|[A-Za-z]{3} 99?,?)[-./ ](99?|[A-Za-z]{3})"
"""What the shape of a text must begin with to be looked at as a date."""


@lru_cache(maxsize=4096)
def forms_of_shape(shape: str) -> tuple[str, ...]:
    """Return the forms in which a shape may be read; none when it is no date.

    Examples
    --------
    >>> forms_of_shape("9999-99-99T99:99:99+99:99"), forms_of_shape("99.99.9999 99:99")
    (('iso8601 with zone', '%Y-%m-%dT%H:%M:%S%z'), ('%d.%m.%Y %H:%M',))
    >>> forms_of_shape("9/9/9999"), forms_of_shape("99-9")
    (('%d/%m/%Y', '%m/%d/%Y'), ())
    """
    for pattern, forms in _SHAPES:
        found = pattern.fullmatch(shape)
        if found:
            if forms == ("%Y-%m-%d",):
                return (_iso(found), forms[0] + _clock(found))
            return tuple(form + _clock(found) for form in forms)
    return ()


def digits_form(digits: int) -> tuple[str, ...]:
    """Return how whole numbers of so many digits may be read as times.

    Examples
    --------
    >>> digits_form(10), digits_form(8), digits_form(5)
    (('epoch_s',), ('%Y%m%d',), ())
    """
    return {10: (EPOCH_S,), 13: (EPOCH_MS,), 8: ("%Y%m%d",)}.get(digits, ())


def _iso(found: re.Match[str]) -> str:
    if not found["sep"]:
        return ISO_DAY
    return ISO_ZONED if found["z"] else ISO_LOCAL


def _clock(found: re.Match[str]) -> str:
    if not found["sep"]:
        return ""
    hour = "%I" if found["ap"] else "%H"
    text = found["sep"].upper() + hour
    for name, directive in (("m", ":%M"), ("s", ":%S"), ("f", ".%f")):
        text += directive if found[name] else ""
    text += (" %p" if found["ap"].startswith(" ") else "%p") if found["ap"] else ""
    return text + ("%z" if found["z"] else "")


def example(forms: Sequence[str]) -> str:
    """Return how the afternoon of 31 December 2024 is written in a form; never a value of a file.

    Examples
    --------
    >>> example(["%d.%m.%Y %H:%M"]), example(["iso8601"]), example(["epoch_s"])
    ('31.12.2024 14:30', '2024-12-31T14:30', '1735655400')
    """
    form = forms[0]
    written = {
        ISO_DAY: "2024-12-31",
        ISO_LOCAL: "2024-12-31T14:30",
        ISO_ZONED: "2024-12-31T14:30Z",
        EPOCH_S: "1735655400",
        EPOCH_MS: "1735655400000",
    }.get(form)
    return written or _SAMPLE.strftime(form)


def reads(declared: str | None, forms: Sequence[str]) -> bool:
    """Return whether a declared format reads values written in one of some forms.

    Examples
    --------
    >>> reads(None, ["iso8601"]), reads("%d.%m.%Y", ["iso8601"]), reads("epoch_s", ["epoch_s"])
    (True, False, True)
    """
    if not forms:
        return True
    if declared in (None, "iso8601"):
        return any(form.startswith("iso8601") for form in forms)
    if declared in (EPOCH_S, EPOCH_MS):
        return declared in forms
    family = _family(str(declared))
    return any(_family(form) == family for form in forms)


def same(held: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether two columns may be written alike: digits of a clock do not count.

    Examples
    --------
    >>> same(["%d.%m.%Y %H:%M"], ["%d.%m.%Y %H:%M:%S"]), same(["iso8601"], ["iso8601 with zone"])
    (True, False)
    """
    return not held or not new or bool({_family(f) for f in held} & {_family(f) for f in new})


def to_the_letter(declared: str | None, held: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether a column read by an ISO-like pattern is still written as that pattern says.

    The reader of `iso8601` takes `2024-12-31 14:30` and `2024-12-31T14:30`; a pattern takes one.

    Examples
    --------
    >>> t, blank = ["iso8601", "%Y-%m-%dT%H:%M"], ["iso8601", "%Y-%m-%d %H:%M"]
    >>> to_the_letter("%Y-%m-%d %H:%M", blank, t), to_the_letter(None, blank, t)
    (False, True)
    """
    patterned = declared is not None and declared.startswith(("%Y-%m-%d", "%F"))
    return not patterned or len(held) < 2 or len(new) < 2 or held[1] == new[1]


def _family(form: str) -> str:
    """Return a form without what varies from value to value."""
    if form.startswith("iso8601"):
        return form
    form = form.replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d").replace("%-", "%")
    form = form.replace("%B", "%b").replace(",", "")
    if form.startswith("%Y-%m-%d"):
        rest = form.removeprefix("%Y-%m-%d")
        return ISO_ZONED if rest.endswith("%z") else ISO_LOCAL if rest else ISO_DAY
    form = re.sub(r"(:%S)?([.,]%[fgn])?(?=%z|%p| %p|$)", "", form)
    return form.replace(" %p", "%p")
