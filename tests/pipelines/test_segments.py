"""Segments end to end: a bad slice nobody declared, protected groups, questions asked again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

Place = Any

GATES: list[dict[str, Any]] = [
    {"kind": "books"},
    {"kind": "noninferiority", "margin": 0.1},
    {"kind": "segments", "cut": "region", "margin": 0.05},
    {"kind": "segments", "name": "volume", "cut": "region", "margin": 0.05, "by": "volume"},
    {
        "kind": "segments",
        "name": "cuts",
        "cut": "region",
        "also": ["product"],
        "combine": "mean",
        "margin": 0.08,
    },
    {"kind": "priority", "cut": "product", "segments": ["card"], "fewer_errors": 0.1},
    {"kind": "slices", "margin": 0.05},
    {"kind": "fairness", "cut": "region", "margin": 0.1},
]
CHANGES: dict[str, Any] = {
    "streams": {
        "decisions": {"sources": ["data/decisions"]},
        "recommendations": {
            "sources": ["data/recommendations"],
            "columns": {"candidate": {"constant": "bot"}, "model_version": {"constant": "1"}},
        },
        "outcomes": {
            "sources": ["data/outcomes"],
            "columns": {"name": {"constant": "outcome"}},
        },
    },
    "segments": {"region": "region", "product": "product"},
    "clusters": {"question": "question"},
    "repeats": "question",
    "protected": ["region"],
    "policy": {"gates": GATES},
    "outcome": {"matures_after_days": 1},
}
# Production errs in a tenth of the cases; the candidate in a twentieth, but for loans in the north.
CASES = """
    SELECT 'c' || i AS decision_id,
           TIMESTAMPTZ '2026-03-02 00:00:00+00' + INTERVAL (i % {days}) DAY AS decided_at,
           CASE h % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' ELSE 'east' END AS region,
           CASE (h // 3) % 4 WHEN 0 THEN 'loan' WHEN 1 THEN 'card' ELSE 'other' END AS product,
           'q' || (i // 3) % 10000 AS question, hash((i // 3) % 10000 * 31) % 3 = 0 AS truth,
           (h // 1009) % 10 = 0 AS production_wrong,
           CASE WHEN h % 3 = 0 AND (h // 3) % 4 = 0 THEN (h // 10007) % 10 < 6
                ELSE (h // 10007) % 20 = 0 END AS candidate_wrong
    FROM (SELECT range AS i, hash(range * 7919) // 1024 AS h FROM range({start}, {end}))
"""


def write(data: Path, start: int, end: int, days: int, name: str) -> None:
    """Write one Parquet file a stream with the cases numbered from `start` to `end`."""
    columns = {
        "decisions": "decided_at, region, product, question,"
        " CASE WHEN truth <> production_wrong THEN 'yes' ELSE 'no' END AS decision",
        "recommendations": "decided_at + INTERVAL 1 SECOND AS recommended_at,"
        " CASE WHEN truth <> candidate_wrong THEN 'yes' ELSE 'no' END AS recommendation",
        "outcomes": "decided_at + INTERVAL 20 HOUR AS observed_at,"
        " CASE WHEN truth THEN 'yes' ELSE 'no' END AS outcome",
    }
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        cases = CASES.format(start=start, end=end, days=days)
        for stream, chosen in columns.items():
            (data / stream).mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"COPY (SELECT decision_id, {chosen} FROM ({cases}))"
                f" TO '{data / stream / name}.parquet' (FORMAT parquet)"
            )


@pytest.fixture
def published(make_place: Callable[..., Place]) -> Place:
    """Return a study of 12 weeks with 30,000 cases, run once."""
    place = make_place(days=0, **CHANGES)
    write(place.root / "data", 0, 30_000, 84, "first")
    place.understudy("run", check=None)
    return place


def test_a_bad_slice_is_found_and_everything_is_published(published: Place) -> None:
    rows = published.evidence(
        "SELECT slice, estimate, high, sentence FROM worst_slices ORDER BY slice NULLS FIRST"
    )
    assert rows[0][0] is None
    assert "product = loan, region = north" in {row[0] for row in rows}
    assert all(row[2] < 0 for row in rows[1:])
    gates = dict(published.evidence("SELECT gate, status FROM gates"))
    sentences = dict(published.evidence("SELECT gate, sentence FROM gates"))
    assert gates["slices"] == "FAIL"
    assert "product = loan, region = north" in sentences["slices"]
    assert gates["segments"] == gates["volume"] == gates["cuts"] == "FAIL"
    assert gates["priority"] in ("FAIL", "INCONCLUSIVE")
    assert gates["fairness"] == "PASS", sentences["fairness"]
    assert "ERROR" not in gates.values()

    shown = dict(
        published.evidence("SELECT segment, shown_each FROM segment_ranking WHERE cut = 'region'")
    )
    assert shown == {"north": "worse", "south": "at least as good", "east": "at least as good"}
    ((limit, least, worse, volume),) = published.evidence(
        'SELECT "limit", good_at_least, shown_worse, volume_good FROM segment_cuts'
        " WHERE cut = 'region'"
    )
    assert (limit, least, worse) == (-0.05, 2, 1)
    assert volume == pytest.approx(2 / 3, abs=0.02)
    cliff = published.evidence("SELECT \"limit\" FROM cuts WHERE cut = 'region'")
    assert cliff == [(-0.05,)]
    assert published.evidence("SELECT count(*) FROM fairness_pairs") == [(2 * 3 * 3,)]
    changes = published.evidence(
        "SELECT low, change, high, low_any_look, high_any_look FROM fairness_gaps"
        " WHERE gap = 'selection'"
    )
    low, change, high, least, most = changes[0]
    assert least <= low <= change <= high <= most


def test_what_is_counted_by_days_equals_what_is_counted_at_once(published: Place) -> None:
    def counted() -> tuple[list[Any], list[Any]]:
        return (
            published.query("SELECT * FROM measures.slice_counts ORDER BY ALL"),
            published.evidence("SELECT * FROM repeat_counts ORDER BY ALL"),
        )

    # Questions of the first file are decided once more, on later days.
    write(published.root / "data", 30_000, 31_000, 90, "second")
    published.understudy("run", check=None)
    slices, repeats = counted()
    assert sum(row[-4] for row in slices) == 31_000
    ((items, pairs),) = published.query(
        "SELECT count(*), sum(pairs) FROM (SELECT cluster_question,"
        " count(*) FILTER (decision = 'yes') AS yes, count(*) AS n,"
        " yes * (yes - 1) + (n - yes) * (n - yes - 1) AS pairs"
        " FROM decisions GROUP BY ALL HAVING n > 1)"
    )
    totals = published.evidence("SELECT sum(items), sum(agreeing_pairs) FROM repeat_counts")
    assert totals == [(items, pairs)]
    shutil.rmtree(published.root / "state")
    published.understudy("run", check=None)
    assert counted() == (slices, repeats)
    metrics = dict(published.evidence("SELECT metric, estimate FROM findings WHERE cut = 'all'"))
    assert metrics["production_self_agreement"] == pytest.approx(0.82, abs=0.01)
    assert metrics["production_most_frequent"] > metrics["agreement_on_repeats"]


def test_a_study_without_segments_or_repeats_counts_neither(
    make_place: Callable[..., Place],
) -> None:
    place = make_place(days=2)
    place.understudy("run", check=None)
    assert place.query("SELECT count(*) FROM measures.slice_counts") == [(0,)]
    tables = {row[0] for row in place.evidence("SELECT table_name FROM duckdb_tables()")}
    assert "repeat_counts" in tables
    assert "slice_counts" not in tables, "its cells may be single people"
    assert place.evidence("SELECT count(*) FROM repeat_counts") == [(0,)]
    assert place.evidence("SELECT count(*) FROM worst_slices") == [(0,)]
    assert "production_self_agreement" not in {
        row[0] for row in place.evidence("SELECT DISTINCT metric FROM findings")
    }


def test_a_policy_with_an_unknown_cut_is_told(make_place: Callable[..., Place]) -> None:
    gate = {"kind": "segments", "cut": "region", "also": ["prodct"], "combine": "mean"}
    place = make_place(days=0, **{**CHANGES, "policy": {"gates": [*GATES[:2], gate]}})
    done = place.understudy("check", check=None)
    assert done.returncode != 0
    assert "did you mean" in done.stdout + done.stderr
    assert "product" in done.stdout + done.stderr
