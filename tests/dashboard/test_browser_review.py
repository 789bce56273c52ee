"""Blind review by keyboard, in a real browser: ten in a row, silent while typing, focus kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, overflow, served, settle, visit
from invented.plan import Plan
from inventing import build

from dashboard.reviewing.sitting import TOO_SOON
from data_contracts.inbox import read_reviews
from data_contracts.reviews import Judgement

CASE = "h3:has-text('Case UA-')"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study folder to write to."""
    root = tmp_path_factory.mktemp("reviewed") / "flights"
    build(root, Plan(segments=("LGA · UA",), weeks=2, weak=""))
    return root


@pytest.fixture(scope="module")
def address(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the study."""
    with served(folder, home=tmp_path_factory.mktemp("home")) as address:
        yield address


def judge(page: Any, key: str = "") -> None:
    """Press a key when the case has been up for a while; wait for the next one.

    Without a key: the first answer that is offered; a case on which the two agree has no X.
    """
    page.wait_for_timeout(1000 * TOO_SOON + 100)
    settle(page)
    key = key or ("1" if page.get_by_role("button", name="X is right").count() else "3")
    before = page.locator(CASE).inner_text()
    page.keyboard.press(key)
    page.wait_for_function(
        "before => { const h = [...document.querySelectorAll('h3')]"
        ".find(h => h.innerText.startsWith('Case')); return h && h.innerText !== before }",
        arg=before,
        polling=10,
    )


def test_ten_cases_by_keyboard(address: str, folder: Path) -> None:
    with chromium() as browser:
        page = browser.page()
        visit(page, address, "disagreements")
        page.locator(CASE).wait_for()
        for _ in range(10):
            judge(page)
        assert len(read_reviews(folder)) == 10
        page.get_by_text("14 of 24 cases are left for you").wait_for()
        judge(page, "u")
        page.get_by_text("Taken back: case").wait_for()
        assert [r.judgement for r in read_reviews(folder)].count(Judgement.WITHDRAWN) == 1
        assert not browser.outside(address)


def test_keys_are_silent_while_a_note_is_typed_and_focus_stays_on_a_button(
    address: str, folder: Path
) -> None:
    with chromium() as browser:
        page = browser.page()
        visit(page, address, "disagreements")
        page.locator(CASE).wait_for()
        settle(page)
        before = page.locator(CASE).inner_text()
        known = len(read_reviews(folder))
        note = page.get_by_label("Note (optional, before you answer)")
        note.click()
        page.keyboard.type("1 of 2 seats, US 5")
        page.wait_for_timeout(600)
        assert page.locator(CASE).inner_text() == before
        assert len(read_reviews(folder)) == known
        button = page.get_by_role("button", name="Cannot tell from this")
        button.click()
        page.get_by_text("with your note").wait_for()
        # The words come before the form of the next case, which starts without a note.
        page.wait_for_function(
            "() => [...document.querySelectorAll('input')]"
            ".every(it => !it.ariaLabel?.startsWith('Note') || it.value === '')"
        )
        settle(page)
        assert note.input_value() == ""
        assert "1 of 2 seats, US 5" in {review.note for review in read_reviews(folder)}
        assert button.evaluate("it => it.contains(document.activeElement)"), "focus is kept"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_the_whole_case(address: str, theme: str) -> None:
    with chromium() as browser:
        page = browser.page(width=390, theme=theme)
        visit(page, address, "disagreements")
        page.locator(CASE).wait_for()
        settle(page)
        assert overflow(page) <= 0
        assert page.locator("h1").count() == page.locator("h2").count() == 1
