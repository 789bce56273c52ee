"""Studies with invented evidence, and a visitor who opens their pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from invented.plan import KINDS, Plan
from inventing import build
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.kept_open import close_all
from dashboard.launch import APP, STUDIES_VARIABLE

Builder = Callable[..., Path]
Visitor = Callable[..., AppTest]


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that gives the folder of a study of some kind, invented once."""
    root = tmp_path_factory.mktemp("studies")

    @cache
    def folder(kind: str) -> Path:
        build(root / kind, Plan(**KINDS[kind]))
        return root / kind

    return folder


@pytest.fixture
def publish(tmp_path: Path) -> Builder:
    """Return a function that publishes a plan and gives the study folder."""

    def write(name: str = "flights", **settings: Any) -> Path:
        folder = tmp_path / name
        build(folder, Plan(**settings))
        return folder

    return write


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """Return a function that opens a page of the app for study folders and gives what it drew."""
    before = config.get_option("server.address")
    config.set_option("server.address", "localhost")
    monkeypatch.delenv(STUDIES_VARIABLE, raising=False)

    def open_page(*folders: Path, page: str = "", **query: str | list[str]) -> AppTest:
        monkeypatch.setenv(STUDIES_VARIABLE, os.pathsep.join(map(str, folders)))
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        # Pages are functions here; Streamlit finds them by the hash of their address.
        app._page_hash = calc_hash(page)
        return app.run()

    yield open_page
    config.set_option("server.address", before)
    st.cache_resource.clear()
    close_all()
