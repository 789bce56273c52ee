"""The blind review: one case after the other, by click or by key, saved as it is said."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard.access import require
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import prose, small
from dashboard.people import Action
from dashboard.reviewing import cards
from dashboard.reviewing.answer import left_answer
from dashboard.reviewing.batch import Batch, Case, about, batch, drawn, offered
from dashboard.reviewing.ended import end_round, ended_round
from dashboard.reviewing.inbox import said_so_far
from dashboard.reviewing.pace import USUAL_SECONDS, own_pace
from dashboard.reviewing.plan import classes_of, reasons_of, review_plan
from dashboard.reviewing.saving import save, take_back, x_and_y
from dashboard.reviewing.sitting import Sitting, sitting_of
from data_contracts.errors import UnderstudyError
from data_contracts.reviews import Review, Said

KEYS = (
    "The key of each button stands on it; while you type, keys only type. Whose answer is which "
    "stays hidden, and the order is shuffled."
)
ENOUGH = "Stop here and show the results"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a reviewer works with: the visit, who they are, their sitting."""

    visit: Visit
    reviewer: str
    sitting: Sitting

    @classmethod
    def of(cls, visit: Visit) -> Desk:
        """Return the desk of whoever is looking."""
        return cls(visit, visit.person.identity, sitting_of(visit))

    def batch(self) -> Batch:
        """Return what is left for this person now."""
        reopened = filter(None, (self.sitting.reopened,))
        reviews = about(said_so_far(self.visit.folder), self.visit)
        ended = ended_round(self.visit, self.reviewer)
        return batch(drawn(self.visit), reviews, self.reviewer, tuple(reopened), ended)

    def end(self) -> None:
        """End the round, so that results open; where that cannot be saved, they stay shut."""
        try:
            end_round(self.visit)
        except UnderstudyError as fault:
            self.sitting.fault = plain(str(fault))


@st.fragment
def review(visit: Visit) -> None:
    """Do what was pressed and draw the next case; nothing else on the page runs again."""
    require(Action.REVIEW, visit)
    desk = Desk.of(visit)
    _act(desk)
    now = desk.batch()
    case = desk.sitting.next_of(now.left)
    if case is None:
        st.rerun()
    _head(desk, now)
    desk.sitting.show(case)
    _draw(desk, case, undo=bool(now.undoable))
    if st.button(ENOUGH, key="review-enough", type="tertiary"):
        desk.end()
        st.rerun()


def undo_last(desk: Desk) -> None:
    """Take back what this person said last, and bring that case up again."""
    undoable = desk.batch().undoable
    if not undoable:
        return
    taken = take_back(desk.visit, undoable[-1])
    desk.sitting.reopened = taken.decision_id
    desk.sitting.message = f"Taken back: case {plain(taken.decision_id)}. Judge it again."


def _act(desk: Desk) -> None:
    """Do what was pressed, unless the case had only just come up."""
    it = desk.sitting
    did = cards.pressed()
    if did is None or it.pressed_too_soon():
        return
    it.fault = ""
    try:
        if isinstance(did, Said):
            _save(desk, did)
        elif did == cards.LATER:
            it.message = f"Put off to the end: case {plain(it.shown)}."
            it.put_off()
        else:
            undo_last(desk)
    except UnderstudyError as fault:
        it.fault = plain(str(fault))


def _save(desk: Desk, said: Said) -> None:
    it = desk.sitting
    if it.shown is None:
        return
    reason, note = cards.remarked(it.number)
    saved = save(desk.visit, it.shown, said, reason, note)
    it.message = _saved(desk, saved, said)
    it.saved += 1
    it.reopened = None
    it.shown = None


def _saved(desk: Desk, saved: Review, said: Said) -> str:
    """Return what was saved, in words that tell nobody whose answer it was."""
    case = next(c for c in drawn(desk.visit) if c.decision_id == saved.decision_id)
    words = cards.LABELS[said][0]
    if said in (Said.X, Said.Y):
        answer = x_and_y(desk.visit, case, desk.reviewer)[said is Said.Y]
        words = f"{said} is right ({plain(answer)})"
    parts = [f"Saved: case {plain(saved.decision_id)}, {words}"]
    if saved.reason:
        reasons = reasons_of(review_plan(desk.visit))
        parts.append(f"reason: {plain(reasons[saved.reason])}")
    if saved.note:
        parts.append("with your note")
    return "; ".join(parts) + "."


def _head(desk: Desk, now: Batch) -> None:
    pace = own_pace([review.reviewed_at for review in now.mine])
    st.header(left_answer(len(now.left), now.total, pace or USUAL_SECONDS), anchor=False)
    if pace is None:
        small(
            f"At {USUAL_SECONDS:.0f} seconds a case; your own pace counts once it is known.", KEYS
        )
    else:
        small(KEYS)
    if desk.sitting.fault:
        st.error(desk.sitting.fault, icon=":material/block:")
    prose(
        f":material/info: {desk.sitting.message or 'Nothing has been saved in this sitting yet.'}"
    )


def _draw(desk: Desk, case: Case, *, undo: bool) -> None:
    said = offered(case, classes_of(desk.visit))
    with st.container(border=True):
        st.subheader(f"Case {plain(case.decision_id)}", anchor=False)
        cards.facts(case)
        cards.answers(case, x_and_y(desk.visit, case, desk.reviewer), said)
        cards.others(said, undo=undo)
        cards.remarks(desk.sitting.number, reasons_of(review_plan(desk.visit)))
