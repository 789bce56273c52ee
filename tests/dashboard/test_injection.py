"""Texts that people or data wrote do nothing but stand there: on pages, in files, in pictures.

The study `poisoned` has markup, scripts, links, formulas and expressions in every text of every
published table. Pages are found, so a new page is tried by itself.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from browser import chromium, overflow, served
from browser import visit as open_in_browser
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest
from test_pages import PAGES

from dashboard.parts import file_stem

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
LIVE = re.compile(
    r"(?<!\\)<(img|script)|(?<!\\)\[x\]|(?<!\\):red\[r|(?<!\\):material/bomb|https?://evil|(?<!\\)\$x"
    r"|www\.evil|(?<!\\)`code|(?<!\\)\*\*b\*|\n\s*(?<!\\)#|me@evil"
)
"""What would be more than text if Streamlit took it for markdown."""

PLAIN = frozenset(
    (
        *("options", "raw_values", "spec", "alt", "url", "data", "datasets", "placeholder", "id"),
        *("default_value", "file_name", "query_param_key", "value", "page_script_hash"),
        *("query_string", "code_text"),
    )
)
"""Fields of elements that are shown letter by letter, or not at all."""

MARKDOWN_OPTIONS = ("button_group", "radio")
FORMULA = re.compile(r"^[=+\-@\t\r\n]")
NUMBER = re.compile(r"^[+-]?[\d.]+(e[+-]?\d+)?$")


def texts(message: Message, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of an element that Streamlit may take for markdown, with its field."""
    for field, value in message.ListFields():
        many = value if field.is_repeated else [value]
        for one in () if field.name in PLAIN and name not in MARKDOWN_OPTIONS else many:
            if isinstance(one, Message):
                yield from texts(one, field.name)
            elif isinstance(one, str):
                yield f"{name}.{field.name}", one


def elements(node: Any) -> Iterator[Message]:
    """Yield the messages of everything a run has drawn."""
    if isinstance(getattr(node, "proto", None), Message):
        yield node.proto
    for child in getattr(node, "children", {}).values():
        yield from elements(child)


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Collect the name and content of every download a page offers."""
    offered: list[tuple[str, Any]] = []

    def button(
        label: str, data: Any, file_name: str | None = None, *rest: Any, **more: Any
    ) -> None:
        offered.append((file_name, data))

    monkeypatch.setattr(st, "download_button", button)
    return offered


@pytest.mark.parametrize("page", PAGES)
def test_nothing_on_a_page_is_more_than_text(visit: Visitor, study: Study, page: str) -> None:
    app = visit(study("poisoned"), page=page)
    assert not app.exception
    assert len(app.header) == 1
    shown = [text for part in elements(app._tree) for text in texts(part)]
    assert any("evil" in text for _, text in shown), "the page shows texts from the data"
    assert not [(name, text) for name, text in shown if LIVE.search(text)]
    cells = [str(c) for t in app.table for name in t.value for c in (name, *t.value[name])]
    assert not [cell for cell in cells if LIVE.search(cell)]
    assert not any(part.allow_html for part in app.markdown)


@pytest.mark.parametrize("page", PAGES)
def test_words_in_pictures_come_from_data_and_are_never_run(
    visit: Visitor, study: Study, page: str
) -> None:
    app = visit(study("poisoned"), page=page)
    for part in elements(app._tree):
        if hasattr(part, "spec") and hasattr(part, "datasets"):
            assert "evil" not in json.dumps(_without_data(json.loads(part.spec)))


def _without_data(spec: Any) -> Any:
    """Return a chart without its rows: what is left is looked at as expressions and titles."""
    if isinstance(spec, dict):
        return {k: _without_data(v) for k, v in spec.items() if k not in ("values", "datasets")}
    return [_without_data(one) for one in spec] if isinstance(spec, list) else spec


@pytest.mark.parametrize("page", PAGES)
def test_downloads_run_no_formula_and_have_safe_names(
    visit: Visitor, study: Study, page: str, downloads: list[tuple[str, Any]]
) -> None:
    assert not visit(study("poisoned"), page=page).exception
    for name, content in downloads:
        assert re.fullmatch(r"[\w.-]+", name), name
        assert not name.startswith(".")
        if name.endswith(".csv"):
            raw = content() if callable(content) else content
            text = raw.decode() if isinstance(raw, bytes) else raw
            for row in csv.reader(io.StringIO(text, newline="")):
                assert not [c for c in row if FORMULA.match(c) and not NUMBER.match(c)]


def test_a_picture_file_of_hostile_names_is_a_picture(
    visit: Visitor, study: Study, downloads: list[tuple[str, Any]]
) -> None:
    visit(study("poisoned"), page="accuracy")
    draw = next(content for name, content in downloads if name.endswith(".png"))
    assert draw().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "trick", ["../../etc/passwd", "/etc", "..", "<b>x</b>", "\x00", "a" * 5000]
)
@pytest.mark.parametrize("choice", ["study", "candidate", "segment", "cut", "period", "find"])
def test_tricks_in_the_address_are_dropped(
    visit: Visitor, study: Study, choice: str, trick: str
) -> None:
    app = visit(study("demo"), study("go"), page="accuracy", **{choice: trick})
    assert not app.exception
    assert len(app.header) == 1
    assert not [m.value for m in app.markdown if "root:" in m.value]


def test_a_file_name_is_never_a_path() -> None:
    about = SimpleNamespace(study="../../x", evidence_no=7)
    there = SimpleNamespace(
        evidence=SimpleNamespace(publication=about),
        candidate=SimpleNamespace(name="..\\bot", version="/1"),
    )
    stem = file_stem(there, "chart")  # type: ignore[arg-type]
    assert stem == "-..-x_..-bot_-1_chart_evidence-7"


ELSEWHERE = """() => [...document.querySelectorAll('a[href], img[src], iframe[src], script[src]')]
    .map(e => new URL(e.href || e.src, location).href)
    .filter(to => /^(http|javascript)/.test(to) && !to.startsWith(location.origin))"""
"""Links and sources that lead to anybody else; texts from data may stand in our own addresses."""


@pytest.fixture(scope="module")
def address(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the poisoned study."""
    with served(study("poisoned"), home=tmp_path_factory.mktemp("poisoned")) as address:
        yield address


def test_chromium_shows_hostile_texts_and_runs_none(address: str) -> None:
    with chromium() as browser:
        page = browser.page()
        opened: list[str] = []
        page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
        for path in PAGES:
            open_in_browser(page, address, path)
            assert "evil" in page.locator("body").inner_text()
            assert page.evaluate("window.hacked") is None, path
            assert page.evaluate(ELSEWHERE) == [], path
            assert page.locator("[data-testid=stMain] script").count() == 0
            assert overflow(page) <= 0, path
        assert not opened
        assert not browser.outside(address)
