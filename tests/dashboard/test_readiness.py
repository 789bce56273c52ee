"""Readiness: where gates lead, and what a blocked study shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.page import all_pages
from dashboard.readiness.leads import BY_FAMILY, BY_KIND, page_of
from data_contracts.vocabulary import GateFamily
from evaluators.kinds import all_gate_kinds

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]


def said(app: AppTest) -> str:
    parts = [*app.header, *app.subheader, *app.markdown]
    return " ".join(str(part.value) for part in parts).replace("\\", "")


@pytest.mark.parametrize("family", GateFamily)
def test_every_family_of_gates_leads_to_a_page(family: GateFamily) -> None:
    paths = {page.path for page in all_pages()}
    assert BY_FAMILY[family] in paths
    assert set(BY_KIND.values()) <= paths


def test_every_kind_of_gate_leads_somewhere() -> None:
    for kind in all_gate_kinds().values():
        assert page_of(kind.name, kind.family)


def test_open_gates_link_to_the_page_that_explains_them(visit: Visitor, study: Study) -> None:
    app = visit(study("demo"))
    links = [str(one.proto) for one in app.get("page_link")]
    assert any("accuracy" in link for link in links)


def test_the_facts_say_the_day_and_what_is_asked(visit: Visitor, study: Study) -> None:
    assert "day 245, at least 28 asked for" in said(visit(study("demo")))
    assert "day 7 of at least 28" in said(visit(study("tiny")))
    assert "day " not in said(visit(study("timeless"))).split("policy registered")[0].split("·")[1]


def test_a_blocked_study_shows_the_figures_of_the_last_verdict_that_could_be_trusted(
    visit: Visitor, study: Study
) -> None:
    app = visit(study("blocked"))
    text = said(app)
    assert "The figures below are those of the verdict of **24 Dec 2013**" in text
    assert "With **M. Ortega** (owner of production) since 2 Jan 2014, 05:12 UTC." in text
    assert [tile.label for tile in app.metric] == ["Difference", "At least as good", "Cases judged"]
    assert app.metric[2].value == "9,000", "of that verdict, not of today"
    assert "Shown are the weeks to 24 Dec 2013" in text
    assert "What blocks the verdict" in [s.value for s in app.subheader]
    assert "The other 4 gates are judged again once the data are mended." in text
    assert "All 5 gates; those that do not block as in the verdict of 24 Dec 2013" in [
        e.label for e in app.expander
    ]


def test_blocked_from_the_first_verdict_shows_no_figure(visit: Visitor, publish: Visitor) -> None:
    folder = publish(
        "first", number=1, unbalanced=("decisions: read = accepted + rejected",), weeks=5
    )
    app = visit(folder)
    assert not app.exception
    assert "no figure counts yet" in said(app)
    assert not app.metric
    states = [c for t in app.table if "State" in t.value for c in t.value["State"]]
    assert any("Not counted" in state for state in states)
    assert not any("green-badge" in state for state in states)
