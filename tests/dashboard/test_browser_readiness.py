"""A sponsor in the browser: reads the verdict, finds why it is not GO, looks at what changed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import chromium, come_to, overflow, served, visit


@pytest.fixture(scope="module")
def address(
    study: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve a folder of three studies."""
    home = tmp_path_factory.mktemp("studies")
    for kind in ("blocked", "go", "no_go"):
        shutil.copytree(study(kind), home / kind, symlinks=True)
    with served(home, home=tmp_path_factory.mktemp("elsewhere")) as address:
        yield address


def test_a_sponsor_reads_the_verdict_and_finds_why_it_is_not_go(address: str) -> None:
    with chromium() as browser:
        page = browser.page()
        visit(page, address)
        come_to(page, "2 of 3 studies need someone today.", 2)

        page.get_by_role("link", name="Open Late-arrival alerts (no_go)").click()
        come_to(page, "May it go live?")
        page.get_by_text("Waiting cannot change this").wait_for()
        assert "The evidence says no" in page.get_by_role("heading", level=2).inner_text()
        assert "study=" in page.url

        missing = page.get_by_test_id("stMain").get_by_role("link", name="Accuracy by segment")
        missing.first.click()
        come_to(page, "Accuracy by segment")
        assert "no_go" in page.url, "the same study on the next page"

        page.go_back()
        come_to(page, "May it go live?")
        page.get_by_role("link", name="What it rests on").click()
        come_to(page, "What does the verdict rest on?")
        whole_hash = re.compile(r"\b[0-9a-f]{64}\b")
        page.get_by_test_id("stMain").get_by_text(whole_hash).first.wait_for()
        assert not browser.outside(address)


def test_another_study_is_one_click_away_from_all_studies(address: str) -> None:
    with chromium() as browser:
        page = browser.page(width=390)
        for kind, words in (("go", "R. Haddad"), ("blocked", "cannot be trusted yet")):
            visit(page, address, "studies")
            assert overflow(page) <= 0, "the page scrolls sideways"
            page.get_by_role("link", name=f"Open Late-arrival alerts ({kind})").click()
            come_to(page, "May it go live?")
            page.get_by_text(words).first.wait_for()
            assert overflow(page) <= 0, "the page scrolls sideways"


def test_two_verdicts_chosen_by_keyboard_are_in_the_address(address: str) -> None:
    with chromium() as browser:
        page = browser.page()
        visit(page, address, "readiness", study="Late-arrival alerts (blocked)")
        page.get_by_role("combobox", name="From").focus()
        for _ in range(3):  # opened at the verdict before the latest; any older one will do
            page.keyboard.press("ArrowDown")
            page.wait_for_timeout(500)
        page.keyboard.press("Enter")
        chosen = re.compile("Between (5|12|19|28) (Nov|Dec) 2013 and 2 Jan 2014")
        page.get_by_text(chosen).wait_for()
        page.wait_for_url("**from_verdict=**")
        said = page.get_by_text(chosen).inner_text()
        other = browser.page()
        other.goto(page.url)
        other.get_by_text(said).wait_for()
