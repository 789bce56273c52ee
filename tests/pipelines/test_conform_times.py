"""Times: every way to write one, time zones, and the hours that clocks skip or repeat."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.times import MOMENT, as_time, check_form, check_zone

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def times(
    values: Any, form: str | None = None, zone: str | None = None
) -> tuple[list[datetime | None], dict[int, str]]:
    """Return the moments of a column, and the reason of each value that is none."""
    array = values if isinstance(values, pa.Array) else pa.array(values)
    moments, found = as_time(array, form, zone)
    assert moments.type == MOMENT
    reasons: dict[int, str] = {}
    for mask, reason in found:
        for row in mask.nonzero()[0].tolist():
            reasons.setdefault(row, reason.value)
    return moments.to_pylist(), reasons


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T12:00:00Z",
        "2026-03-01 12:00:00+00:00",
        "2026-03-01T12:00:00.000000Z",
        "2026-03-01T12:00:00.000000000Z",
        "2026-03-01T13:00:00+01:00",
        "2026-03-01T06:30-0530",
        "2026-03-01T14+02",
        " 2026-03-01T12:00:00 UTC ",
        "2026-03-01t12:00:00z",
        "2026-03-01T12:00:00,0Z",
    ],
)
@pytest.mark.parametrize("beside", [None, "2026-03-01T12:00:00Z", "soon"])
def test_iso_with_a_zone(text: str, beside: str | None) -> None:
    """Alone, beside a value the fast way reads, and beside one that forces the careful way."""
    moments, reasons = times([text, beside])
    assert moments[0] == NOON
    assert reasons == ({1: "bad_timestamp"} if beside == "soon" else {})


@pytest.mark.parametrize("text", ["2026-03-01T13:00:00", "2026-03-01 13:00", "2026-03-01 13"])
@pytest.mark.parametrize("beside", [None, "2026-03-01T12:00:00Z", "soon"])
def test_iso_without_a_zone_needs_the_study_to_say_it(text: str, beside: str | None) -> None:
    moments, _ = times([text, beside], zone="Europe/Paris")
    assert moments[0] == NOON
    moments, reasons = times([text, beside])
    assert moments[0] is None
    assert reasons[0] == "time_without_zone"


def test_a_day_alone_is_its_midnight() -> None:
    assert times(["2026-03-02"], zone="Europe/Paris")[0] == [NOON + timedelta(hours=11)]
    assert times(pa.array([date(2026, 3, 2)]), zone="UTC")[0] == [NOON + timedelta(hours=12)]
    assert times(pa.array([date(2026, 3, 2)]))[1] == {0: "time_without_zone"}


def test_two_zones_in_one_column() -> None:
    texts = ["2026-03-01T13:00:00+01:00", "2026-03-01T07:00:00-05:00", "2026-03-01T12:00:00"]
    assert times(texts, zone="UTC") == ([NOON] * 3, {})


def test_microseconds_are_kept_and_nanoseconds_cut() -> None:
    moments, _ = times(["2026-03-01T12:00:00.123456789Z", "2026-03-01T12:00:00.5Z"])
    assert moments == [NOON.replace(microsecond=123456), NOON.replace(microsecond=500000)]


@pytest.mark.parametrize(
    "text",
    ["2026-13-01T00:00:00Z", "2026-02-30", "2026-03-01T24:00:00Z", "03/01/2026", "x", "20260301"],
)
@pytest.mark.parametrize("zone", [None, "UTC"])
def test_what_is_no_time(text: str, zone: str | None) -> None:
    assert times([text, "2026-03-01T12:00:00Z"], zone=zone) == ([None, NOON], {0: "bad_timestamp"})


@pytest.mark.parametrize("kind", ["text", "parquet"])
def test_where_clocks_change(kind: str) -> None:
    texts = [
        "2024-03-31T01:59:59",
        "2024-03-31T02:30:00",  # does not exist in Paris
        "2024-03-31T03:00:00",
        "2024-10-27T02:30:00",  # occurs twice
    ]
    walls = pa.array([datetime.fromisoformat(text) for text in texts])
    moments, reasons = times(texts if kind == "text" else walls, zone="Europe/Paris")
    assert moments == [
        datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC),
        None,
        datetime(2024, 3, 31, 1, tzinfo=UTC),
        datetime(2024, 10, 27, 0, 30, tzinfo=UTC),
    ]
    assert reasons == {1: "time_does_not_exist"}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_with_a_type(unit: str) -> None:
    wall = pa.array([datetime(2026, 3, 1, 12), None])
    assert times(wall.cast(pa.timestamp(unit)), zone="UTC") == ([NOON, None], {})
    assert times(wall.cast(pa.timestamp(unit)))[1] == {0: "time_without_zone"}
    assert times(wall.cast(pa.timestamp(unit, "America/Lima"))) == ([NOON, None], {})
    dictionary = wall.cast(pa.timestamp(unit, "UTC")).dictionary_encode()
    assert times(dictionary) == ([NOON, None], {})


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ([1772366400, None], "epoch_s"),
        (["1772366400", None], "epoch_s"),
        (["1772366400.0", None], "epoch_s"),
        ([1772366400.0, None], "epoch_s"),
        ([1772366400000, None], "epoch_ms"),
        (["1772366400000", ""], "epoch_ms"),
    ],
)
def test_epochs(values: list[Any], form: str) -> None:
    assert times(values, form) == ([NOON, None], {})


def test_epochs_that_are_none() -> None:
    assert times(["1772366400.5", "x"], "epoch_s") == (
        [NOON + timedelta(milliseconds=500), None],
        {1: "bad_timestamp"},
    )
    # Milliseconds taken for seconds would lie in the year 58133.
    assert times([1772366400000], "epoch_s") == ([None], {0: "bad_timestamp"})
    assert times(pa.array([2**64 - 1], pa.uint64()), "epoch_s") == ([None], {0: "bad_timestamp"})
    assert times([1772366400]) == ([None], {0: "bad_timestamp"})
    assert times(pa.array([True])) == ([None], {0: "bad_timestamp"})


@pytest.mark.parametrize(
    ("text", "form", "zone"),
    [
        ("01.03.2026 13:00", "%d.%m.%Y %H:%M", "Europe/Paris"),
        ("03/01/2026 12:00:00.000 PM +0000", "%m/%d/%Y %I:%M:%S.%f %p %z", None),
        ("2026-03-01 14:00 +02:00", "%Y-%m-%d %H:%M %z", "Europe/Paris"),
        ("2026-03-01 12:00 Z", "%Y-%m-%d %H:%M %z", None),
        ("1 Mar 2026 12h00", "%-d %b %Y %Hh%M", "UTC"),
    ],
)
def test_patterns(text: str, form: str, zone: str | None) -> None:
    assert times([text, None, "x"], form, zone) == ([NOON, None, None], {2: "bad_timestamp"})


def test_a_pattern_without_zone_needs_one() -> None:
    assert times(["01.03.2026"], "%d.%m.%Y") == ([None], {0: "time_without_zone"})
    assert times(pa.array([20260302]), "%Y%m%d", "UTC")[0] == [NOON + timedelta(hours=12)]


def test_times_out_of_the_calendar_are_rejected() -> None:
    far = pa.array([2**61, 0], pa.int64()).cast(pa.timestamp("s", "UTC"))
    moments, reasons = times(far)
    assert (moments[0], reasons) == (None, {0: "bad_timestamp"})
    assert moments[1] == datetime(1970, 1, 1, tzinfo=UTC)


def test_formats_and_zones_are_checked() -> None:
    for form in ("iso8601", "epoch_s", "epoch_ms", "%d.%m.%Y"):
        check_form(form)
    with pytest.raises(ValueError, match="%Q"):
        check_form("%Q")
    check_zone("America/New_York")
    with pytest.raises(ValueError, match="Nowhere"):
        check_zone("Nowhere/Land")


ZONED = st.builds(
    lambda moment, hours, text: moment.astimezone(timezone(timedelta(hours=hours))),
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
    st.integers(-12, 14),
    st.none(),
)


@settings(max_examples=60, deadline=None)
@given(moments=st.lists(ZONED, min_size=1, max_size=20), spoil=st.booleans())
def test_what_python_writes_is_read_back(moments: list[datetime], spoil: bool) -> None:
    texts = [moment.isoformat() for moment in moments] + ["spoilt"] * spoil
    read, _ = times(texts)
    assert read[: len(moments)] == moments
