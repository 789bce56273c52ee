"""What a gate about segments vouches for: told as what it counts, on every page that tells it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from invented.plan import CUT, LARGE
from streamlit.testing.v1 import AppTest

from dashboard.history.past import PastGate
from dashboard.vouched import Vouched, vouched, vouched_answer
from data_contracts.vocabulary import GateFamily, Status

Visitor = Callable[..., AppTest]
Builder = Callable[..., Path]
USUAL: tuple[dict[str, Any], ...] = (
    {"kind": "books"},
    {"kind": "noninferiority", "margin": 0.01},
)
VOLUME: dict[str, Any] = {"kind": "segments", "cut": CUT, "margin": 0.02, "by": "volume"}
ALONG: dict[str, Any] = {
    "kind": "segments", "cut": CUT, "margin": 0.02, "combine": "mean", "also": ["origin"],
}  # fmt: skip
SMALL: dict[str, Any] = {"segments": LARGE, "weak": "", "per_day": 1500, "weeks": 12}


def past(value: float | None, threshold: float | None, kind: str = "segments") -> PastGate:
    return PastGate(
        "g", kind, GateFamily.SEGMENTS, Status.PASS, "", "", "", value, None, None, threshold, 9,
        date(2013, 5, 7),
    )  # fmt: skip


def said(app: AppTest) -> str:
    parts = [*app.header, *app.subheader, *app.markdown]
    return " ".join(str(part.value) for part in parts).replace("\\", "")


@pytest.mark.parametrize(
    ("it", "answer"),
    [
        (
            Vouched(0.0, 0.95, ("carrier",), by_volume=True),
            "No segment can be vouched for yet; the gate needs 95% of the cases.",
        ),
        (
            Vouched(0.5, 0.95, ("carrier",), by_volume=True),
            "Segments with 50.0% of the cases are at least as good; the gate needs 95%.",
        ),
        (
            Vouched(1.0, 0.95, ("carrier",), by_volume=True),
            "Segments with 100% of the cases are at least as good; the gate needed 95%.",
        ),
        (
            Vouched(0, 67, ("carrier", "origin")),
            "No segment can be vouched for yet; the gate needs 67.",
        ),
        (
            Vouched(1, 67, ("carrier", "origin")),
            "At least 1 segment by carrier and origin is at least as good; the gate needs 67.",
        ),
        (
            Vouched(70, 67, ("carrier", "origin")),
            "At least 70 segments by carrier and origin are at least as good; the gate needed 67.",
        ),
    ],
)
def test_what_is_vouched_for_is_told_at_none_some_and_all(it: Vouched, answer: str) -> None:
    assert vouched_answer(it) == answer


def test_only_segments_of_one_cut_are_set_against_its_rows() -> None:
    one = vouched(past(30, 31), {"cut": "carrier"})
    assert one is not None
    assert (one.of_one_cut, one.so_far, one.asked) == ((30, 31), "30 segments", "31")
    several = vouched(past(60, 67), {"cut": "carrier", "also": ["origin"]})
    assert several is not None
    assert several.of_one_cut is None
    cases = vouched(past(0.97, 0.95), {"cut": "carrier", "by": "volume"})
    assert cases is not None
    assert (cases.of_one_cut, cases.so_far, cases.asked) == (None, "97.0% of cases", "95%")
    assert vouched(past(0.03, 0.02, "priority"), {"cut": "carrier"}) is None, "a difference"
    assert vouched(past(None, None), {"cut": "carrier"}) is None


def test_a_gate_by_volume_is_told_as_a_share_of_the_cases(visit: Visitor, publish: Builder) -> None:
    folder = publish("volume", gates=(*USUAL, VOLUME), **SMALL)
    tile = visit(folder).metric[1]
    assert (tile.label, tile.value) == ("At least as good", "100% of cases")
    assert tile.delta == "needed: 95%"
    answer = visit(folder, page="accuracy").header[0].value.replace("\\", "")
    assert answer.startswith("Segments with 100% of the cases are at least as good; the gate")
    plan = said(visit(folder, page="planning"))
    assert "it is shown already for segments with 95% of the cases" in plan


def test_a_gate_over_several_cuts_is_told_by_its_own_count(
    visit: Visitor, publish: Builder
) -> None:
    folder = publish("along", gates=(*USUAL, ALONG), **SMALL)
    tile = visit(folder).metric[1]
    assert tile.value.endswith(" segments")
    assert " of " not in tile.value
    app = visit(folder, page="accuracy")
    named = f"segments by {CUT} and origin"
    assert f"{named} are at least as good; the gate needed" in said(app)
    assert f"The gate counts the {named} together; shown here are those by {CUT}." in said(app)


def test_a_blocked_study_keeps_the_share_it_last_had(visit: Visitor, publish: Builder) -> None:
    unbalanced = ("decisions: read = accepted + rejected, but 7 = 6 + 0",)
    folder = publish("held", gates=(*USUAL, VOLUME), unbalanced=unbalanced, **SMALL)
    tile = visit(folder).metric[1]
    assert (tile.value, tile.delta) == ("100% of cases", "needed: 95%")
