"""The entry script: finds the evidence, offers the choices of the sidebar, runs a page."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.access import access_notice, enter, require, who
from dashboard.escape import plain
from dashboard.evidence import evidence
from dashboard.page import Overview, Page, Visit, all_pages
from dashboard.parts import empty, small
from dashboard.people import Person
from dashboard.records import Candidate, Evidence
from dashboard.studies.labels import labelled
from dashboard.studies.places import places
from dashboard.theme import DARK, LIGHT, Palette
from dashboard.words import day, moment
from data_contracts.errors import UnderstudyError

NO_STUDY = "No study has been named: start the dashboard with `understudy dashboard`."
HOME = "home"
"""Name that Streamlit keeps for the home page, which it serves at `/`."""

CONTENT = 1100
"""Width of the one content column in pixels."""


def main() -> None:
    """Draw the sidebar and the page that was asked for."""
    st.set_page_config(page_title="Understudy", page_icon="🎭", layout="wide")
    person = enter()
    pages = [page for page in all_pages() if person.may(page.action)]
    several = len(places()) > 1
    home = next((page for page in pages if several or page.overview is None), None)
    links: dict[str, Any] = {}
    for page in pages:
        links[page.path] = st.Page(
            partial(_show, page, links),
            title=page.title,
            icon=f":material/{page.icon}:",
            url_path=HOME if page is home else page.path,
            default=page is home,
            visibility="visible" if several or page.overview is None else "hidden",
        )
    shown = list(links.values())
    if home is not None:
        # The home page is served at `/` only; a link that names it must not lead nowhere.
        named = partial(_show, home, links)
        shown.append(st.Page(named, title=home.title, url_path=home.path, visibility="hidden"))
    asked = st.navigation(shown, expanded=True)
    with st.sidebar:
        _choose(asked.url_path)
        access_notice()
    _watch(_palette().name, _published(), person)
    asked.run()


def _show(page: Page, links: dict[str, Any]) -> None:
    """Draw one page, or the sentence that says why there is nothing to draw."""
    person = require(page.action)
    with st.container(width=CONTENT):
        st.title(page.heading, anchor=False)
        if page.overview is not None:
            page.overview(Overview(labelled(places()), _palette(), person, links))
            return
        found: Evidence | str = st.session_state["found"]
        if isinstance(found, str):
            empty(found)
        else:
            candidate: Candidate = st.session_state["chosen"]
            folder: Path = st.session_state["folder"]
            visit = Visit(found, candidate, _palette(), person, folder, links)
            require(page.action, visit)
            page.render(visit)


def _follow(page: str, known: Collection[str]) -> None:
    """Choose the study that a link from another page named; a choice of before would hide it."""
    before = st.session_state.get("page")
    st.session_state["page"] = page
    named = st.query_params.get("study")
    if before not in (None, page) and named in known:
        st.session_state["study"] = named


def _choose(page: str) -> None:
    """Offer studies and candidates; remember what was chosen for the page."""
    known = labelled(places())
    if not known:
        st.session_state["found"] = NO_STUDY
        return
    name = next(iter(known))
    if len(known) > 1:
        _follow(page, known)
        name = st.selectbox("Study", list(known), key="study", bind="query-params")
    place = known[name]
    st.session_state["folder"] = place.folder
    if place.path is None:
        st.session_state["found"] = place.problem
        return
    try:
        found = evidence(str(place.path))
    except UnderstudyError as fault:
        st.session_state["found"] = str(fault)
        return
    st.session_state["found"] = found
    if len(known) == 1:
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
    now = _palette().name, _published(), who()
    if now != (theme, paths, person):
        st.rerun()


def _palette() -> Palette:
    return DARK if st.context.theme.type == "dark" else LIGHT


def _published() -> tuple[str, ...]:
    """Return the files of the latest publications; it changes when a study or a verdict is new."""
    return tuple(f"{name} {place.path}" for name, place in places().items())


if __name__ == "__main__":
    main()
