"""Pairs in memory: the same numbers as the service, and mistakes told in one sentence."""

from __future__ import annotations

import doctest
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines import compare
from pipelines.in_memory.pairs import PairsUnusable

DOCS = Path(__file__).parents[2] / "docs"
COLUMNS = ["metric", "cut", "segment", "estimate", "low", "high", "n", "method", "status", "reason"]


def same(one: object, other: object) -> bool:
    both = isinstance(one, float) and isinstance(other, float)
    return one == other or (both and math.isnan(one) and math.isnan(other))  # type: ignore[arg-type]


def small(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    words = np.array(["no", "yes"])
    return pd.DataFrame(
        {
            "decision": words[rng.integers(0, 2, n)],
            "recommendation": words[rng.integers(0, 2, n)],
            "outcome": words[rng.integers(0, 2, n)],
            "region": rng.choice(["north", "south"], n),
            "day": pd.Timestamp("2026-03-02") + pd.to_timedelta(np.arange(n) // 4, unit="D"),
        }
    )


def test_the_numbers_are_those_a_study_publishes(make_place: Callable[..., Any]) -> None:
    place = make_place(days=24, cases=40, combinations=[])
    place.understudy("run", check=None)
    with duckdb.connect(str(place.root / "state" / "warehouse.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        pairs = con.sql(
            "SELECT decision, recommendation, outcome, segment_region AS region, decided_at, score"
            " FROM decisions LEFT JOIN recommendations USING (decision_id)"
            " LEFT JOIN outcomes USING (decision_id) ORDER BY hash(decision_id)"
        ).to_arrow_table()
    found = compare(
        pairs,
        segments=["region"],
        day="decided_at",
        score="score",
        classes=["no", "yes"],
        positive="yes",
        matures_after_days=2,
    )
    assert isinstance(found, pa.Table)
    ours = {(r["metric"], r["cut"], r["segment"]): r for r in found.to_pylist()}
    published = place.evidence(f"SELECT {', '.join(COLUMNS)} FROM findings")
    assert len(published) > 40
    assert len(ours) == len(published)
    for row in published:
        theirs = dict(zip(COLUMNS, row, strict=True))
        mine = ours[theirs["metric"], theirs["cut"], theirs["segment"]]
        for name in COLUMNS:
            wanted = math.nan if theirs[name] is None else theirs[name]
            assert same(mine[name], wanted), (theirs, mine)


@pytest.mark.parametrize("kind", ["pandas", "arrow"])
def test_what_comes_in_decides_what_comes_out(kind: str) -> None:
    frame = small()
    found = compare(frame if kind == "pandas" else pa.table(frame), segments={"land": "region"})
    if kind == "pandas":
        assert list(found.columns) == COLUMNS
        assert set(found["cut"]) == {"all", "land"}
    else:
        assert found.column_names == COLUMNS


def test_whole_numbers_with_a_gap_are_the_same_classes() -> None:
    # In pandas a column of 0 and 1 with a missing value holds 0.0, 1.0 and NaN.
    frame = pd.DataFrame(
        {"decision": [0, 1, 1, 0], "recommendation": [0, 1, 0, 0], "outcome": [0.0, 1.0, 1.0, None]}
    )
    found = compare(frame, positive=1).set_index(["metric", "cut"])
    assert found.loc[("accuracy_production", "all"), "estimate"] == 1.0
    assert found.loc[("accuracy_production", "all"), "n"] == 3
    assert found.loc[("false_negative_rate_candidate", "all"), "estimate"] == 0.5


def test_exposed_cases_and_empty_recommendations_are_kept_apart() -> None:
    frame = small().assign(seen=lambda f: f.index < 10)
    frame.loc[frame.index >= 50, "recommendation"] = None
    found = compare(frame, exposed="seen").query("cut == 'all'").set_index("metric")
    assert found.loc["answer_exposed", "estimate"] == pytest.approx(10 / 60)
    assert found.loc["answer_missing", "estimate"] == pytest.approx(10 / 60)
    assert found.loc["paired_difference", "n"] == 50


def test_the_order_of_the_rows_does_not_matter() -> None:
    frame = small()
    one = compare(frame, segments=["region"], day="day")
    other = compare(frame.sample(frac=1, random_state=1), segments=["region"], day="day")
    pd.testing.assert_frame_equal(one, other)


def test_neither_table_is_changed_nor_anything_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    frame = small()
    before = frame.copy()
    compare(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"decision": "decison"}, 'found "decison", which the table does not have'),
        ({"segments": ["region", "chanel"]}, "The column for segment chanel"),
        ({"classes": ["yes"]}, "at least two"),
        ({"positive": "perhaps"}, "a positive class among the classes"),
        ({"tolerance": 1.0}, "a value that cannot be read"),
    ],
)
def test_a_mistake_is_one_sentence(given: dict[str, Any], said: str) -> None:
    with pytest.raises(PairsUnusable) as fault:
        compare(small(), **given)
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)


def test_rows_without_a_decision_or_a_day_are_refused_with_their_number() -> None:
    frame = small()
    frame.loc[3, "day"] = None
    with pytest.raises(PairsUnusable, match='The column "day": found 1 rows without a value'):
        compare(frame, day="day")
    frame.loc[:4, "decision"] = None
    with pytest.raises(PairsUnusable, match='The column "decision": found 5 rows'):
        compare(frame)


@pytest.mark.parametrize("pairs", [[1, 2], "pairs.csv", None])
def test_what_is_no_table_is_refused(pairs: object) -> None:
    with pytest.raises(PairsUnusable, match="expected a pandas or Arrow table"):
        compare(pairs)


def test_no_pipeline_library_is_loaded() -> None:
    program = (
        "import sys, pyarrow as pa; from pipelines import compare;"
        "compare(pa.table({'decision': ['a', 'b'], 'recommendation': ['a', 'a'],"
        " 'outcome': ['a', 'b']}));"
        "sys.exit(' '.join({'apache_beam', 'great_expectations'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, f"loaded: {done.stderr}"


def test_the_page_about_notebooks_is_what_happens() -> None:
    text = (DOCS / "notebooks.md").read_text("utf-8")
    example = doctest.DocTestParser().get_doctest(text, {}, "notebooks.md", "notebooks.md", 0)
    told: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(example, out=told.append)
    assert not told, "".join(told)
