"""The story of the data cliff: 94 % in the pilot, 71 % in production, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

Place = Any

STREAMS: dict[str, Any] = {
    "decisions": {"sources": ["data/decisions"]},
    "recommendations": {
        "sources": ["data/recommendations"],
        "columns": {"candidate": {"constant": "bot"}, "model_version": {"constant": "1"}},
    },
    "outcomes": {
        "sources": ["data/outcomes"],
        "columns": {"name": {"constant": "outcome"}},
    },
}
GATES = [
    {"kind": "books"},
    {"kind": "noninferiority", "margin": 0.05},
    {"kind": "data_cliff"},
]
# Of the easy and of the hard cases: how many there are, and how many the candidate gets right.
PILOT = [("easy", 1600, 1536), ("hard", 400, 344)]
CHANGED: dict[str, Any] = {"missing": 0.18, "prefixed": 0.205, "kiosk": 366}
PRODUCTION = [("easy", 3000, 2480), ("hard", 3000, 1780)]


def write(
    data: Path,
    start: datetime,
    cases: list[tuple[str, int, int]],
    *,
    missing: float = 0.0,
    prefixed: float = 0.0,
    kiosk: int = 0,
) -> None:
    """Write one file a stream; the candidate is right in exactly so many cases of each segment."""
    region = np.repeat([name for name, _, _ in cases], [n for _, n, _ in cases])
    right = np.concatenate([np.arange(n) < k for _, n, k in cases])
    order = np.random.default_rng(5).permutation(len(region))
    region, right = region[order], right[order]
    size = len(region)
    rows: dict[str, list[str]] = {"decisions": [], "recommendations": [], "outcomes": []}
    for i in range(size):
        at = start + timedelta(minutes=7 * i)
        truth, other = ("yes", "no") if i % 3 else ("no", "yes")
        code = f"{1000 + i % 900}"
        if i < missing * size:
            code = ""
        elif i < (missing + prefixed) * size:
            code = f"AT-{code}"
        channel = "kiosk" if size - i <= kiosk else ("web", "desk")[i % 2]
        key = f"{start:%y}-{i:05d}"
        decision = other if i % 10 == 0 else truth
        rows["decisions"].append(f"{key},{at.isoformat()},{decision},{region[i]},{channel},{code}")
        given = truth if right[i] else other
        rows["recommendations"].append(f"{key},{at.isoformat()},{given},{i % 100 / 100}")
        rows["outcomes"].append(f"{key},{(at + timedelta(hours=5)).isoformat()},{truth}")
    heads = {
        "decisions": "decision_id,decided_at,decision,region,channel,postcode",
        "recommendations": "decision_id,recommended_at,recommendation,score",
        "outcomes": "decision_id,observed_at,outcome",
    }
    for stream, lines in rows.items():
        (data / stream).mkdir(parents=True, exist_ok=True)
        text = "\n".join([heads[stream], *lines]) + "\n"
        (data / stream / f"{start:%Y-%m-%d}.csv").write_text(text)


@pytest.fixture
def story(make_place: Callable[..., Place], tmp_path: Path) -> tuple[Place, Path]:
    """Return the study with its production data, and the folder of the curated pilot."""
    place = make_place(
        days=0,
        streams=STREAMS,
        segments={"region": "region", "channel": "channel"},
        features={"postcode": "postcode"},
        policy={"gates": GATES},
        outcome={"matures_after_days": 0},
        starts_on="2026-03-02",
    )
    write(
        place.root / "data",
        datetime(2026, 3, 2, tzinfo=UTC),
        PRODUCTION,
        **CHANGED,
    )
    pilot = tmp_path / "pilot"
    write(pilot / "data", datetime(2025, 11, 3, tzinfo=UTC), PILOT)
    return place, pilot


def test_the_cliff_is_published_in_numbers_and_words(story: tuple[Place, Path]) -> None:
    place, pilot = story
    place.understudy("run")
    ((status, reason, sentence),) = place.evidence(
        "SELECT status, reason, sentence FROM gates WHERE kind = 'data_cliff'"
    )
    assert (status, reason) == ("NO_DATA", "no_baseline")
    assert "understudy profile --pilot" in sentence
    assert place.evidence("SELECT * FROM data_cliff") == []

    done = place.understudy("profile", "--pilot", str(pilot))
    assert "decisions        2,000 records" in done.stdout
    assert "bot 1 was right in 94.0% of 2,000 cases with a known outcome" in done.stdout
    assert not (place.root / "state" / "profiling").exists()
    assert place.query("SELECT count(*) FROM decisions") == [(6000,)], "nothing of the pilot stays"

    place.understudy("run", check=0)
    beyond = place.evidence(
        "SELECT field, aspect, sentence FROM data_cliff WHERE beyond ORDER BY ALL"
    )
    assert beyond == [
        (
            "feature_postcode",
            "categories",
            "`postcode` is written like `a-9`, which the pilot never saw, in 25.0% of decisions.",
        ),
        (
            "feature_postcode",
            "missing",
            "`postcode` is missing in 18.0% of decisions; in the pilot it was 0%.",
        ),
        (
            "segment_channel",
            "categories",
            "`channel` holds `kiosk`, which the pilot never saw, in 6.1% of decisions.",
        ),
    ]
    ((pilot_share, share, limit),) = place.evidence(
        'SELECT pilot, production, "limit" FROM data_cliff'
        " WHERE field = 'segment_channel' AND aspect = 'categories'"
    )
    assert (pilot_share, share, limit) == (0, 0.061, 0.05)

    ((before, after, mix, within, said),) = place.evidence(
        "SELECT pilot, production, mix, within, sentence FROM accuracy_change"
        " WHERE arm = 'candidate' AND cut = 'region'"
    )
    assert (before, after) == (pytest.approx(0.94), pytest.approx(0.71))
    assert (mix, within) == (pytest.approx(-0.05), pytest.approx(-0.18))
    assert said.replace("\u2212", "-").startswith(
        "The candidate is right in 71.0% of cases, in the pilot in 94.0%: -5.0 points because"
        " other cases come in (mix of region), -18.0 points inside the regions ("
    )
    ((status, sentence, value),) = place.evidence(
        "SELECT status, sentence, value FROM gates WHERE kind = 'data_cliff'"
    )
    assert status == "FAIL"
    assert "inside the" in sentence
    assert value < -0.15
    assert place.status()["verdict"] == "NO_GO"


def test_a_new_profile_is_a_new_registration_and_the_same_data_are_no_cliff(
    story: tuple[Place, Path],
) -> None:
    place, pilot = story
    place.understudy("profile", "--pilot", str(pilot))
    place.understudy("run")
    first = place.status()["evidence_no"]
    # Another study as the pilot: production itself, by its own study file under other names.
    other = pilot.parent / "other"
    write(
        other / "data",
        datetime(2025, 12, 1, tzinfo=UTC),
        PRODUCTION,
        **CHANGED,
    )
    document = yaml.safe_load((place.root / "study.yaml").read_text())
    document.pop("starts_on")
    for file in (other / "data" / "decisions").iterdir():
        file.write_text(file.read_text().replace("region", "area", 1))
    document["segments"]["region"] = "area"
    (other / "study.yaml").write_text(yaml.safe_dump(document))
    place.understudy("profile", "--pilot", str(other))
    assert place.query("SELECT count(*), count(DISTINCT hash) FROM baselines") == [(2, 2)]
    place.understudy("run")
    assert place.status()["evidence_no"] == first + 1
    assert place.evidence("SELECT * FROM data_cliff WHERE beyond") == []
    assert place.evidence("SELECT DISTINCT round(within, 9) FROM accuracy_change") == [(0,)]
    assert place.evidence("SELECT status FROM gates WHERE kind = 'data_cliff'") == [("PASS",)]
    place.understudy("ingest", "--rebuild")
    assert place.query("SELECT count(*) FROM baselines") == [(2,)], "profiles outlive a rebuild"


def test_only_new_runs_are_counted_and_the_counts_are_the_whole(story: tuple[Place, Path]) -> None:
    place, pilot = story
    place.understudy("profile", "--pilot", str(pilot))
    place.understudy("run")
    place.understudy("run")
    once = place.query("SELECT sum(n) FROM field_counts WHERE field = 'segment_channel'")
    assert once == [(6000,)]
    write(place.root / "data", datetime(2027, 3, 2, tzinfo=UTC), [("easy", 300, 300)])
    place.understudy("run")
    assert place.query(
        "SELECT run, sum(n) FROM field_counts WHERE field = 'segment_channel'"
        " GROUP BY ALL ORDER BY ALL"
    ) == [(1, 6000), (2, 300)]


def test_what_cannot_be_profiled_is_said_and_nothing_is_registered(
    story: tuple[Place, Path],
) -> None:
    place, pilot = story
    done = place.understudy("profile", "--pilot", str(pilot / "nowhere"), check=1)
    assert "No pilot data at" in done.stderr
    (pilot / "study.yaml").write_text(
        (place.root / "study.yaml").read_text().replace("region:", "area:")
    )
    done = place.understudy("profile", "--pilot", str(pilot), check=1)
    assert "its segments are `area`, `channel`, expected `region` among them" in done.stderr
    (pilot / "study.yaml").unlink()
    file = next((pilot / "data" / "outcomes").iterdir())
    file.write_text("nothing,of,this\n1,2,3\n")
    done = place.understudy("profile", "--pilot", str(pilot), check=1)
    assert "The pilot was not profiled, because `data/outcomes/" in done.stderr
    file.unlink()
    done = place.understudy("profile", "--pilot", str(pilot), check=1)
    assert "No files for `outcomes`" in done.stderr
    assert place.query("SELECT * FROM baselines") == []
    assert not (place.root / "state" / "profiling").exists()
