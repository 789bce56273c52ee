"""Every subject in one picture: how far it has moved, and how far chance alone would move it."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts.shifts import Shift, shifts
from dashboard.drifting.published import Standing, Stretch, Watched, capital
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import Figure, figure, stamp
from dashboard.words import day
from evaluators.drifting.drift import PSI_LIMIT, SHIFT_LIMIT
from evaluators.wording import MINUS, count, percent

MOST_ROWS = 60
SHOWN_ROWS = 40
"""Beyond `MOST_ROWS` subjects only so many are drawn; the table and the CSV have all of them."""


def index(value: float | None) -> str:
    """Return a stability index with three decimals and a real minus.

    Examples
    --------
    >>> index(0.1419), index(None), index(0.0004)
    ('0.142', '—', '0.000')
    """
    if value is None:
        return "—"
    text = f"{abs(value):.3f}"
    return MINUS + text if value < 0 and float(text) else text


def ranked_subjects(subjects: Sequence[Watched], longer: bool) -> list[tuple[Watched, Stretch]]:
    """Return the subjects that are compared, what has moved first, then by how far."""
    pairs = [(s, stretch) for s in subjects if (stretch := s.over(longer)) is not None]
    known = (Standing.MOVED, Standing.TOO_LITTLE, Standing.STILL, Standing.UNKNOWN)
    return sorted(pairs, key=lambda p: (known.index(p[1].standing), -(p[1].psi or 0.0), p[0].key))


def overview_answer(first: Watched, at: Stretch, total: int, unknown: int = 0) -> str:
    """Return what the topmost subject shows, as a sentence without its stop; not escaped.

    Parameters
    ----------
    unknown
        How many of the subjects have too few cases to tell.
    """
    name = capital(first.title)
    match at.standing:
        case Standing.MOVED:
            return f"{name} has moved farthest" if total > 1 else f"{name} has moved"
        case Standing.TOO_LITTLE:
            return f"{name} has moved, too little to matter"
        case Standing.STILL:
            if total == 1:
                return f"{name} shows no sign of movement"
            if not unknown:
                return "Nothing shows a sign of movement"
            few = f"for {unknown:,} there are too few cases to tell"
            return f"Where it can be told nothing shows a sign of movement; {few}"
        case Standing.UNKNOWN:
            return "There are too few cases to tell what has moved"


def overview(visit: Visit, subjects: Sequence[Watched], longer: bool) -> None:
    """Show a row for each subject."""
    pairs = ranked_subjects(subjects, longer)
    if not pairs:
        return
    drawn = pairs[: SHOWN_ROWS if len(pairs) > MOST_ROWS else MOST_ROWS]
    first, at = pairs[0]
    unknown = sum(stretch.standing is Standing.UNKNOWN for _, stretch in pairs)
    sentence = overview_answer(first, at, len(pairs), unknown)
    numbers = (
        f"{plain(capital(first.title))}: **{index(at.psi)}** (chance alone: up to "
        f"{index(at.chance)}; "
        f"{count(at.n, 'case')} {when(at)}, {at.n_reference:,} in the reference)."
    )
    shift = at.shift is not None and at.standing is Standing.MOVED and (at.psi or 0) <= PSI_LIMIT
    if shift and at.shift is not None:
        numbers += f" Its values have moved by {at.shift:.2f} standard deviations, which matters."
    numbers += singly(at)
    if len(drawn) < len(pairs):
        numbers += f" Drawn are {len(drawn)} of {len(pairs):,}; the CSV has all of them."
    figure(
        Figure(
            name="what-has-moved",
            sentence=plain(sentence),
            numbers=numbers,
            takeaway=f"How far each thing watched has moved from its reference. {sentence}.",
            chart=shifts(
                [Shift(s.title, t.chance or 0.0, t.psi or 0.0, t.standing) for s, t in drawn],
                PSI_LIMIT,
                visit.palette,
            ),
            how=(
                "A row for each thing that is watched. The mark is how far the shares of its "
                "values have moved from the reference (population stability index, less what "
                "chance explains on average); the grey bar is how far chance alone moves it in 19 "
                "of 20 weeks at this number of cases, days being taken as alike inside. ■ moved: "
                "beyond chance among all that is watched, and far enough to matter, which is "
                f"beyond the dashed line or, for numbers, by more than {SHIFT_LIMIT} standard "
                "deviations. A hollow mark: too few cases, so a shift that matters could be "
                "chance. That something has moved does not say that the AI is wrong there."
            ),
            table=[_row(s, t) for s, t in drawn],
            csv=lambda: [_csv(s, t, visit) for s, t in pairs],
        ),
        visit,
    )


def singly(at: Stretch) -> str:
    """Return what must be said of a mark right of its bar that shows no movement, else nothing."""
    if at.standing is not Standing.STILL or at.psi is None or at.psi <= (at.chance or 0.0):
        return ""
    return (
        " By itself that is more than chance gives in 19 of 20 weeks; of so many things watched, "
        "one or another goes that far by chance."
    )


def when(at: Stretch) -> str:
    """Return in which days a stretch lies."""
    if at.weeks == 1:
        return f"in the week to {day(at.last)}"
    return f"in the {at.weeks} weeks to {day(at.last)}"


def _row(subject: Watched, at: Stretch) -> dict[str, str]:
    return {
        "Watched": subject.title,
        "Shown": at.standing.value,
        "Index": index(at.psi),
        "Chance alone": f"up to {index(at.chance)}",
        "Shift": "—" if at.shift is None else f"{at.shift:.2f} sd",
        "Never seen": percent(at.unseen),
        "No value": percent(at.missing),
        "Cases": f"{at.n:,}",
    }


def _csv(subject: Watched, at: Stretch, visit: Visit) -> dict[str, object]:
    return {
        **stamp(visit),
        "kind": subject.kind,
        "name": subject.name,
        "first_day": at.first.isoformat(),
        "last_day": at.last.isoformat(),
        "psi_less_chance": at.psi,
        "low": 0.0,
        "high": at.chance,
        "low_high": "what chance alone produces, without any drift",
        "shift_in_sd": at.shift,
        "unseen": at.unseen,
        "missing": at.missing,
        "n": at.n,
        "n_reference": at.n_reference,
        "state": at.standing.value,
    }
