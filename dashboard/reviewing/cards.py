"""Draws one case for a blind judgement: its facts, the question, two answers, what can be said."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from dashboard.escape import plain
from dashboard.parts import prose
from dashboard.reviewing.batch import Case
from dashboard.reviewing.saving import LONGEST_NOTE
from data_contracts.reviews import Said

LATER = "review-later"
UNDO = "review-undo"
_SHORT = 40
"""Longer facts stand below each other."""

LABELS: dict[Said, tuple[str, str, str]] = {
    Said.X: ("X is right", "1", "review-x"),
    Said.Y: ("Y is right", "2", "review-y"),
    Said.BOTH: ("Both are acceptable", "3", "review-both"),
    Said.CANNOT_TELL: ("Cannot tell from this", "4", "review-cannot-tell"),
    Said.NEITHER: ("Neither is right", "5", "review-neither"),
}
"""What can be said: the words on its button, the key that presses it, the button's name."""


def facts(case: Case) -> None:
    """Show what is known of the case, short facts side by side."""
    short = [fact for fact in case.facts if len(fact[1]) <= _SHORT]
    if short:
        grid = st.grid(4, min_column_width=150)
        for name, text in short:
            with grid:
                st.markdown(f":small[{_named(name)}]  \n**{plain(text)}**")
    for name, text in case.facts:
        if len(text) > _SHORT:
            prose(f":small[{_named(name)}]  \n{plain(text)}")
    if not case.facts:
        prose("Nothing more is known of this case here: look it up where you work.")


def answers(case: Case, shown: tuple[str, str], said: Collection[Said]) -> None:
    """Show the two answers side by side, each with its button."""
    st.markdown("**Are they right?**" if case.same else "**Which answer was right?**")
    for side, name, answer in zip(st.columns(2, wrap=False), (Said.X, Said.Y), shown, strict=True):
        with side, st.container(border=True):
            st.markdown(f"Answer {name}")
            st.markdown(f"#### {plain(answer)}")
            if name in said:
                _button(name, width="stretch")


def others(said: Collection[Said], *, undo: bool) -> None:
    """Show what else can be said, and the ways to put the case off and to take the last back."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for one in (Said.BOTH, Said.CANNOT_TELL, Said.NEITHER):
            if one in said:
                _button(one)
        st.button("Later", key=LATER, shortcut="S", type="tertiary")
        if undo:
            undo_button()


def undo_button() -> None:
    """Show the button that takes the last judgement back."""
    st.button("Undo last", key=UNDO, shortcut="U", type="tertiary", icon=":material/undo:")


def remarks(number: int, reasons: Mapping[str, str]) -> None:
    """Offer a reason and a note; both are empty again with every case."""
    st.pills(
        "Reason (optional, before you answer)",
        list(reasons),
        format_func=lambda code: plain(reasons[code]),
        key=f"review-reason-{number}",
    )
    st.text_input(
        "Note (optional, before you answer)",
        key=f"review-note-{number}",
        max_chars=LONGEST_NOTE,
        placeholder="In a word or two; no names of people",
    )


def remarked(number: int) -> tuple[str | None, str]:
    """Return the reason and the note given with a case."""
    reason = st.session_state.get(f"review-reason-{number}")
    return reason, st.session_state.get(f"review-note-{number}") or ""


def pressed() -> Said | str | None:
    """Return what the reviewer pressed just now: an answer, `LATER`, `UNDO` or nothing."""
    for said, (_, _, key) in LABELS.items():
        if st.session_state.get(key):
            return said
    return next((key for key in (LATER, UNDO) if st.session_state.get(key)), None)


def _button(said: Said, width: str = "content") -> None:
    label, shortcut, key = LABELS[said]
    st.button(label, key=key, shortcut=shortcut, width=width)  # type: ignore[arg-type]


def _named(name: str) -> str:
    words = name.replace("_", " ").strip()
    return plain(words[:1].upper() + words[1:])
