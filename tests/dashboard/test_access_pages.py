"""The check on the server as people meet it: pages, actions, and roles that are taken away."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from inventing import to_change
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard.page
from dashboard.access import NOT_LOCAL, require
from dashboard.access.settings import LOGIN_VARIABLE, ROLES_VARIABLE
from dashboard.launch import APP, STUDIES_VARIABLE
from dashboard.page import Page, Visit, all_pages
from dashboard.people import GRANTED, Action, Role
from data_contracts.evidence import evidence_path
from data_contracts.inbox import drop_reviews
from data_contracts.reviews import Judgement, Review

Study = Callable[[str], Path]
Comer = Callable[..., AppTest]
HOUR = 3600
ADA = "ada@example.org"
PATHS = [page.path for page in all_pages()]
VIEWER = 'viewer = ["ada@example.org"]'


@pytest.fixture
def roles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a roles file in which Ada is a viewer."""
    path = tmp_path / "roles.toml"
    path.write_text(VIEWER)
    monkeypatch.setenv(ROLES_VARIABLE, str(path))
    return path


@pytest.fixture
def come(study: Study, roles: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Comer]:
    """Return a function that opens a page of the demo study with the claims of a login."""
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    monkeypatch.setenv(STUDIES_VARIABLE, str(study("demo")))

    def open_page(page: str = "", **claims: Any) -> AppTest:
        known = {
            "is_logged_in": True,
            "email": "ada@example.org",
            "name": "Ada",
            "iat": time.time(),
        }
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.secrets = {"auth": {"client_id": "understudy"}}
        app.user = {**known, **claims}
        app._page_hash = calc_hash("" if page == PATHS[0] else page)
        return app.run()

    yield open_page
    config.set_option("server.address", before)
    st.cache_resource.clear()


def words(app: AppTest) -> str:
    parts = (*app.header, *app.markdown, *app.error)
    return " ".join(str(part.value) for part in parts).replace("\\", "").replace("\u2060", "")


def nothing_but_the_door(app: AppTest) -> bool:
    shown = (app.metric, app.table, app.dataframe, app.expander, app.selectbox, app.subheader)
    return (
        not app.exception
        and [title.value for title in app.title] == ["Understudy"]
        and not any(map(len, shown))
        and not len(app.sidebar)
        and "flights" not in words(app).lower()
    )


@pytest.mark.parametrize("page", PATHS)
def test_somebody_without_a_role_sees_nothing_on_any_page(come: Comer, page: str) -> None:
    app = come(page, email="eve@example.org")
    assert nothing_but_the_door(app)
    assert "You have no role here yet." in words(app)
    assert "eve@example.org" in words(app)
    assert [button.label for button in app.button] == ["Log out"]


@pytest.mark.parametrize("page", PATHS)
def test_a_page_that_is_run_by_itself_asks_too(come: Comer, page: str) -> None:
    def bare(path: str) -> None:
        import streamlit as st

        from dashboard.app import _show
        from dashboard.page import all_pages

        st.session_state["found"] = "The secret of the study."
        _show(next(page for page in all_pages() if page.path == path), {})

    app = AppTest.from_function(bare, kwargs={"path": page}, default_timeout=60)
    app.secrets = {"auth": {"client_id": "understudy"}}
    app.user = {"is_logged_in": True, "email": "eve@example.org", "iat": time.time()}
    app.run()
    assert not app.exception
    assert not app.title
    assert "secret" not in words(app)
    app.user = {"is_logged_in": True, "email": "ada@example.org", "iat": time.time()}
    assert app.run().title, "somebody with a role comes in"


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"is_logged_in": False}, "Log in to see the studies."),
        ({"iat": 0}, "Your login is older than 8 hours."),
        ({"iat": None}, "The time of your login is missing"),
        ({"email_verified": False}, "does not vouch for your e-mail address"),
        ({"email": None}, "does not vouch for your e-mail address"),
    ],
)
def test_odd_logins_see_the_door(come: Comer, claims: dict[str, Any], sentence: str) -> None:
    app = come(**claims)
    assert nothing_but_the_door(app)
    assert sentence in words(app)
    assert app.button


def test_a_login_ends_while_the_page_is_open(come: Comer) -> None:
    app = come(iat=time.time() - 8 * HOUR + 30)
    assert app.metric
    app.user = {**app.user, "iat": time.time() - 8 * HOUR - 1}
    assert nothing_but_the_door(app.run())


def test_a_role_that_is_taken_away_is_gone_at_the_next_action(come: Comer, roles: Path) -> None:
    app = come()
    assert app.metric
    assert "Logged in as Ada" in words(app)
    roles.write_text('viewer = ["bob@example.org"]')
    assert nothing_but_the_door(app.run())
    roles.write_text(VIEWER)
    assert app.run().metric


@pytest.mark.parametrize("harm", ["broken", "gone"])
def test_a_roles_file_that_breaks_lets_nobody_in(come: Comer, roles: Path, harm: str) -> None:
    app = come()
    roles.write_text("viewer = [") if harm == "broken" else roles.unlink()
    app.run()
    assert nothing_but_the_door(app)
    assert "cannot be told at the moment" in words(app)
    assert str(roles) not in words(app), "a path is nobody's business"


