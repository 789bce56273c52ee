"""Readiness: the verdict, what it rests on, what is still missing and how long that will take."""

from __future__ import annotations

from dashboard.course import course
from dashboard.figures import figure_tiles
from dashboard.history.compare import compare
from dashboard.history.over_time import over_time
from dashboard.history.verdicts import verdicts
from dashboard.page import Page, Visit
from dashboard.parts import tiles
from dashboard.readiness.card import verdict_card
from dashboard.readiness.frozen import frozen, frozen_tiles
from dashboard.readiness.gates import all_gates
from dashboard.readiness.missing import missing


def render(visit: Visit) -> None:
    """Draw the page."""
    verdict_card(visit)
    it = frozen(visit)
    tiles(figure_tiles(visit) if it is None else frozen_tiles(it, visit))
    course(visit, it)
    missing(visit, it)
    all_gates(visit, it)
    over_time(visit)
    compare(visit)
    verdicts(visit)


PAGE = Page(
    title="Readiness",
    heading="May it go live?",
    icon="verified",
    order=10,
    path="readiness",
    render=render,
)
