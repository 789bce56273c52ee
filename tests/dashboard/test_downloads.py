"""Downloads: every row says of which study, data and evidence it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
Rows = list[dict[str, str]]
STAMP = ["study", "candidate", "version", "data_to", "evidence", "evidence_sha256"]


@pytest.fixture
def files(visit: Visitor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Rows]]:
    """Return a function that opens a page and gives the rows of its CSV files."""
    kept: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(
        st, "download_button", lambda _, content, name, *a, **k: kept.update({name: content})
    )

    def of_page(folder: Path, **query: str | list[str]) -> list[Rows]:
        kept.clear()
        app = visit(folder, **query)
        assert not app.exception
        texts = [get().decode() for name, get in kept.items() if name.endswith(".csv")]
        return [list(csv.DictReader(io.StringIO(text))) for text in texts]

    return of_page


@pytest.mark.parametrize(
    ("kind", "page", "number"),
    [("troubled", "data", 3), ("declared", "service", 3), ("declared", "business", 2)],
)
def test_every_row_begins_with_the_stamp(
    files: Callable[..., list[Rows]], study: Study, kind: str, page: str, number: int
) -> None:
    found = files(study(kind), page=page)
    assert len(found) == number
    for rows in found:
        assert list(rows[0])[: len(STAMP)] == STAMP
        assert all(row["evidence_sha256"] for row in rows)


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({}, ("2013-05-01", "2013-07-23")),
        ({"period": ["2013-05-03", "2013-05-10"]}, ("2013-05-03", "2013-05-10")),
    ],
)
def test_a_course_of_service_says_of_which_days_it_is(
    files: Callable[..., list[Rows]],
    study: Study,
    asked: dict[str, list[str]],
    days: tuple[str, str],
) -> None:
    times, answers, _ = files(study("declared"), page="service", **asked)
    for rows in (times, answers):
        assert {(row["period_from"], row["period_to"]) for row in rows} == {days}


def test_what_leaves_sampling_out_is_named_for_it(
    files: Callable[..., list[Rows]], study: Study
) -> None:
    by_cost, _ = files(study("declared"), page="business")
    assert {"possible_low", "possible_high"} <= set(by_cost[0])
    assert not {"low", "high"} & set(by_cost[0])
    assert {row["state"] for row in by_cost} <= {"above 0", "below 0", "open"}