def test_a_login_that_is_taken_away_opens_nothing(
    come: Comer, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.set_option("server.address", "localhost")
    monkeypatch.setenv(LOGIN_VARIABLE, "required")
    app = come(is_logged_in=False)
    app.secrets = {}
    assert nothing_but_the_door(app.run())


def test_without_a_login_other_computers_see_nothing_whatever_they_claim(come: Comer) -> None:
    app = come()
    app.secrets = {}
    app.run()
    assert [error.value for error in app.error] == [NOT_LOCAL]
    assert nothing_but_the_door(app)


DONE: list[str] = []


def _planted(action: Action) -> Page:
    def act(visit: Visit) -> None:
        DONE.append(require(action, visit).identity)

    def render(visit: Visit) -> None:
        st.header("Answer")
        st.button("Do it", key="do", on_click=act, args=(visit,))

    return Page("Planted", "Planted", "lock", 1, "planted", render)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_an_action_asks_the_server_though_its_button_shows(
    come: Comer, roles: Path, monkeypatch: pytest.MonkeyPatch, role: Role, action: Action
) -> None:
    monkeypatch.setattr(dashboard.page, "all_pages", lambda: (_planted(action),))
    roles.write_text(f'{role} = ["r.haddad@example.org"]')
    DONE.clear()
    app = come(PATHS[0], email="r.haddad@example.org")
    app.button(key="do").click().run()
    assert not app.exception
    granted = role in GRANTED[action] and action is not Action.SIGN_OFF
    assert (["r.haddad@example.org"] if granted else []) == DONE
    assert bool(app.error) is not granted


@pytest.fixture
def named(publish: Comer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a study whose sponsor is Ruth and whose one reviewer is Ada."""
    folder = publish("named", segments=("LGA · UA",), weeks=2, weak="")
    file = evidence_path(folder)
    with to_change(str(file)) as db:
        found = db.execute("SELECT document FROM publication").fetchone()
        document = json.loads(found[0]) if found else {}
        document["sponsor"] = {"name": "Ruth", "email": "Ruth@Example.org"}
        document["review"] = {"reviewers": [{"name": "Ada", "email": ADA}, {"name": "No address"}]}
        db.execute("UPDATE publication SET document = ?", [json.dumps(document)])
    monkeypatch.setenv(STUDIES_VARIABLE, str(folder))
    return folder


def _may(come: Comer, monkeypatch: pytest.MonkeyPatch, action: Action, email: str) -> str:
    monkeypatch.setattr(dashboard.page, "all_pages", lambda: (_planted(action),))
    DONE.clear()
    app = come(PATHS[0], email=email)
    app.button(key="do").click().run()
    assert not app.exception
    assert bool(DONE) is not bool(app.error)
    return "" if DONE else words(app)


def test_the_study_says_who_reviews_and_who_signs(
    come: Comer, roles: Path, named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = '["@example.org"]'
    roles.write_text("\n".join(f"{role} = {everybody}" for role in Role))
    assert _may(come, monkeypatch, Action.REVIEW, ADA) == ""
    assert "lists its reviewers" in _may(come, monkeypatch, Action.REVIEW, "ruth@example.org")
    assert _may(come, monkeypatch, Action.SIGN_OFF, "RUTH@example.org") == ""
    assert "Only the sponsor" in _may(come, monkeypatch, Action.SIGN_OFF, ADA)
    at = datetime(2026, 5, 4, tzinfo=UTC)
    drop_reviews(
        named, [Review("r", "UA-1", "late-gbm", "1.4.0", "RUTH@example.org", at, Judgement.BOTH)]
    )
    assert "two people" in _may(come, monkeypatch, Action.SIGN_OFF, "ruth@example.org")


@pytest.mark.parametrize("action", [a for a in Action if a is not Action.VIEW])
def test_a_page_for_others_is_neither_listed_nor_reached(
    come: Comer, monkeypatch: pytest.MonkeyPatch, action: Action
) -> None:
    secret = Page("Secret", "Secret", "lock", 99, "secret", lambda visit: None, action)
    pages = (*all_pages(), secret)
    monkeypatch.setattr(dashboard.page, "all_pages", lambda: pages)
    app = come("secret")
    assert "Secret" not in [title.value for title in app.title]


@pytest.mark.parametrize(
    "name", ["../../etc", "/etc/passwd", "..", "flights/../..", "\x00", "<script>", "a" * 5000, ""]
)
def test_a_study_is_one_of_those_served_whatever_the_address_says(
    come: Comer, study: Study, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    both = os.pathsep.join((str(study("demo")), str(study("go"))))
    monkeypatch.setenv(STUDIES_VARIABLE, both)
    app = come()
    app.query_params["study"] = name
    app.run()
    assert not app.exception
    assert app.session_state["folder"] in {study("demo"), study("go")}


def test_a_folder_with_odd_characters_is_shown_letter_by_letter(
    come: Comer, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / "a <b>&? ..%2f*study*"
    odd.symlink_to(study("demo"), target_is_directory=True)
    monkeypatch.setenv(STUDIES_VARIABLE, os.pathsep.join((str(odd), str(study("go")))))
    app = come()
    assert not app.exception
    assert app.session_state["folder"] == odd
