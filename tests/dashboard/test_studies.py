"""All studies: which need somebody, in which order, and what cannot be read beside the others."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from inventing import to_change
from streamlit.testing.v1 import AppTest

from dashboard.people import Person, Role
from dashboard.studies.cards import card, cards, chosen, days_of, milestone, needs_answer
from dashboard.studies.labels import labelled
from dashboard.studies.places import LEADS_OUT, NO_EVIDENCE, Place, places_of
from dashboard.studies.summary import Summary, read_summary
from data_contracts.vocabulary import VerdictState

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
ADA = Person("Ada", "ada@example.org", frozenset({Role.VIEWER}), True)


def said(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.markdown]
    return " ".join(str(part.value) for part in parts).replace("\\", "")


@pytest.fixture
def folder(study: Study, tmp_path: Path) -> Path:
    """Return studies in each state, one torn, one of another layout, one not yet run."""
    home = tmp_path / "studies"
    for kind in ("blocked", "go", "no_go", "early"):
        shutil.copytree(study(kind), home / kind, symlinks=True)
    for kind in ("torn", "other_layout"):
        shutil.copytree(study("early"), home / kind, symlinks=True)
    torn = (home / "torn/state/evidence.duckdb").resolve()
    torn.write_bytes(torn.read_bytes()[:5000])
    with to_change(str((home / "other_layout/state/evidence.duckdb").resolve())) as db:
        db.execute("UPDATE publication SET format = 1")
    (home / "new").mkdir()
    (home / "new" / "study.yaml").touch()
    return home


@pytest.mark.parametrize(
    ("needed", "total", "sentence"),
    [
        (0, 0, "No study has been named."),
        (0, 1, "The one study needs nobody today."),
        (1, 1, "The one study needs someone today."),
        (0, 2, "Neither of the 2 studies needs anyone today."),
        (2, 2, "Both studies need someone today."),
        (0, 5, "None of the 5 studies needs anyone today."),
        (1, 5, "1 of 5 studies needs someone today."),
        (2, 5, "2 of 5 studies need someone today."),
        (5, 5, "All 5 studies need someone today."),
    ],
)
def test_the_answer_at_none_one_some_and_all(needed: int, total: int, sentence: str) -> None:
    assert needs_answer(needed, total) == sentence


def test_the_home_of_several_studies_shows_what_needs_somebody_first(
    visit: Visitor, folder: Path
) -> None:
    app = visit(folder)
    assert not app.exception
    assert [title.value for title in app.title] == ["All studies"]
    assert [h.value for h in app.header] == ["4 of 7 studies need someone today."]
    badges = [m.value.split("] ")[0] for m in app.markdown if "-badge[" in m.value]
    words = ("NOT READABLE", "NOT READABLE", "BLOCKED", "GO", "NO GO", "COLLECTING", "NO VERDICT")
    assert len(badges) == len(words)
    for shown, word in zip(badges, words, strict=True):
        assert f": {word}" in shown
    text = said(app)
    assert "has layout 1, this dashboard reads layout" in text
    assert "cannot be read" in text
    assert NO_EVIDENCE in text
    assert "With M. Ortega since" in text
    assert "R. Haddad (sponsor) decides on going live." in text
    assert "Day 245" in text


def test_one_study_has_its_verdict_as_home_and_all_studies_only_by_its_address(
    visit: Visitor, study: Study
) -> None:
    assert [t.value for t in visit(study("demo")).title] == ["May it go live?"]
    app = visit(study("demo"), page="studies")
    assert [h.value for h in app.header] == ["The one study needs nobody today."]


def test_the_home_page_is_found_by_its_name_too(visit: Visitor, study: Study, folder: Path) -> None:
    one = visit(study("demo"), page="readiness")
    assert [t.value for t in one.title] == ["May it go live?"]
    assert [t.value for t in visit(folder, page="studies").title] == ["All studies"]


def test_only_what_needs_somebody_and_what_was_looked_for(visit: Visitor, folder: Path) -> None:
    app = visit(folder, whose="Needs someone")
    assert sum("-badge[" in m.value for m in app.markdown) == 4
    app = visit(folder, find_study="late-gbm no go")
    assert sum("-badge[" in m.value for m in app.markdown) == 1
    assert "No study has all of these words." in said(visit(folder, find_study="zebra"))


def test_mine_are_those_that_name_the_reader(visit: Visitor, folder: Path) -> None:
    assert "as owner, sponsor, reviewer or user" in said(visit(folder, whose="Mine"))
    it = read_summary((folder / "go/state/evidence.duckdb").resolve())
    document = {
        "production": {"owner": {"name": "M. Ortega"}, "users": ["Dispatch"]},
        "review": {"reviewers": [{"name": "A. L.", "email": "Ada@Example.org"}]},
    }
    own = card("go", replace(it, publication=replace(it.publication, document=document)))
    assert own.concerns(ADA)
    assert own.concerns(replace(ADA, name="m. ortega", email=""))
    assert own.concerns(replace(ADA, name="dispatch", email=""))
    assert not own.concerns(replace(ADA, name="", email=""))
    assert not own.concerns(replace(ADA, email="eve@example.org"))
    assert chosen([own], "", mine=ADA) == (own,)


def test_a_link_opens_the_study_and_nonsense_opens_the_first(visit: Visitor, folder: Path) -> None:
    app = visit(folder, page="readiness", study="Late-arrival alerts (go)")
    assert "R. Haddad" in said(app)
    for name in ("../go", "/etc", "go/../../x"):
        app = visit(folder, page="readiness", study=name)
        assert not app.exception
        assert app.selectbox(key="study").value == "Late-arrival alerts (blocked)"


def test_studies_go_by_their_title_and_by_their_folder_too_where_two_have_the_same(
    study: Study, publish: Visitor
) -> None:
    other = publish("other", segments=("LGA · UA",), weeks=1, weak="", title="Another")
    known = places_of([study("go"), study("no_go"), other, other / "nothing"])
    assert list(labelled(known)) == [
        "Late-arrival alerts (go)",
        "Late-arrival alerts (no_go)",
        "Another",
        "nothing",
    ]


def test_a_new_study_appears_without_a_restart(
    visit: Visitor, study: Study, tmp_path: Path
) -> None:
    home = tmp_path / "two"
    for name in ("a", "b"):
        shutil.copytree(study("early"), home / name, symlinks=True)
    app = visit(home)
    assert app.header[0].value == "Neither of the 2 studies needs anyone today."
    shutil.copytree(study("go"), home / "c", symlinks=True)
    assert app.run().header[0].value == "1 of 3 studies needs someone today."


def test_evidence_is_never_read_through_a_link_that_leads_out(study: Study, tmp_path: Path) -> None:
    home = tmp_path / "sly"
    (home / "state").mkdir(parents=True)
    (home / "state" / "evidence.duckdb").symlink_to(study("go") / "state" / "evidence.duckdb")
    place = Place.of(home)
    assert (place.path, place.problem) == (None, LEADS_OUT)


def test_the_same_folder_named_twice_is_one_and_two_of_a_name_are_told_apart(
    study: Study, tmp_path: Path
) -> None:
    one = tmp_path / "x" / "go"
    shutil.copytree(study("go"), one, symlinks=True)
    assert list(places_of([one, one, tmp_path / "x"])) == ["go"]
    assert list(places_of([one, study("go")])) == [str(one), str(study("go"))]


def test_the_day_is_counted_against_what_the_policy_asks(study: Study) -> None:
    it = read_summary((study("demo") / "state/evidence.duckdb").resolve())
    head = it.publication
    assert it.least_days == 28
    early = replace(head, data_to=date(2013, 5, 20))
    assert days_of(early, 28) == "Day 20 of at least 28"
    assert days_of(head, 28) == "Day 245, at least 28 asked for"
    assert days_of(early, None) == "Day 20"
    assert days_of(replace(head, first_day=None), 28) == ""


def test_the_milestone_is_said_in_every_state(study: Study) -> None:
    it = read_summary((study("demo") / "state/evidence.duckdb").resolve())
    assert milestone(it).startswith(("between", "around", "not before"))
    assert milestone(replace(it, reachable=False)) == "waiting will not be enough"
    accepted = {"accepted_on": "2013-01-01", "accepted_by": "R. Haddad"}
    steps = [
        {"from": "A", "to": "B", "on": on, "criterion": "ready", **more}
        for on, more in (("2014-03-01", {}), ("2014-02-03", {}), ("2013-01-01", accepted))
    ]
    head = replace(it.publication, document={"transition": steps})
    told = {
        state: milestone(
            replace(it, publication=head, verdict=replace(it.verdict, state=state), earliest=None)
        )
        for state in VerdictState
    }
    assert told[VerdictState.GO] == "R. Haddad decides; handoff on 3 Feb 2014"
    assert told[VerdictState.BLOCKED].startswith("the data are mended")
    assert told[VerdictState.NO_GO].startswith("a new version of the candidate")
    assert "handoff on 3 Feb 2014" in told[VerdictState.COLLECTING]


def test_a_handoff_that_nobody_has_accepted_needs_someone(study: Study) -> None:
    it = read_summary((study("demo") / "state/evidence.duckdb").resolve())
    step = {"from": "A", "to": "B", "on": "2013-05-02", "criterion": "ready"}
    late = replace(it, publication=replace(it.publication, document={"transition": [step]}))
    assert "handoff overdue since 2 May 2013" in milestone(late)
    assert not card("a", it).needed
    assert card("a", late).needed
    assert card("a", late).urgency < card("a", it).urgency
    assert card("a", late).urgency > card("a", as_state(late, VerdictState.GO)).urgency
    refused = card("b", as_state(late, VerdictState.NO_GO))
    assert sorted([card("a", late), refused], key=lambda one: one.urgency)[0] is refused
    taken = {**step, "accepted_on": "2013-05-01"}
    done = replace(it, publication=replace(it.publication, document={"transition": [taken]}))
    assert not card("a", done).needed
    assert "handoff" not in milestone(done)


def as_state(it: Summary, state: VerdictState) -> Summary:
    return replace(it, verdict=replace(it.verdict, state=state))


def test_many_studies_are_turned_over_page_by_page(
    visit: Visitor, study: Study, tmp_path: Path
) -> None:
    for number in range(45):
        shutil.copytree(study("early"), tmp_path / f"s{number:02}", symlinks=True)
    app = visit(tmp_path)
    assert app.header[0].value == "None of the 45 studies needs anyone today."
    assert sum("-badge[" in m.value for m in app.markdown) == 20
    assert len(cards(places_of([tmp_path]))) == 45
