"""The answer of the business case, its tiles, and what to declare where nothing is known."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.escape import plain
from dashboard.money import a_year, per_case
from dashboard.page import Visit
from dashboard.parts import Tile
from dashboard.worth.case import Amount, Case
from evaluators.wording import count, level

DECLARE = (
    "Put what a decision is worth into `study.yaml`: either `value: {currency: EUR, unit_value: "
    "12}`, the worth of one more right decision, or `value: {currency: EUR, costs: {...}}`, what "
    "each decision costs with each outcome; `review_cost` is the cost of a case that the AI leaves "
    "to people. `production: cases_per_year` makes it an amount a year."
)


def headline(case: Case) -> str:
    """Return the one sentence: what a year is worth, never without its interval."""
    if case.declared.value is None:
        return "Nothing says yet what a decision is worth."
    if case.net is None:
        return "What going live is worth is not known yet: no outcome is final."
    yearly = case.yearly
    if yearly is None:
        return _told(case.net, lambda x: per_case(x, case.declared.value_currency), "a case")
    return _told(yearly, lambda x: a_year(x, case.declared.value_currency), "a year")


def _told(amount: Amount, words: object, each: str) -> str:
    write = words if callable(words) else str
    low, high = write(amount.low), write(amount.high)
    if amount.low >= 0:
        about = "" if amount.middle is None else f" about {write(amount.middle)} {each},"
        after = f" {each}" if amount.middle is None else ""
        return f"Going live is worth{about} between {low} and {high}{after}."
    if amount.high < 0:
        low, high = write(-amount.high), write(-amount.low)
        about = "" if amount.middle is None else f" about {write(-amount.middle)} {each},"
        after = f" {each}" if amount.middle is None else ""
        return f"Going live would cost{about} between {low} and {high}{after}."
    if amount.middle is None:
        return f"It is open whether going live pays: between {low} and {high} {each}."
    about = write(amount.middle)
    return f"It is open whether going live pays: about {about} {each}, between {low} and {high}."


def worth_tiles(case: Case, visit: Visit) -> tuple[Tile, ...]:
    """Return at most three tiles: saving per case, cases a year, running cost."""
    return tuple(_tiles(case, visit))


def _tiles(case: Case, visit: Visit) -> Iterator[Tile]:
    bound = level(visit.evidence.publication.alpha)
    currency = case.declared.value_currency
    if case.saving is not None:
        low, high = per_case(case.saving.low, currency), per_case(case.saving.high, currency)
        middle = case.saving.middle
        yield Tile(
            "Saving per case",
            plain(f"{low} to {high}" if middle is None else per_case(middle, currency)),
            plain(f"{bound} interval" if middle is None else f"{bound}: {low} to {high}"),
            "Cost of production's decision less that of the AI's, by the declared costs, over "
            f"{count(case.cases, 'case')} old enough for their outcome; outcomes not known count "
            "as the worst and the best in the interval.",
        )
    if case.volume is not None:
        yield Tile(
            "Cases a year",
            f"{round(case.volume, -3 if case.paced and case.volume >= 10_000 else 0):,.0f}",
            f"pace of {count(case.days, 'day')}" if case.paced else "as declared",
            "Cases so far, a day, times 365.25: the study declares no `cases_per_year`."
            if case.paced
            else "As the study declares (`production: cases_per_year`).",
        )
    if case.running is not None:
        cost = case.running if case.volume is None else case.running.times(case.volume)

        def write(amount: float | None) -> str:
            return per_case(amount, currency) if case.volume is None else a_year(amount, currency)

        yield Tile(
            "Running cost",
            plain(write(cost.middle)),
            plain(f"{bound}: {write(cost.low)} to {write(cost.high)}"),
            f"{'A case' if case.volume is None else 'A year'}, already taken off; mean of the "
            f"{count(case.records, 'record')} that say a cost.",
        )


def notes(case: Case) -> str:
    """Return what the amount holds and what it leaves out, as markdown."""
    if case.net is None:
        return ""
    parts = [
        "It is the saving per case"
        + ("" if case.running is None else " less the running cost")
        + ("" if case.volume is None else ", times the cases a year")
        + "; the ends take "
        + ("the saving" if case.running is None else "saving and running cost")
        + " at its worst and at its best, whatever the outcomes still open are."
    ]
    if case.running is not None:
        parts[0] = parts[0].replace("at its worst and at its best", "at their worst and best")
    elif case.records:
        parts.append(
            "The running cost is recorded in another currency than the value and is not taken off."
        )
    else:
        parts.append("No recommendation says what it cost (`cost`), so nothing is taken off.")
    if case.volume is None:
        parts.append("Say `production: cases_per_year` in study.yaml for an amount a year.")
    elif case.paced:
        parts.append("The volume is the pace of the record; the year may differ.")
    return " ".join(parts)
