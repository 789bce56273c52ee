"""Every page, for every kind of study: the answer, its parts, and what hostile names become."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboard.access import NO_LOGIN, NOT_LOCAL
from dashboard.page import all_pages

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
HOME = next(page for page in all_pages() if page.overview is None).path
HEADINGS = {"" if page.path == HOME else page.path: page.heading for page in all_pages()}
PAGES = tuple(HEADINGS)
ALL_KINDS = (
    "demo",
    "go",
    "no_go",
    "blocked",
    "early",
    "tiny",
    "timeless",
    "hostile",
    "two",
    "sound",
    "troubled",
    "empty",
    "huge",
)


def said(app: AppTest) -> str:
    """Return everything the main part of a page says, escapes removed."""
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.metric]
    return " ".join(f"{getattr(p, 'label', '')} {p.value}" for p in parts).replace("\\", "")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_page_draws_every_study(visit: Visitor, study: Study, kind: str, page: str) -> None:
    app = visit(study(kind), page=page)
    assert not app.exception
    assert [title.value for title in app.title] == [HEADINGS[page]]
    assert len(app.header) == 1, "one answer"
    assert NO_LOGIN in said(app)


@pytest.mark.parametrize(
    ("kind", "badge", "next_step"),
    [
        ("demo", "COLLECTING", "Nothing is asked of you today"),
        ("go", "GO", "R. Haddad"),
        ("no_go", "NO GO", "Waiting cannot change this"),
        ("blocked", "BLOCKED", "M. Ortega"),
    ],
)
def test_the_verdict_card_says_the_state_and_who_acts_next(
    visit: Visitor, study: Study, kind: str, badge: str, next_step: str
) -> None:
    app = visit(study(kind))
    badges = [m.value for m in app.markdown if "-badge[" in m.value]
    assert f" {badge}]" in badges[0]
    assert next_step in said(app)


def test_readiness_has_four_tiles_and_leaves_out_what_is_not_known(
    visit: Visitor, study: Study
) -> None:
    tiles = {tile.label: tile for tile in visit(study("demo")).metric}
    assert list(tiles) == ["Difference", "At least as good", "Outcome final", "Answered"]
    assert tiles["Difference"].value.endswith(" points")
    assert tiles["Difference"].delta.startswith("95%: ")
    early = [tile.label for tile in visit(study("early")).metric]
    assert "Difference" not in early


def test_what_is_missing_lists_the_gates_that_have_not_passed(visit: Visitor, study: Study) -> None:
    app = visit(study("demo"))
    assert "What is still missing" in [s.value for s in app.subheader]
    assert "Segments: collecting" in said(app)
    assert "Expected: between" in said(app)
    app = visit(study("go"))
    assert "What is still missing" not in [s.value for s in app.subheader]


def test_a_changed_policy_shows_as_a_new_registration(visit: Visitor, publish: Visitor) -> None:
    changed = visit(publish("changed", segments=("LGA · UA",), weeks=5, weak=""))
    once = visit(publish("once", segments=("LGA · UA",), weeks=5, weak="", registrations=1))
    assert "Policy: registered 2 times, changed since the first verdict" in [
        e.label for e in changed.expander
    ]
    assert "Policy: registered once, never changed" in [e.label for e in once.expander]


def test_the_answer_by_segment_gives_the_joint_count_and_the_single_ones(
    visit: Visitor, study: Study
) -> None:
    app = visit(study("demo"), page="accuracy")
    answer = app.header[0].value
    assert answer.startswith("At least ")
    assert "; the gate needs 28" in answer
    assert "Singly" in answer
    assert app.subheader[0].value == "LGA · MQ is the weakest segment"
    assert "7 segments with fewer than 100 cases" in said(app)


def test_another_period_is_exploration_and_recomputed(visit: Visitor, study: Study) -> None:
    whole = visit(study("demo"), page="accuracy")
    part = visit(study("demo"), page="accuracy", period=["2013-06-01", "2013-07-31"])
    assert "Exploration, does not count" not in said(whole)
    assert "Exploration, does not count" in said(part)
    assert part.header[0].value != whole.header[0].value


def test_a_cut_without_a_gate_is_exploration(visit: Visitor, study: Study) -> None:
    app = visit(study("demo"), page="accuracy", cut="origin")
    assert "Exploration, does not count" in said(app)
    assert "The policy has no gate on this cut" in said(app)


def test_choices_come_from_the_address_and_nonsense_is_dropped(
    visit: Visitor, study: Study
) -> None:
    app = visit(study("two"), candidate="late-llm 2")
    assert "late-llm 2 in place of" in said(app)
    app = visit(study("two"), candidate="nobody 9")
    assert not app.exception
    assert "late-gbm 1.4.0 in place of" in said(app)


def test_only_worse_segments_when_asked(visit: Visitor, study: Study) -> None:
    app = visit(study("go"), page="accuracy", show="Worse")
    assert "No segment is worse than the limit." in said(app)


def test_many_segments_show_the_lowest_and_a_table_of_all(visit: Visitor, publish: Visitor) -> None:
    names = [f"S{number:03} · X" for number in range(70)]
    folder = publish("many", segments=names, weak=names[3], weeks=8, per_day=3000, smallest=1)
    app = visit(folder, page="accuracy")
    assert "shown are the lowest 40 of 70 segments" in app.subheader[0].value
    assert len(app.dataframe[0].value) == 70
    app.text_input(key="find").set_value("s003").run()
    assert [list(t.value["Segment"]) for t in app.table if "Segment" in t.value][-1] == ["S003 · X"]


@pytest.mark.parametrize("kind", ["hostile", "troubled"])
@pytest.mark.parametrize("page", PAGES)
def test_names_from_the_data_are_never_markup(
    visit: Visitor, study: Study, page: str, kind: str
) -> None:
    app = visit(study(kind), page=page)
    shown = " ".join(
        str(part.value) for part in (*app.title, *app.header, *app.subheader, *app.markdown)
    ) + " ".join(str(cell) for t in app.table for column in t.value for cell in t.value[column])
    assert "<b>" not in shown
    assert "<script>" not in shown
    assert not any(part.allow_html for part in app.markdown)


def test_no_study_and_no_evidence_are_one_sentence(visit: Visitor, tmp_path: Path) -> None:
    assert "No study has been named" in said(visit())
    empty = visit(tmp_path, page="accuracy")
    assert "No verdict has been published yet: run `understudy run`." in said(empty)
    assert not empty.exception


def test_unreadable_evidence_is_one_sentence(visit: Visitor, publish: Visitor) -> None:
    folder = publish("torn", segments=("LGA · UA",), weeks=2, weak="")
    file = (folder / "state" / "evidence.duckdb").resolve()
    file.write_bytes(file.read_bytes()[:5000])
    app = visit(folder)
    assert not app.exception
    assert "cannot be read" in said(app)
    assert "Publish it again with `understudy run`." in said(app)


def test_a_newer_publication_is_picked_up(visit: Visitor, publish: Visitor) -> None:
    small = {"segments": ("LGA · UA",), "weeks": 2, "weak": ""}
    folder = publish("same", **small)
    app = visit(folder)
    assert "Verdicts so far: 7" in [e.label for e in app.expander]
    publish("same", number=8, **small)
    assert "Verdicts so far: 8" in [e.label for e in app.run().expander]


def test_without_a_login_other_computers_see_nothing(visit: Visitor, study: Study) -> None:
    for address in ("0.0.0.0", None):
        config.set_option("server.address", address)
        app = visit(study("demo"))
        assert [error.value for error in app.error] == [NOT_LOCAL]
        assert not app.header
