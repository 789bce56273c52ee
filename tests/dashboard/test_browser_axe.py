"""Every page for those who cannot see it well or use no mouse: axe, headings, landmarks, reflow.

Pages are found, so a new page is held to the same rules. Each is looked at in both themes, for a
study with much evidence and for one with little, at a desk's width and at that of a small phone.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from browser import Browser, chromium, overflow, served, settle
from invented.plan import Plan

from dashboard.page import all_pages
from dashboard.theme import PALETTES

TITLE = Plan().title
KINDS = ("demo", "early")
DESK, PHONES = 1440, (390, 320)
PAGES = {page.path: ("" if i == 0 else page.path) for i, page in enumerate(all_pages())}
HEADINGS = """() => [...document.querySelectorAll('[data-testid=stMain] :is(h1,h2,h3,h4,h5,h6)')]
    .filter(e => e.checkVisibility()).map(e => Number(e.tagName[1]))"""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
EQUIVALENT = ("target-size", 'role="spinbutton"')
"""Day, month and year of Streamlit's date field are small targets; WCAG 2.5.8 lets them be, since
the calendar that opens below does the same with large ones."""


@pytest.fixture(scope="module")
def address(
    study: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve a study with much evidence and one with little."""
    folders = [study(kind) for kind in KINDS]
    with served(*folders, home=tmp_path_factory.mktemp("axe")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run one browser for all pages."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> dict[tuple[str, str], Any]:
    """Return a tab for each study and theme; they load at the same time and are used again."""
    return {(kind, theme): browser.page(DESK, theme) for kind in KINDS for theme in PALETTES}


def faults(page: Any) -> list[str]:
    """Return what axe finds of whatever impact, each with the place."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options=RULES).response["violations"]
    return [
        f"{fault['impact']} {fault['id']}: {fault['help']}: {node['html']:.200}"
        for fault in found
        for node in fault["nodes"]
        if fault["id"] != EQUIVALENT[0] or EQUIVALENT[1] not in node["html"]
    ]


def misplaced(page: Any) -> list[str]:
    """Return what is wrong with headings and landmarks."""
    levels = page.evaluate(HEADINGS)
    wrong = []
    if levels[:1] != [1] or levels.count(1) != 1:
        wrong.append(f"not one h1 at the top: {levels}")
    if levels.count(2) != 1:
        wrong.append(f"not one h2: {levels}")
    if any(after > before + 1 for before, after in itertools.pairwise(levels)):
        wrong.append(f"a level is skipped: {levels}")
    if page.locator("main, [role=main]").count() != 1:
        wrong.append("not one main landmark")
    if page.locator("[data-testid=stException]").count():
        wrong.append("an exception is shown")
    return wrong


def sideways(page: Any) -> list[str]:
    """Return the widths of phones at which the page scrolls sideways."""
    wrong = []
    for width in PHONES:
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        if overflow(page) > 0:
            wrong.append(f"scrolls sideways by {overflow(page)} at {width} pixels")
    page.set_viewport_size({"width": DESK, "height": 900})
    return wrong


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_usable_by_everybody(
    tabs: dict[tuple[str, str], Any], address: str, path: str
) -> None:
    for (kind, _), page in tabs.items():
        asked = urlencode({"study": f"{TITLE} ({kind})"})
        page.goto(f"{address}/{PAGES[path]}?{asked}", wait_until="commit")
    found = {}
    for view, page in tabs.items():
        page.get_by_role("heading", level=1).first.wait_for()
        chosen = page.locator("[data-testid=stSidebar] input").first
        assert f"({view[0]})" in chosen.input_value(), "the study asked for"
        settle(page)
        if wrong := [*faults(page), *misplaced(page), *sideways(page)]:
            found[view] = wrong
    assert not found, json.dumps([[*view, *wrong] for view, wrong in found.items()], indent=1)


def test_nothing_was_asked_of_anybody_else(browser: Browser, address: str) -> None:
    assert browser.requests
    assert not browser.outside(address)
