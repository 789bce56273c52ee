"""The pages in a real browser, served as the command line serves them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard.launch import free_port, launch
from dashboard.theme import PALETTES, rgb

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="Chromium is not installed: apt-get install chromium"
)


@pytest.fixture(scope="module")
def address(
    study: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the demo study from a folder that holds a hostile `dashboard.py`."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "dashboard.py").write_text("raise SystemExit('the wrong dashboard')")
    plan = launch([study("demo")], free_port(8701))
    command = [sys.executable, "-P", "-m", "dashboard.launch", "--port", plan.address.split(":")[2]]
    log = (elsewhere / "log").open("wb")
    server = subprocess.Popen(
        [*command, str(study("demo"))], cwd=elsewhere, stdout=log, stderr=log, env=os.environ
    )
    try:
        _wait(plan.address, server, elsewhere / "log")
        yield plan.address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"no answer: {log.read_text()}")


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("width", [1440, 390])
def test_both_pages_show_and_nothing_leaves_this_computer(
    address: str, theme: str, width: int
) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    outside: list[str] = []
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        view = {"width": width, "height": 900}
        page = browser.new_context(viewport=view, color_scheme=theme).new_page()
        page.on("request", lambda request: outside.append(request.url))
        for path, heading in (("/", "May it go live?"), ("/accuracy", "Accuracy by segment")):
            page.goto(address + path)
            page.get_by_role("heading", level=1, name=heading).wait_for(timeout=60_000)
            page.locator(
                "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
            ).first.wait_for(timeout=60_000)
            assert page.locator("[data-testid=stException]").count() == 0
            assert page.locator("h1").count() == 1
            assert page.locator("h2").count() == 1
            overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(overflow) <= 0, "the page scrolls sideways"
            ground = (
                "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
            )
            assert page.evaluate(ground) == f"rgb{rgb(PALETTES[theme].page)}", "our theme applies"
        browser.close()
    assert not [url for url in outside if not url.startswith((address, "data:", "blob:"))]
