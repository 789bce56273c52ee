"""All studies: what needs somebody today, the most urgent first."""

from __future__ import annotations

import streamlit as st

from dashboard.escape import plain
from dashboard.page import Overview, Page
from dashboard.parts import badge, empty, prose, small
from dashboard.people import Person
from dashboard.studies.cards import Card, cards, chosen, needs_answer

AT_ONCE = 20
"""Cards on the screen at once; beyond, the reader turns the page."""

WANTED = ("All", "Needs someone", "Mine")


def overview(it: Overview) -> None:
    """Draw the page."""
    every = cards(it.places)
    st.header(needs_answer(sum(card.needed for card in every), len(every)), anchor=False)
    found, wanted = _choose(every, it.person)
    if not found:
        _nothing(wanted, it.person)
        return
    last = -(-len(found) // AT_ONCE)
    number = 1
    if last > 1:
        number = min(int(st.session_state.get("studies_page") or 1), last)
    for card in found[(number - 1) * AT_ONCE : number * AT_ONCE]:
        _draw(card, it)
    if last > 1:
        st.pagination(last, key="studies_page", bind="query-params")


def _choose(every: tuple[Card, ...], person: Person) -> tuple[tuple[Card, ...], str]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        words = st.text_input(
            "Find",
            placeholder="Study, owner or candidate",
            key="find_study",
            bind="query-params",
            width=260,
        )
        wanted = st.segmented_control(
            "Show", WANTED, default=WANTED[0], required=True, key="whose", bind="query-params"
        )
    found = chosen(
        every,
        words or "",
        needed=wanted == "Needs someone",
        mine=person if wanted == "Mine" else None,
    )
    return found, wanted or WANTED[0]


def _nothing(wanted: str, person: Person) -> None:
    if wanted == "Mine":
        empty(
            f"No study found that names {plain(person.email or person.name)} as owner, sponsor, "
            "reviewer or user."
        )
    elif wanted == "Needs someone":
        empty("No study found that needs someone today.", "check_circle")
    else:
        empty("No study has all of these words.")


def _draw(card: Card, it: Overview) -> None:
    with st.container(border=True):
        state, words, facts = st.columns([1.5, 4.5, 2.4], vertical_alignment="center")
        with state:
            badge(card.badge)
        with words:
            about = f"  \n:small[{plain(card.facts)}]" if card.facts else ""
            prose(f"**{plain(card.title)}**{about}")
            prose(plain(card.reason) if card.lines else card.reason)
        with facts:
            if card.lines:
                small(*card.lines)
            if "readiness" in it.links:
                st.page_link(
                    it.links["readiness"],
                    label=f"Open {plain(card.title)}",
                    icon=":material/arrow_forward:",
                    query_params={"study": card.name},
                )


PAGE = Page(
    title="All studies",
    heading="All studies",
    icon="dashboard",
    order=5,
    path="studies",
    overview=overview,
)
