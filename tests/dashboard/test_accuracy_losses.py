"""Losses of numeric decisions: what is listed by segment, letter by letter."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from dashboard.accuracy import losses
from dashboard.escape import plain

ROW = {
    "metric": "absolute",
    "production_loss": 5.0,
    "candidate_loss": 4.5,
    "difference": 0.5,
    "anytime_low": 0.1,
    "anytime_high": 0.9,
    "days": 40,
    "n": 900,
}


def test_the_name_of_a_cut_is_escaped_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, list[str]]] = []
    monkeypatch.setattr(st, "table", lambda columns, **_: shown.append(columns))
    monkeypatch.setattr(
        losses,
        "published",
        lambda _visit, _name, _order, *, cut, **_: [
            {**ROW, "segment": "all" if cut == "all" else "old_age"}
        ],
    )
    publication = SimpleNamespace(alpha=0.05, smallest_segment=100)
    visit: Any = SimpleNamespace(evidence=SimpleNamespace(publication=publication))
    losses.losses(visit, "age_band")
    assert shown[0]["What"] == ["Mean miss", plain("age_band: old_age")]
