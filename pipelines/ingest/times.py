"""Turning what a source holds into moments in UTC, a whole column at a time.

A time without a zone is read in the zone the study declares; where clocks are set back and a local
time occurs twice, the earlier moment is taken; where they are set forward and a local time does
not occur, the row is rejected.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from data_contracts.data_words import Rejection
from pipelines.ingest.faults import Mask
from pipelines.ingest.values import all_bad, as_number, as_text, int64s, is_text, plain, where_bad
from pipelines.sources.scratch import compute

MOMENT = pa.timestamp("us", "UTC")
"""Type of every time that was accepted."""
WALL = pa.timestamp("us")
"""Type of a time whose zone is not known yet."""

Turned = tuple[pa.Array, list[tuple[Mask, Rejection]]]
"""A column of moments, and which values were rejected for which reason."""

_ISO = (
    r"^\s*(?P<day>[0-9]{4}-[01][0-9]-[0-3][0-9])"
    r"(?:[Tt ](?P<hour>[01][0-9]|2[0-3])(?::?(?P<minute>[0-5][0-9])(?::?(?P<second>[0-5][0-9])"
    r"(?:[.,](?P<fraction>[0-9]{1,6})[0-9]*)?)?)?)?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?\s*$"
)
_EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000}
_YEAR_1 = -62_135_596_800_000_000
_YEAR_10000 = 253_402_300_800_000_000
_UTC = frozenset({"UTC", "Etc/UTC", "Z", "GMT", "Etc/GMT"})


def as_time(values: pa.Array, form: str | None, zone: str | None) -> Turned:
    """Return a column as moments in UTC.

    Parameters
    ----------
    form
        ``iso8601`` (the default for texts), ``epoch_s``, ``epoch_ms`` or a strptime pattern; of no
        account where the source has a type for times.
    zone
        Time zone of times written without one, or None: such times are rejected.

    Examples
    --------
    >>> column, bad = as_time(pa.array(["2024-07-01T12:00:00"]), None, "Europe/Paris")
    >>> column[0].as_py().isoformat()
    '2024-07-01T10:00:00+00:00'
    """
    values = plain(values)
    kind = values.type
    if pt.is_null(kind):
        return pa.nulls(len(values), MOMENT), []
    if pt.is_timestamp(kind) or pt.is_date(kind):
        moments, faults = _typed(values, zone)
    elif form in _EPOCHS:
        moments, faults = _epoch(values, _EPOCHS[form])
    else:
        texts, lost = as_text(values)
        faults = [] if lost is None else [(lost, Rejection.BAD_TIMESTAMP)]
        read = _iso(texts, zone) if form in (None, "iso8601") else _pattern(texts, form, zone)
        moments, faults = read[0], faults + read[1]
    return _within_calendar(moments, faults)


def check_form(form: str) -> None:
    """Check that a time format is one.

    Raises
    ------
    ValueError
        When it is no strptime pattern.
    """
    if form not in ("iso8601", *_EPOCHS):
        import duckdb

        try:
            _pattern(pa.array(["x"]), form, "UTC")
        except duckdb.Error as fault:
            raise ValueError(str(fault)) from fault


def check_zone(zone: str) -> None:
    """Check that a time zone is known on this machine.

    Raises
    ------
    ValueError
        When it is not.
    """
    _in_zone(pa.array([0], WALL), zone)


def _typed(values: pa.Array, zone: str | None) -> Turned:
    if pt.is_date(values.type):
        values = pc.cast(pc.cast(values, pa.date32()), pa.timestamp("s"))
    # Nanoseconds are cut off; seconds too far away to be told in microseconds are no times.
    scaled, lost = _microseconds(values)
    faults = [] if lost is None else [(lost, Rejection.BAD_TIMESTAMP)]
    if values.type.tz is not None:
        return pc.cast(scaled, MOMENT), faults
    moments, more = _in_zone(scaled, zone)
    return moments, faults + more


def _microseconds(values: pa.Array) -> tuple[pa.Array, Mask | None]:
    kind = pa.timestamp("us", values.type.tz)
    if values.type.unit != "ns":
        try:
            return pc.cast(values, kind), None
        except pa.ArrowInvalid:
            per_second = 1 if values.type.unit == "s" else 1_000
            limit = _YEAR_10000 // 1_000_000 * per_second
            far = where_bad(pa.array(np.abs(int64s(values)) > limit))
            values = pc.if_else(pa.array(far), pa.scalar(None, values.type), values)
            return pc.cast(values, kind), far
    return pc.cast(values, kind, safe=False), None


def _epoch(values: pa.Array, scale: int) -> Turned:
    kind = values.type
    if not pt.is_integer(kind):
        try:
            if not is_text(kind):
                raise pa.ArrowInvalid("no text")
            values = pc.cast(as_text(values)[0], pa.int64())
        except pa.ArrowInvalid:
            numbers, bad = as_number(values)
            floats = np.nan_to_num(numbers.to_numpy(zero_copy_only=False))
            far = np.abs(floats) > _YEAR_10000 / scale
            micros = np.where(far, 0, np.round(floats * scale)).astype(np.int64)
            return _from_micros(micros, far, numbers, bad)
    try:
        values = pc.cast(values, pa.int64())
    except pa.ArrowInvalid:  # unsigned and too large
        return all_bad(values, MOMENT)[0], [
            (np.asarray(pc.is_valid(values)), Rejection.BAD_TIMESTAMP)
        ]
    integers = int64s(values)
    limit = _YEAR_10000 // scale
    far = (integers > limit) | (integers < -limit)
    return _from_micros(np.where(far, 0, integers) * scale, far, values, None)


def _from_micros(
    micros: npt.NDArray[np.int64], far: Mask, values: pa.Array, bad: Mask | None
) -> Turned:
    nothing = np.asarray(pc.is_null(values).to_numpy(zero_copy_only=False))
    moments = pc.cast(pa.array(micros, mask=nothing | far), MOMENT)
    wrong = far if bad is None else far | bad
    return moments, [(wrong, Rejection.BAD_TIMESTAMP)] if wrong.any() else []


def _iso(texts: pa.StringArray, zone: str | None) -> Turned:
    for kind in (MOMENT, WALL):
        try:
            times = pc.cast(texts, kind)
        except pa.ArrowInvalid:
            continue
        return (times, []) if kind == MOMENT else _in_zone(times, zone)
    return _iso_with_care(texts, zone)


def _iso_with_care(texts: pa.StringArray, zone: str | None) -> Turned:
    """Read texts of which some have a zone and some not, or some are no times at all."""
    parts = pc.extract_regex(texts, _ISO)
    part = {name: _filled(parts, name) for name in ("day", "hour", "minute", "second", "fraction")}
    day = part["day"]
    clock = pc.binary_join_element_wise(
        *(pc.if_else(pc.equal(part[n], ""), "00", part[n]) for n in ("hour", "minute", "second")),
        ":",
    )
    fraction = pc.if_else(pc.equal(part["fraction"], ""), "0", part["fraction"])
    offset = pc.replace_substring_regex(_filled(parts, "zone"), "^([Zz]|UTC|GMT)$", "+00")
    written = pc.binary_join_element_wise(day, " ", clock, ".", fraction, "")
    zoned = pc.and_(pc.is_valid(written), pc.not_equal(offset, ""))
    none = pa.scalar(None, pa.string())
    with_zone = pc.if_else(zoned, pc.binary_join_element_wise(written, offset, ""), none)
    without = pc.if_else(zoned, none, written)
    moments = pc.cast(compute(with_zone, "try_cast(x AS TIMESTAMPTZ)"), MOMENT)
    walls = pc.cast(compute(without, "try_cast(x AS TIMESTAMP)"), WALL)
    unread = pc.and_(pc.is_null(moments), pc.is_null(walls))
    bad = where_bad(pc.and_(unread, pc.is_valid(texts)))
    local, faults = _in_zone(walls, zone)
    if bad is not None:
        faults = [(bad, Rejection.BAD_TIMESTAMP), *faults]
    return pc.coalesce(moments, local), faults


def _filled(parts: pa.StructArray, name: str) -> pa.StringArray:
    """Return one named group; empty where it did not take part, null where nothing matched."""
    return pc.struct_field(parts, name)


def _pattern(texts: pa.StringArray, form: str, zone: str | None) -> Turned:
    if form.endswith("%z"):
        texts = pc.replace_substring_regex(texts, "[Zz]$", "+00")
    escaped = form.replace("'", "''")
    times = compute(texts, f"try_strptime(x, '{escaped}')")
    bad = where_bad(pc.and_(pc.is_null(times), pc.is_valid(texts)))
    faults = [] if bad is None else [(bad, Rejection.BAD_TIMESTAMP)]
    if times.type.tz is not None:
        return pc.cast(times, MOMENT), faults
    moments, more = _in_zone(pc.cast(times, WALL), zone)
    return moments, faults + more


def _in_zone(walls: pa.Array, zone: str | None) -> Turned:
    """Return local times as moments."""
    if zone is None:
        naive = where_bad(pc.is_valid(walls))
        faults = [] if naive is None else [(naive, Rejection.TIME_WITHOUT_ZONE)]
        return pa.nulls(len(walls), MOMENT), faults
    if zone in _UTC:
        return pc.cast(walls, MOMENT), []
    try:
        return pc.cast(pc.assume_timezone(walls, zone, ambiguous="earliest"), MOMENT), []
    except pa.ArrowInvalid as fault:
        if "exist" not in str(fault):
            raise
    local = pc.assume_timezone(walls, zone, ambiguous="earliest", nonexistent="earliest")
    skipped = pc.not_equal(pc.local_timestamp(local), walls)
    moments = pc.if_else(skipped, pa.scalar(None, local.type), local)
    bad = where_bad(skipped)
    faults = [] if bad is None else [(bad, Rejection.TIME_DOES_NOT_EXIST)]
    return pc.cast(moments, MOMENT), faults


def _within_calendar(moments: pa.Array, faults: list[tuple[Mask, Rejection]]) -> Turned:
    """Reject years before 1 and after 9999: they are mistakes, and no calendar holds them."""
    micros = int64s(moments)
    if not len(micros) or (micros.min() >= _YEAR_1 and micros.max() < _YEAR_10000):
        return moments, faults
    outside = (micros < _YEAR_1) | (micros >= _YEAR_10000)
    kept = pc.if_else(pa.array(outside), pa.scalar(None, MOMENT), moments)
    return kept, [*faults, (outside, Rejection.BAD_TIMESTAMP)]
