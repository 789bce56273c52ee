"""The pages in a real browser, served as the command line serves them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import chromium, come_to, overflow, served, visit

from dashboard.theme import PALETTES, rgb


@pytest.fixture(scope="module")
def address(
    study: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the demo study."""
    with served(study("demo"), home=tmp_path_factory.mktemp("elsewhere")) as address:
        yield address


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("width", [1440, 390])
def test_both_pages_show_and_nothing_leaves_this_computer(
    address: str, theme: str, width: int
) -> None:
    with chromium() as browser:
        page = browser.page(width, theme)
        for path, heading in (("", "May it go live?"), ("accuracy", "Accuracy by segment")):
            visit(page, address, path)
            come_to(page, heading)
            assert page.locator("h1").count() == 1
            page.locator("[data-testid=stVegaLiteChart]").first.wait_for()
            assert page.locator("[data-testid=stException]").count() == 0
            assert page.locator("h2").count() == 1
            assert overflow(page) <= 0, "the page scrolls sideways"
            ground = (
                "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
            )
            assert page.evaluate(ground) == f"rgb{rgb(PALETTES[theme].page)}", "our theme applies"
        assert not browser.outside(address)
