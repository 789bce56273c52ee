"""The entry script: finds the evidence, offers the choices of the sidebar, runs a page."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.access import access_notice, enter, require, standing
from dashboard.escape import plain
from dashboard.evidence import evidence
from dashboard.launch import STUDIES_VARIABLE
from dashboard.page import Page, Visit, all_pages
from dashboard.parts import empty, small
from dashboard.people import Person
from dashboard.records import Candidate, Evidence
from dashboard.theme import DARK, LIGHT, Palette
from dashboard.words import day, moment
from data_contracts.errors import UnderstudyError
from data_contracts.evidence import evidence_path

NO_STUDY = "No study has been named: start the dashboard with `understudy dashboard`."
NO_EVIDENCE = "No verdict has been published yet: run `understudy run`."
CONTENT = 1100
"""Width of the one content column in pixels."""


def main() -> None:
    """Draw the sidebar and the page that was asked for."""
    st.set_page_config(page_title="Understudy", page_icon="🎭", layout="wide")
    person = enter()
    pages = [page for page in all_pages() if person.may(page.action)]
    links: dict[str, Any] = {}
    for position, page in enumerate(pages):
        links[page.path] = st.Page(
            partial(_show, page, links),
            title=page.title,
            icon=f":material/{page.icon}:",
            url_path=page.path,
            default=position == 0,
        )
    asked = st.navigation(list(links.values()), expanded=True)
    with st.sidebar:
        _choose()
        access_notice()
    _watch(_palette().name, tuple(map(str, _published().values())), person)
    asked.run()


def _show(page: Page, links: dict[str, Any]) -> None:
    """Draw one page, or the sentence that says why there is nothing to draw."""
    person = require(page.action)
    with st.container(width=CONTENT):
        st.title(page.heading, anchor=False)
        found: Evidence | str = st.session_state["found"]
        if isinstance(found, str):
            empty(found)
        else:
            candidate: Candidate = st.session_state["chosen"]
            folder: Path = st.session_state["folder"]
            visit = Visit(found, candidate, _palette(), person, folder, links)
            require(page.action, visit)
            page.render(visit)


def _choose() -> None:
    """Offer studies and candidates; remember what was chosen for the page."""
    published = _published()
    if not published:
        st.session_state["found"] = NO_STUDY
        return
    folder = next(iter(published))
    if len(published) > 1:
        names = {name: _title(path) or name for name, path in published.items()}
        folder = st.selectbox(
            "Study",
            list(published),
            format_func=names.__getitem__,
            key="study",
            bind="query-params",
        )
    path = published[folder]
    st.session_state["folder"] = _folders()[folder]
    if path is None:
        st.session_state["found"] = NO_EVIDENCE
        return
    try:
        found = evidence(str(path))
    except UnderstudyError as fault:
        st.session_state["found"] = str(fault)
        return
    st.session_state["found"] = found
    if len(published) == 1:
        st.markdown(f"**{plain(found.publication.title)}**")
    candidates = {str(candidate): candidate for candidate in found.candidates}
    name = next(iter(candidates))
    if len(candidates) > 1:
        name = st.selectbox("Candidate", list(candidates), key="candidate", bind="query-params")
    else:
        small(f"Candidate: {name}")
    st.session_state["chosen"] = candidates[name]
    _facts(found)


def _facts(found: Evidence) -> None:
    it = found.publication
    lines = [f"{it.mode.capitalize()} mode · Tier: {it.risk_tier}"]
    if it.data_to is not None:
        lines.append(f"Data to {day(it.data_to)}")
    lines.append(f"Published {moment(it.published_at)}")
    small(*lines)


@st.fragment(run_every="3s")
def _watch(theme: str, paths: tuple[str, ...], person: Person) -> None:
    """Run the page again when the theme, what is published or what the reader may do changed."""
    now = _palette().name, tuple(map(str, _published().values())), standing()
    if now != (theme, paths, person):
        st.rerun()


def _palette() -> Palette:
    return DARK if st.context.theme.type == "dark" else LIGHT


def _folders() -> dict[str, Path]:
    """Return the study folders, by name; by path where two have the same name."""
    folders = [Path(f) for f in os.environ.get(STUDIES_VARIABLE, "").split(os.pathsep) if f]
    names = [folder.name for folder in folders]
    return {
        folder.name if names.count(folder.name) == 1 else str(folder): folder for folder in folders
    }


def _published() -> dict[str, Path | None]:
    """Return the file of the latest publication of every study, by the study folder's name."""
    return {name: evidence_path(folder) for name, folder in _folders().items()}


def _title(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return evidence(str(path)).publication.title
    except UnderstudyError:
        return None


if __name__ == "__main__":
    main()
