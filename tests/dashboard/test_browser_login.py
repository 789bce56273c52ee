"""Logging in and out in a real browser, against an identity provider on this computer."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, any_port, chromium, come_to, overflow, served, settle
from invented.plan import Plan
from inventing import build
from test_browser_axe import faults

from data_contracts.inbox import read_reviews

SECRETS = """
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "kR9vXm2LqT7wZb4NcY8sHd3JfG6pVu1A"
client_id = "understudy"
client_secret = "not-checked-by-this-provider"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""
ROLES = """
viewer = ["vera@example.org"]
reviewer = ["ada@example.org", "olaf@example.org", "una@example.org"]
"""
OLD = 9 * 3600
"""Seconds since Olaf's login."""

STYLE = "https://cdn.jsdelivr.net/"
"""What the provider's own page asks for; refused, so that nothing leaves this computer."""


def person(name: str, **more: Any) -> str:
    email = f"{name}@example.org"
    known = {
        "sub": name,
        "email": email,
        "email_verified": True,
        "name": f"{name.title()} <b>X</b>",
    }
    return json.dumps({**known, **more})


@contextmanager
def provider(folder: Path) -> Iterator[str]:
    """Run an identity provider that knows five people; yield its address."""
    port = any_port()
    people = (
        person("ada"),
        person("vera"),
        person("eve"),
        person("olaf", iat=int(time.time()) - OLD),
        person("una", email_verified=False),
    )
    # In a process of its own: what it imports warns of things to come, and warnings are errors.
    command = [sys.executable, "-P", "-m", "oidc_provider_mock", "--port", str(port)]
    for claims in people:
        command += ["--user-claims", claims]
    with (folder / "provider.log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/.well-known/openid-configuration")
            yield address
        finally:
            running.terminate()
            running.wait(20)


def _wait(url: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"no answer from {url}")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """Serve a study to those who log in; give dashboard, provider and the folder of it all."""
    if importlib.util.find_spec("oidc_provider_mock") is None:
        pytest.skip("oidc-provider-mock is not installed")
    home = tmp_path_factory.mktemp("home")
    build(home / "flights", Plan(segments=("LGA · UA",), weeks=2, weak=""))
    roles = home / "roles.toml"
    roles.write_text(ROLES)
    port = any_port()
    with provider(home) as issuer:
        secrets = SECRETS.format(address=f"http://localhost:{port}", provider=issuer)
        flags = ("--roles", str(roles))
        with served(
            home / "flights", home=home, flags=flags, secrets=secrets, port=port
        ) as address:
            yield address, issuer, home


@pytest.fixture
def browser(places: tuple[str, str, Path]) -> Iterator[Browser]:
    """Run Chromium, and see at the end that it asked nobody else."""
    with chromium() as running:
        yield running
        asked = running.outside(places[0], places[1])
    assert not [url for url in asked if not url.startswith(STYLE)]


def come(browser: Browser, address: str, name: str, **look: Any) -> Any:
    """Open the dashboard and log in as somebody the provider knows."""
    page = browser.page(**look)
    page.route(f"{STYLE}**", lambda route: route.abort())
    page.goto(address)
    come_to(page, "Log in to see the studies.", 2)
    assert not faults(page)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(f"{address}/**")
    page.get_by_role("heading", level=1).first.wait_for()
    settle(page)
    return page


def test_a_reviewer_logs_in_sees_the_pages_and_logs_out(
    places: tuple[str, str, Path], browser: Browser
) -> None:
    address, _, _ = places
    page = come(browser, address, "ada")
    page.get_by_role("heading", level=1, name="May it go live?").wait_for()
    side = page.get_by_test_id("stSidebar")
    side.get_by_text("Logged in as Ada <b>X</b>").wait_for()
    side.get_by_text("Role: reviewer").wait_for()
    page.goto(f"{address}/accuracy")
    come_to(page, "Accuracy by segment")
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="End session").click()
    come_to(page, "Log in to see the studies.", 2)
    page.goto(f"{address}/accuracy")
    come_to(page, "Log in to see the studies.", 2)
    assert page.get_by_test_id("stSidebar").count() == 0
    assert "Accuracy" not in page.inner_text("body")


@pytest.mark.parametrize(
    ("name", "sentence", "button"),
    [
        ("eve", "You have no role here yet.", "Log out"),
        ("olaf", "Your login is older than 8 hours.", "Log in"),
        ("una", "The identity provider does not vouch for your e-mail address.", "Log out"),
    ],
)
def test_the_refused_read_one_sentence_and_can_do_something(
    places: tuple[str, str, Path], browser: Browser, name: str, sentence: str, button: str
) -> None:
    address, _, _ = places
    page = come(browser, address, name, width=390, theme="dark")
    come_to(page, sentence, 2)
    assert not faults(page)
    page.get_by_role("button", name=button).wait_for()
    assert overflow(page) <= 0
    assert page.locator("h1").count() == 1
    assert page.get_by_test_id("stSidebar").count() == 0
    assert "late-gbm" not in page.inner_text("body")


def test_a_review_carries_the_address_of_the_login_and_a_viewer_makes_none(
    places: tuple[str, str, Path], browser: Browser
) -> None:
    address, _, home = places
    page = come(browser, address, "vera")
    page.goto(f"{address}/disagreements")
    page.get_by_text("Cases are judged by people with the role reviewer.").wait_for()
    settle(page)
    assert page.locator("h3:has-text('Case UA-')").count() == 0
    page = come(browser, address, "ada")
    page.goto(f"{address}/disagreements")
    page.get_by_role("button", name="Cannot tell from this").click()
    page.get_by_text("Saved: case").wait_for()
    assert {review.reviewer for review in read_reviews(home / "flights")} == {"ada@example.org"}


def test_an_open_page_closes_by_itself_when_the_role_is_taken_away(
    places: tuple[str, str, Path], browser: Browser
) -> None:
    address, _, home = places
    roles = home / "roles.toml"
    page = come(browser, address, "vera")
    page.get_by_role("heading", level=1, name="May it go live?").wait_for()
    try:
        roles.write_text(ROLES.replace("vera@example.org", "someone@example.org"))
        come_to(page, "You have no role here yet.", 2)
        assert "late-gbm" not in page.inner_text("body")
    finally:
        roles.write_text(ROLES)
    page.get_by_role("button", name="Log out").wait_for()
