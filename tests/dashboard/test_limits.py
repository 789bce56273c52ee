"""Only a limit that the policy has is drawn, printed and judged by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from invented.plan import CUT, LARGE
from streamlit.testing.v1 import AppTest

from dashboard.accuracy.answer import one_answer
from dashboard.answers import course_answer, segments_answer, whole_answer
from dashboard.charts.forest import ForestRow, forest
from dashboard.evidence import read_evidence
from dashboard.limits import cut_limit, limit_of, whole_limit
from dashboard.segment_rows import SegmentRow, judged
from dashboard.segments import segment_table
from dashboard.theme import LIGHT
from data_contracts.evidence import evidence_path
from data_contracts.vocabulary import Shown

Visitor = Callable[..., AppTest]
Builder = Callable[..., Path]
NONE: dict[str, float | None] = {"all": None, "origin": None, CUT: None}
BETTER: dict[str, Any] = {"kind": "superiority"}
SELECTIVE: dict[str, Any] = {"kind": "selective", "margin": 0.02}
ALONG: dict[str, Any] = {
    "kind": "segments", "cut": CUT, "margin": 0.02, "combine": "mean", "also": ["origin"],
}  # fmt: skip
SMALL: dict[str, Any] = {"segments": LARGE, "weak": LARGE[1], "weeks": 8}


def said(app: AppTest) -> str:
    parts = [*app.header, *app.subheader, *app.markdown, *app.caption]
    return " ".join(str(part.value) for part in parts).replace("\\", "")


def published(folder: Path) -> Path:
    path = evidence_path(folder)
    assert path is not None
    return path


@pytest.mark.parametrize(
    ("plan", "limit"),
    [
        ({"gates": (SELECTIVE,), "expected": {"margin": 0.03, "disagreement": 0.1}}, -0.02),
        ({"gates": (BETTER,), "expected": {"margin": 0.03, "disagreement": 0.1}}, -0.03),
        ({"gates": (BETTER,)}, None),
        ({"limits": {**NONE, "all": -0.01}}, -0.01),
    ],
    ids=["selective", "plan", "superiority", "noninferiority"],
)
def test_the_limit_of_all_cases_is_what_the_policy_asks(
    publish: Builder, plan: dict[str, Any], limit: float | None
) -> None:
    it = read_evidence(published(publish("asked", **{"limits": NONE, **SMALL, **plan})))
    assert whole_limit(it) == limit
    assert limit_of(it, "all") == limit
    assert limit_of(it, "origin") == limit


def test_a_cut_that_is_counted_along_has_the_limit_of_its_gate(publish: Builder) -> None:
    it = read_evidence(published(publish("along", gates=(ALONG,), limits=NONE, **SMALL)))
    assert (cut_limit(it, "origin"), whole_limit(it)) == (-0.02, None)


def test_without_a_limit_nothing_is_as_good_or_worse_than_one() -> None:
    rows = [
        SegmentRow("up", 9, 0.02, 0.01, 0.03),
        SegmentRow("near", 9, 0.0, -0.001, 0.01),
        SegmentRow("down", 9, -0.004, -0.005, -0.003),
    ]
    states = [row.shown for row in judged(rows, None)]
    assert states == [Shown.BETTER, Shown.UNDECIDED, Shown.WORSE]


@pytest.mark.parametrize(
    ("states", "answer"),
    [
        ([Shown.BETTER] * 2, "In all 2 segments the AI is shown to be better than production."),
        ([Shown.WORSE] * 2, "In all 2 segments the AI is shown to be worse than production."),
        (
            [Shown.UNDECIDED] * 2,
            "In all 2 segments it is not yet known whether the AI is better or worse than"
            " production.",
        ),
        (
            [Shown.BETTER, Shown.WORSE, Shown.UNDECIDED],
            "In 1 of 3 segments the AI is shown to be better than production; in 1 it is shown to"
            " be worse; 1 is undecided.",
        ),
    ],
)
def test_the_answer_without_a_limit(states: list[Shown], answer: str) -> None:
    assert segments_answer(states, None, limited=False) == answer


def test_sentences_without_a_limit_name_none() -> None:
    assert "limit" not in one_answer("LGA", Shown.WORSE, limited=False)
    assert "at least as good" not in whole_answer(Shown.UNDECIDED, limited=False)
    assert course_answer([], None).endswith("the policy names no limit")
    assert course_answer([], None, limited=True) == "It is not shown yet whether the AI is better"


def test_no_rule_is_drawn_for_a_limit_that_is_not_there() -> None:
    row = ForestRow("LGA", 9, 0.5, -1.0, 2.0, Shown.UNDECIDED, "", "", "undecided")
    assert "limit " not in str(forest([row], (None, None), "95%", LIGHT).to_dict())
    assert "limit " in str(forest([row], (None, -2.0), "95%", LIGHT).to_dict())


def test_a_policy_that_only_asks_for_better_shows_no_limit(
    visit: Visitor, publish: Builder
) -> None:
    folder = publish("better", gates=(BETTER,), limits=NONE, alarm=True, **SMALL)
    app = visit(folder, page="accuracy", cut=CUT)
    text = said(app)
    assert "limit \u2212" not in text
    assert "The policy names no limit: \u201cbetter\u201d means" in text
    words = {word for t in app.table if "Shown" in t.value for word in t.value["Shown"]}
    assert words <= {"better", "worse", "undecided"}
    path = published(folder)
    who = read_evidence(path).candidates[0]
    rows = segment_table.__wrapped__(str(path), who, CUT, None)
    assert (rows.limit, rows.whole_limit) == (None, None)
    assert Shown.AT_LEAST_AS_GOOD not in {row.shown for row in (rows.whole, *rows.rows)}
    assert "At least as good" not in [tile.label for tile in visit(folder).metric]
    drift = said(visit(folder, page="drift"))
    assert "All together raise about one false alarm a year" in drift
    assert "limit over all cases" not in drift


def test_the_limit_of_another_gate_is_drawn_and_printed(visit: Visitor, publish: Builder) -> None:
    folder = publish("selective", gates=(SELECTIVE,), limits=NONE, alarm=True, **SMALL)
    assert "limit \u22122.0" in said(visit(folder, page="accuracy"))
    assert "The policy's limit over all cases: \u22122.0." in said(visit(folder, page="drift"))
