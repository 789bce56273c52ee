"""The dashboard as a browser meets it: a server of study folders, and Chromium with its requests.

A module that tests in the browser has one server, and opens pages of one browser:

    @pytest.fixture(scope="module")
    def address(study, tmp_path_factory):
        with served(study("demo"), home=tmp_path_factory.mktemp("home")) as address:
            yield address

    def test_something(address):
        with chromium() as browser:
            page = browser.page(width=390, theme="dark")
            visit(page, address, "accuracy")
            assert not browser.outside(address)

Tests are skipped where Chromium or Playwright is not installed.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

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
CALM = """() => {
    if (!window.lastChange) {
        window.lastChange = performance.now()
        new MutationObserver(() => { window.lastChange = performance.now() }).observe(
            document, { subtree: true, childList: true, characterData: true, attributes: true })
    }
    const count = found => document.querySelectorAll(found).length
    const chart = '[data-testid=stVegaLiteChart]'
    return count('[data-testid=stApp][data-test-script-state=notRunning]') === 1
        && count(chart) === count(`${chart}:has(canvas, svg)`)
        && performance.now() - window.lastChange > 250
}"""
"""True when the server has drawn everything, each chart has its picture and nothing moves."""

PATIENCE = 60_000
"""Milliseconds to wait for a page; a shared computer can be slow."""


@contextmanager
def served(
    *folders: Path,
    home: Path,
    environment: Mapping[str, str] | None = None,
    flags: Sequence[str] = (),
    secrets: str = "",
    port: int = 0,
) -> Iterator[str]:
    """Serve study folders as the command line does; yield the address.

    Parameters
    ----------
    home
        An empty folder to run in: not the project's, and with a hostile `dashboard.py` in it.
    environment
        Variables to add.
    flags
        Options of `dashboard.launch` to add.
    secrets
        What `.streamlit/secrets.toml` holds.
    port
        Where to listen; any free port when 0.
    """
    (home / "dashboard.py").write_text("raise SystemExit('the wrong dashboard')")
    if secrets:
        (home / ".streamlit").mkdir(exist_ok=True)
        (home / ".streamlit" / "secrets.toml").write_text(secrets)
    number = port or any_port()
    command = [sys.executable, "-P", "-m", "dashboard.launch", "--port", str(number), *flags]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, *map(str, folders)],
            cwd=home,
            stdout=log,
            stderr=log,
            env={**os.environ, **(environment or {})},
        )
        try:
            address = f"http://localhost:{number}"
            _wait(address, server, home / "server.log")
            yield address
        finally:
            server.terminate()
            server.wait(20)


def any_port() -> int:
    """Return a port nobody listens on; the system does not give it out again soon."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        number: int = probe.getsockname()[1]
        return number


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


@dataclass
class Browser:
    """A running Chromium, and every address its pages have asked for."""

    running: Any
    requests: list[str] = field(default_factory=list)

    def page(self, width: int = 1440, theme: str = "light", height: int = 900) -> Any:
        """Return a new page in a context of its own: nothing is shared with the others."""
        view = {"width": width, "height": height}
        context = self.running.new_context(
            viewport=view, color_scheme=theme, accept_downloads=True, locale="en-GB"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self.requests.append(request.url))
        return page

    def outside(self, *addresses: str) -> list[str]:
        """Return what was asked of anybody but these addresses."""
        within = (*addresses, *(a.replace("http", "ws", 1) for a in addresses), "data:", "blob:")
        return [url for url in self.requests if not url.startswith(within)]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium without a window; skip the test where it is not installed."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    play = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with play.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        try:
            yield Browser(running)
        finally:
            running.close()


def visit(page: Any, address: str, path: str = "", **query: str) -> None:
    """Open a page of the dashboard, its choices in the address, and wait until it stands."""
    asked = "&".join(f"{name}={urllib.parse.quote(value)}" for name, value in query.items())
    page.goto(f"{address}/{path}{'?' if asked else ''}{asked}")
    page.get_by_role("heading", level=1).first.wait_for()
    settle(page)


def settle(page: Any) -> None:
    """Wait until everything is drawn and nothing on the page has changed for a quarter second.

    Right after a click a busy server may not have begun to answer: name what must appear first,
    best with `come_to`.
    """
    page.wait_for_function(CALM)


def come_to(page: Any, heading: str, level: int = 1) -> None:
    """Wait until a heading that the page did not have before is there, and the page stands."""
    page.get_by_role("heading", level=level, name=heading, exact=True).wait_for()
    settle(page)


def texts(page: Any, level: int) -> list[str]:
    """Return what the headings of a level say; of a page that stands."""
    said: list[str] = page.get_by_role("heading", level=level).all_inner_texts()
    return said


def overflow(page: Any) -> int:
    """Return by how many pixels the page scrolls sideways."""
    pixels: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return pixels
