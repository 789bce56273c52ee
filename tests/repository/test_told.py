"""Every number that is published is explained: what it means, assumes, and when to distrust it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from evaluators.kinds import all_gate_kinds, all_reports
from pipelines import compare

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "statistics.md", *sorted((DOCS / "statistics").glob("*.md"))]


def explained() -> list[re.Pattern[str]]:
    """Return every word in backticks of the pages, a star or a word in capitals being anything."""
    words = {w for page in PAGES for w in re.findall(r"`([^`\n]+)`", page.read_text("utf-8"))}
    parts = (re.escape(word).replace(r"\*", ".*") for word in words)
    return [re.compile(re.sub(r"\b[A-Z]{2,}\b", ".*", part)) for part in parts]


def pairs(values: list[object]) -> pa.Table:
    rng = np.random.default_rng(5)
    n = 400
    columns = {
        name: [values[i] for i in rng.integers(0, len(values), n)]
        for name in ("decision", "recommendation", "outcome")
    }
    start = np.datetime64("2026-01-05")
    days = start + rng.integers(0, 40, n)
    region = rng.choice(["north", "south"], n)
    return pa.table({**columns, "day": days, "region": region, "score": rng.random(n)})


@pytest.mark.parametrize("kind", ["binary", "ordinal", "numeric"])
def test_every_metric_is_explained(kind: str) -> None:
    classes = {"binary": ["no", "yes"], "ordinal": ["low", "mid", "high"], "numeric": None}[kind]
    found = compare(
        pairs(list(classes) if classes else list(np.arange(12.0))),
        segments=["region"],
        day="day",
        score="score",
        classes=classes,
        ordered=kind == "ordinal",
        positive="yes" if kind == "binary" else None,
        tolerance=2.0 if kind == "numeric" else None,
        score_means="probability" if kind == "binary" else "rank",
    )
    patterns = explained()
    metrics = set(found.column("metric").to_pylist())
    silent = sorted(m for m in metrics if not any(p.fullmatch(m) for p in patterns))
    assert not silent, f"no page of docs/statistics says what these mean: {', '.join(silent)}"
    assert not [
        m
        for m, s in zip(*(found.column(c).to_pylist() for c in ("metric", "status")), strict=True)
        if s == "ERROR"
    ]


def test_every_report_is_explained() -> None:
    patterns = explained()
    silent = sorted(n for n in all_reports() if not any(p.fullmatch(n) for p in patterns))
    assert not silent, f"no page of docs/statistics tells of the tables {', '.join(silent)}"


def test_every_gate_kind_is_in_both_tables() -> None:
    text = (DOCS / "gates.md").read_text("utf-8")
    for name, kind in all_gate_kinds().items():
        rows = re.findall(rf"^\| `{name}` \|", text, re.MULTILINE)
        assert rows, f"docs/gates.md does not tell of the gate `{name}`"
        for setting in kind.settings.__dataclass_fields__:
            told = re.search(rf"^\|[^|]*\|[^|]*`{setting}`[^|]*\|", text, re.MULTILINE)
            assert told, f"docs/gates.md: `{name}` has a setting `{setting}`"
