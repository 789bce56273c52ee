"""Who may do what: every role with every action, old and odd logins, roles that are taken away."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.access import NotAllowed, Reason, Refusal, StudyFacts, allowed, require
from dashboard.access.claims import address, full_name, values
from dashboard.access.identity import LOCAL_ROLES, identify
from dashboard.access.roles import Roles, RolesUnreadable, read_roles
from dashboard.access.session import LONGEST, SKEW
from dashboard.access.study import reviewed_by
from dashboard.people import GRANTED, Action, Person, Role
from data_contracts.inbox import drop_reviews
from data_contracts.reviews import Judgement, Review

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADA = "ada@example.org"
FLIGHTS = StudyFacts("Flights", sponsor=ADA, reviewers=frozenset({ADA}))
MAY = {
    *((role, Action.VIEW) for role in Role),
    (Role.REVIEWER, Action.REVIEW),
    (Role.SPONSOR, Action.SIGN_OFF),
    (Role.ADMIN, Action.ADMINISTER),
}
"""All that is allowed, written out here a second time on purpose."""


def person(*roles: Role, email: str = ADA) -> Person:
    return Person("Ada", email, frozenset(roles), logged_in=True)


def claims(age: timedelta = timedelta(), **more: Any) -> dict[str, Any]:
    issued = int((NOW - age).timestamp())
    known = {
        "is_logged_in": True,
        "email": ADA,
        "email_verified": True,
        "name": "Ada",
        "iat": issued,
    }
    return {**known, **more}


def reason(found: Person | Refusal | None) -> Reason | None:
    return found.reason if isinstance(found, Refusal) else None


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_a_role_may_do_what_is_written_out_and_nothing_else(role: Role, action: Action) -> None:
    refused = allowed(person(role), action, FLIGHTS)
    if (role, action) in MAY:
        assert refused is None
    else:
        assert reason(refused) is Reason.WRONG_ROLE
        assert refused is not None
        assert refused.sentence.endswith(".")


@pytest.mark.parametrize("action", Action)
def test_nobody_without_a_role_may_do_anything(action: Action) -> None:
    assert reason(allowed(person(), action, FLIGHTS)) is Reason.NO_ROLE


@pytest.mark.parametrize("action", Action)
def test_a_refusal_ends_the_caller_also_where_no_page_runs(
    action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.access.gate.standing", lambda: person())
    with pytest.raises(NotAllowed, match="no role"):
        require(action)


def test_every_action_has_its_roles_and_its_words() -> None:
    from dashboard.access.rules import DOING

    assert set(GRANTED) == set(DOING) == set(Action)
    assert all(GRANTED.values()), "an action that nobody may do"


def test_the_user_of_this_computer_reviews_but_never_signs() -> None:
    local = Person("ada", "", LOCAL_ROLES, logged_in=False)
    assert allowed(local, Action.VIEW) is None
    assert allowed(local, Action.REVIEW, FLIGHTS) is None
    assert local.identity == "local:ada"
    assert reason(allowed(local, Action.SIGN_OFF, FLIGHTS)) is Reason.NOT_PROVED
    every = Person("ada", ADA, frozenset(Role), logged_in=False)
    assert reason(allowed(every, Action.SIGN_OFF, FLIGHTS)) is Reason.NOT_PROVED


def test_listed_reviewers_review_and_no_others() -> None:
    bob = person(Role.REVIEWER, email="bob@example.org")
    assert reason(allowed(bob, Action.REVIEW, FLIGHTS)) is Reason.NOT_A_REVIEWER
    assert allowed(bob, Action.REVIEW, StudyFacts("Flights")) is None
    everything = person(*Role, email="bob@example.org")
    assert reason(allowed(everything, Action.REVIEW, FLIGHTS)) is Reason.NOT_A_REVIEWER


def test_only_the_sponsor_of_the_study_signs_it() -> None:
    ada = person(*Role)
    other = StudyFacts("Loans", sponsor="grace@example.org")
    assert allowed(ada, Action.SIGN_OFF, FLIGHTS) is None
    assert reason(allowed(ada, Action.SIGN_OFF, other)) is Reason.NOT_THE_SPONSOR
    assert reason(allowed(ada, Action.SIGN_OFF, StudyFacts("Loans"))) is Reason.NO_SPONSOR
    assert reason(allowed(ada, Action.SIGN_OFF, None)) is Reason.NO_STUDY


def review(reviewer: str, judgement: Judgement = Judgement.BOTH, at: datetime = NOW) -> Review:
    return Review("r1" + reviewer, "UA-1", "gbm", "1", reviewer, at, judgement, recorded_at=at)


def test_nobody_signs_off_a_study_whose_reviews_they_made(tmp_path: Path) -> None:
    ada = person(*Role)
    assert reviewed_by(tmp_path) == frozenset()
    drop_reviews(tmp_path, [review("bob@example.org")])
    facts = StudyFacts("Flights", ADA, reviewed_by=reviewed_by(tmp_path))
    assert allowed(ada, Action.SIGN_OFF, facts) is None
    drop_reviews(tmp_path, [review("Ada@Example.ORG")])
    facts = StudyFacts("Flights", ADA, reviewed_by=reviewed_by(tmp_path))
    assert reason(allowed(ada, Action.SIGN_OFF, facts)) is Reason.FOUR_EYES


def test_a_later_event_under_the_same_identity_hides_no_reviewer(tmp_path: Path) -> None:
    drop_reviews(tmp_path, [review(ADA)])
    later = replace(review(ADA, at=NOW + timedelta(hours=1)), reviewer="bob@example.org")
    drop_reviews(tmp_path, [later])
    assert reviewed_by(tmp_path) == {ADA, "bob@example.org"}


def test_an_empty_note_hides_no_reviewer(tmp_path: Path) -> None:
    drop_reviews(tmp_path, [replace(review(ADA), reason="", note="")])
    assert reviewed_by(tmp_path) == {ADA}


def test_taking_a_review_back_does_not_open_the_sign_off(tmp_path: Path) -> None:
    drop_reviews(tmp_path, [review(ADA)])
    drop_reviews(tmp_path, [review(ADA, Judgement.WITHDRAWN, NOW + timedelta(hours=1))])
    assert reviewed_by(tmp_path) == {ADA}


@pytest.mark.parametrize(
    ("age", "refused"),
    [
        (timedelta(), None),
        (LONGEST - timedelta(seconds=1), None),
        (LONGEST, Reason.EXPIRED),
        (timedelta(days=20), Reason.EXPIRED),
        (-SKEW, None),
        (-SKEW - timedelta(seconds=1), Reason.UNDATED),
    ],
)
def test_a_login_counts_for_eight_hours(age: timedelta, refused: Reason | None) -> None:
    found = identify(claims(age), Roles(everyone=Role.VIEWER), NOW)
    assert reason(found) is refused
    if refused:
        assert isinstance(found, Refusal)
        assert found.login_helps


@pytest.mark.parametrize(
    "issued", [None, True, "now", "1777896000", float("nan"), 1e300, -1e300, []]
)
def test_a_login_without_a_usable_time_is_refused(issued: object) -> None:
    assert reason(identify(claims(iat=issued), Roles(), NOW)) is Reason.UNDATED


def test_somebody_who_is_not_logged_in_is_asked_to() -> None:
    for says in (False, None, "true", 1):
        found = identify(claims(is_logged_in=says), Roles(everyone=Role.VIEWER), NOW)
        assert reason(found) is Reason.LOGGED_OUT


@pytest.mark.parametrize(
    "odd",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email_verified": 0},
        {"email": None},
        {"email": ""},
        {"email": ["ada@example.org"]},
        {"email": "ada"},
        {"email": "ada@example.org@evil.example"},
        {"email": "ada@example.org\n"},
        {"email": " ada@example.org"},
    ],
)
def test_an_address_nobody_vouches_for_is_refused(odd: dict[str, object]) -> None:
    assert reason(identify(claims(**odd), Roles(everyone=Role.VIEWER), NOW)) is Reason.UNVERIFIED


def test_a_provider_that_says_nothing_of_verification_is_believed() -> None:
    facts = claims()
    del facts["email_verified"]
    assert address(facts) == ADA


def test_odd_names_stay_one_short_line() -> None:
    assert full_name(claims(name="A\n\n# B" + "x" * 500)).startswith("A # B")
    assert len(full_name(claims(name="x" * 500))) == 80
    assert full_name(claims(name=7)) == ADA


ROLES = """
everyone = "viewer"
claim = ["groups", "realm_access.roles"]
reviewer = ["Ada@Example.org", "@reviews.example"]
sponsor = ["group:Model Owners"]
admin = []
"""


@pytest.fixture
def roles_file(tmp_path: Path) -> Path:
    path = tmp_path / "roles.toml"
    path.write_text(ROLES)
    return path


@pytest.mark.parametrize(
    ("facts", "held"),
    [
        ({}, {Role.VIEWER, Role.REVIEWER}),
        ({"email": "ADA@EXAMPLE.ORG"}, {Role.VIEWER, Role.REVIEWER}),
        ({"email": "bob@reviews.example"}, {Role.VIEWER, Role.REVIEWER}),
        ({"email": "bob@x.reviews.example"}, {Role.VIEWER}),
        ({"email": "bob@notreviews.example"}, {Role.VIEWER}),
        ({"email": "ada@example.org.evil.example"}, {Role.VIEWER}),
        ({"email": "\u0430da@example.org"}, {Role.VIEWER}),
        ({"email": "x@y.org", "groups": ["Model Owners"]}, {Role.VIEWER, Role.SPONSOR}),
        ({"email": "x@y.org", "groups": "Model Owners"}, {Role.VIEWER, Role.SPONSOR}),
        ({"email": "x@y.org", "groups": ["model owners", "admin", "sponsor"]}, {Role.VIEWER}),
        ({"email": "x@y.org", "roles": ["understudy-admin"]}, {Role.VIEWER}),
        (
            {"email": "x@y.org", "realm_access": {"roles": ["understudy-admin"]}},
            {Role.VIEWER, Role.ADMIN},
        ),
        ({"email": "x@y.org", "groups": {"Model Owners": True}}, {Role.VIEWER}),
        ({"email": "x@y.org", "name": "group:Model Owners"}, {Role.VIEWER}),
        ({"email_verified": False}, set()),
    ],
)
def test_roles_come_from_the_file_and_from_claims(
    roles_file: Path, facts: dict[str, Any], held: set[Role]
) -> None:
    assert read_roles(roles_file).held_by(claims(**facts)) == held


def test_without_a_file_only_our_own_names_in_a_claim_count() -> None:
    held = Roles().held_by(claims(roles=["understudy-reviewer", "admin"], groups=["understudy-x"]))
    assert held == {Role.REVIEWER}
    assert Roles().held_by(claims()) == frozenset()


@pytest.mark.parametrize(
    "content",
    [
        "viewer = [",
        'viewers = ["ada@example.org"]',
        'viewer = "ada@example.org"',
        "viewer = [7]",
        'viewer = ["ada"]',
        'viewer = ["@"]',
        'viewer = ["group:"]',
        'viewer = ["*"]',
        'everyone = "admin"',
        "everyone = true",
        "claim = 7",
        "\udcff",
    ],
)
def test_a_wrong_roles_file_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "roles.toml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(RolesUnreadable, match=r"cannot be used: .*Expected "):
        read_roles(path)


def test_a_claim_with_a_strange_shape_is_no_role() -> None:
    for odd in (None, 7, {"a": 1}, [["understudy-admin"]], [None]):
        assert values({"roles": odd}, "roles") == frozenset()


def test_the_table_of_the_docs_is_what_holds() -> None:
    page = (Path(__file__).parents[2] / "docs" / "access.md").read_text("utf-8")
    lines = page[page.index("| | viewer |") :].splitlines()
    heads = [Role(cell.strip()) for cell in lines[0].strip("|").split("|")[1:]]
    said = {}
    for line in lines[2 : 2 + len(Action)]:
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        said[Action(name.replace(" ", "_"))] = {r for r, c in zip(heads, cells, strict=True) if c}
    assert said == {action: set(roles) for action, roles in GRANTED.items()}


def test_the_roles_file_of_the_docs_works(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "access.md").read_text("utf-8")
    path = tmp_path / "roles.toml"
    path.write_text(next(b for b in re.findall(r"```toml\n(.*?)```", page, re.S) if "viewer" in b))
    assert read_roles(path).held_by(claims()) == {Role.VIEWER, Role.REVIEWER}
