"""How far one subject stood from its reference, week by week."""

from __future__ import annotations

from dashboard.charts.chance_weeks import chance_weeks
from dashboard.drifting.overview import index
from dashboard.drifting.published import Standing, Watched, capital
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import Figure, figure, stamp
from dashboard.words import day
from evaluators.drifting.drift import PSI_LIMIT
from evaluators.wording import count


def weeks_answer(it: Watched) -> str:
    """Return in how many weeks a subject had moved, as a sentence without its stop."""
    total = len(it.weekly)
    moved = sum(week.standing is Standing.MOVED for week in it.weekly)
    unknown = sum(week.standing is Standing.UNKNOWN for week in it.weekly)
    name = capital(it.title)
    if total == 1:
        return f"{name}: {it.weekly[0].standing.value} in the one week compared"
    if unknown == total:
        return f"{name}: too few cases to tell in any of {total} weeks"
    if moved == total:
        return f"{name} had moved in each of {total} weeks"
    rest = ""
    if unknown:
        rest = f"; {unknown} {'has' if unknown == 1 else 'have'} too few cases to tell"
    if moved == 0:
        rest_of = total - unknown
        told = "the one week that can be told" if rest_of == 1 else f"any of {rest_of} weeks"
        return f"{name} has not moved in a way that matters in {told}{rest}"
    return f"{name} had moved in {moved} of {total} weeks{rest}"


def weeks_figure(visit: Visit, it: Watched) -> None:
    """Show every week of a subject, against what chance alone produces."""
    sentence, last = weeks_answer(it), it.weekly[-1]
    figure(
        Figure(
            name=f"by-week-{it.kind}-{it.name}",
            sentence=plain(sentence),
            numbers=(
                f"Latest: **{index(last.psi)}** (chance alone: up to {index(last.chance)}; "
                f"{count(last.n, 'case')}), matters above {PSI_LIMIT}."
            ),
            takeaway=f"How far it stood from the reference, week by week. {sentence}.",
            chart=chance_weeks(it.weekly, PSI_LIMIT, visit.palette),
            how=(
                "Each mark is a whole week against the reference; the grey bar is how far chance "
                "alone moves it at that week's number of cases. Each week is one look: over a "
                "year of weeks an alarm now and then is chance. Seasons are drift too."
            ),
            table=[
                {
                    "Week from": day(week.first),
                    "Shown": week.standing.value,
                    "Index": index(week.psi),
                    "Chance alone": f"up to {index(week.chance)}",
                    "Cases": f"{week.n:,}",
                }
                for week in it.weekly
            ],
            csv=lambda: [
                {
                    **stamp(visit),
                    "kind": it.kind,
                    "name": it.name,
                    "week_from": week.first.isoformat(),
                    "psi_less_chance": week.psi,
                    "low": 0.0,
                    "high": week.chance,
                    "n": week.n,
                    "state": week.standing.value,
                }
                for week in it.weekly
            ],
        ),
        visit,
    )
