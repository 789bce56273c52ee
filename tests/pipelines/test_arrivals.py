"""Arrivals from the files to the published words."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

Place = Any

START = datetime(2026, 3, 2, tzinfo=UTC)
STREAMS: dict[str, Any] = {
    "decisions": {"sources": ["data/decisions"]},
    "recommendations": {
        "sources": ["data/recommendations"],
        "columns": {"candidate": {"constant": "bot"}, "model_version": {"constant": "1"}},
    },
}
STORES = 10
LATE = 7  # this store's Saturdays and Sundays come a day late


def write_days(
    place: Place, days: range, silent: dict[int, int] | None = None, recorded: bool = True
) -> None:
    """Write the decisions of some days: one a store and hour, with a recording time."""
    folder = place.root / "data" / "decisions"
    folder.mkdir(parents=True, exist_ok=True)
    silent = silent or {}
    for day in days:
        lines = ["decision_id,decided_at,decision,region,recorded_at"]
        for store in range(1, STORES + 1):
            if day >= silent.get(store, 10_000):
                continue
            late = store == LATE and (START + timedelta(days=day)).weekday() >= 5
            for hour in range(12):
                at = START + timedelta(days=day, hours=hour)
                came = at + timedelta(days=int(late), minutes=1)
                stamp = came.isoformat() if recorded else ""
                lines.append(
                    f"d-{day:03d}-{store:02d}-{hour:02d},{at.isoformat()},no,{store},{stamp}"
                )
        file = folder / f"{day:03d}.csv"
        file.write_text("\n".join(lines) + "\n")
        closed = (START + timedelta(days=day, hours=23)).timestamp()
        os.utime(file, (closed, closed))
    recommendations = place.root / "data" / "recommendations"
    recommendations.mkdir(exist_ok=True)
    if not any(recommendations.iterdir()):
        (recommendations / "one.jsonl").write_text(
            '{"decision_id": "d-000-01-00", "recommended_at": "2026-03-02T00:00:01Z",'
            ' "recommendation": "no"}\n'
        )


@pytest.fixture
def stores(make_place: Callable[..., Place]) -> Callable[..., Place]:
    """Return a function that makes a study whose decisions are reported by stores."""

    def make(
        arrives: dict[str, Any] | None = None, gates: list[dict[str, Any]] | None = None
    ) -> Place:
        streams = dict(STREAMS)
        if arrives is not None:
            streams["decisions"] = {**streams["decisions"], "arrives": arrives}
        policy = {"gates": [{"kind": "books"}, {"kind": "noninferiority"}, *(gates or [])]}
        return make_place(days=0, streams=streams, segments={"store": "region"}, policy=policy)

    return make


def test_a_silent_store_is_named_and_blocks_where_the_policy_says_so(
    stores: Callable[..., Place],
) -> None:
    place = stores({"reported_by": "store", "within_days": 1}, [{"kind": "arrivals"}])
    write_days(place, range(42), silent={3: 38, 4: 38, 5: 38})
    place.understudy("run", check=3)
    ((sentence, expected, units),) = place.evidence(
        "SELECT sentence, expected, units FROM overdue WHERE stream = 'decisions'"
    )
    assert sentence == (
        "Stores 3 to 5 have not reported since Wednesday 8 April"
        " (about 36 decisions a day expected)."
    )
    assert (expected, units) == (36, 3)
    assert place.evidence(
        "SELECT reporter, CAST(last_day AS VARCHAR), n, overdue_days FROM watermarks"
        " WHERE stream = 'decisions' AND reporter IN ('1', '3') ORDER BY ALL"
    ) == [("1", "2026-04-12", 504, 0), ("3", "2026-04-08", 456, 2)]
    status = place.status()
    assert status["verdict"] == "BLOCKED"
    assert "stores 3 to 5 have not reported since" in status["candidates"][0]["sentence"]
    # 12 of 114 reports at weekends: store 7 of all ten, three of which were silent for two days.
    notes = dict(place.evidence("SELECT kind, sentence FROM arrival_notes"))
    assert notes["late_weekday"].startswith("10.5% of stores report a day late at weekends")
    write_days(place, range(38, 42))  # the files are written anew, with all stores
    place.understudy("run", check=0)
    assert place.evidence("SELECT * FROM overdue WHERE silent") == []


def test_lags_are_by_weekday_and_copies_are_no_arrivals(stores: Callable[..., Place]) -> None:
    place = stores()
    write_days(place, range(14))
    place.understudy("ingest")
    before = place.query("SELECT sum(n) FROM arrivals")
    whole = (place.root / "data" / "decisions" / "005.csv").read_text()
    (place.root / "data" / "decisions" / "copy.csv").write_text(whole + "\n")
    corrected = whole.replace(",no,", ",yes,").replace(":01:00+", ":31:00+")
    (place.root / "data" / "decisions" / "corrected.csv").write_text(corrected)
    place.understudy("run")
    assert place.query("SELECT sum(n) FROM arrivals") == before
    lags = place.evidence(
        "SELECT weekday, lag_days, n FROM arrival_lags WHERE stream = 'decisions' ORDER BY ALL"
    )
    # Late in the evening of a Friday (1 = Monday) nothing is late; of the weekends a tenth is.
    assert (5, 0, 240) in lags
    assert {(w, lag): n for w, lag, n in lags if w >= 6} == {
        (6, 0): 216,
        (6, 1): 24,
        (7, 0): 216,
        (7, 1): 24,
    }


def test_the_time_of_the_file_stands_in_and_the_future_is_named(
    stores: Callable[..., Place],
) -> None:
    place = stores()
    write_days(place, range(3), recorded=False)
    old = datetime(2026, 3, 3, 6, 30, tzinfo=UTC).timestamp()
    os.utime(place.root / "data" / "decisions" / "001.csv", (old, old))
    place.understudy("run")
    assert place.query("SELECT DISTINCT timed_by FROM arrivals WHERE stream = 'decisions'") == [
        ("file",)
    ]
    ((kind, n, sentence),) = place.evidence("SELECT kind, n, sentence FROM arrival_notes")
    assert (kind, n) == ("after_file", 50)
    assert sentence.startswith("50 decisions of `data/decisions` are dated later than the file")


def test_reporters_declared_later_are_counted_from_the_start(stores: Callable[..., Place]) -> None:
    import yaml

    place = stores()
    write_days(place, range(7))
    place.understudy("ingest")
    study = place.root / "study.yaml"
    document = yaml.safe_load(study.read_text())
    document["streams"]["recommendations"]["arrives"] = {"reported_by": "store"}
    document["streams"]["decisions"]["arrives"] = {"reported_by": "store"}
    study.write_text(yaml.safe_dump(document))
    write_days(place, range(7, 8))
    place.understudy("ingest")
    rows = place.query(
        "SELECT stream, count(DISTINCT reporter), sum(n) FROM arrivals GROUP BY ALL ORDER BY ALL"
    )
    assert rows == [("decisions", 10, 960), ("recommendations", 1, 1)]


def test_a_reporter_that_is_no_segment_is_a_mistake_with_its_line(
    stores: Callable[..., Place],
) -> None:
    place = stores({"reported_by": "stor"})
    done = place.understudy("check", check=1)
    assert "arrives.reported_by" in done.stderr + done.stdout
    assert 'did you mean "store"' in done.stderr
