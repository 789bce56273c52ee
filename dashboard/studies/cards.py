"""One card a study: what it says, whether somebody must act, and in which order they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.people import Person
from dashboard.production.definition import Handoff, definition_of
from dashboard.production.standing import Standing, standing
from dashboard.records import Publication
from dashboard.studies.places import Place
from dashboard.studies.summary import Summary, summary
from dashboard.theme import VERDICTS, Badge
from dashboard.words import between, day, moment
from data_contracts.errors import UnderstudyError
from data_contracts.vocabulary import VerdictState
from evaluators.wording import NO_VALUE, count

UNREADABLE = Badge("NOT READABLE", "block", "orange")
UNPUBLISHED = Badge("NO VERDICT YET", "remove_circle_outline", "gray")
_LATE = "a handoff is overdue"
_ORDER = (VerdictState.BLOCKED, VerdictState.GO, _LATE, VerdictState.NO_GO, VerdictState.COLLECTING)
"""The most urgent first; down to an overdue handoff somebody must act."""
_FAR = date.max


@dataclass(frozen=True, slots=True)
class Card:
    """What is said of one study.

    Attributes
    ----------
    name
        Its label, as in the address: the title, as long as no other study has the same.
    needed
        Whether somebody must act before it can go on.
    urgency
        Cards stand in the order of it, the lowest first.
    people
        Names and e-mail addresses of those who have to do with it, in small letters.
    """

    name: str
    badge: Badge
    facts: str
    reason: str
    lines: tuple[str, ...]
    needed: bool
    urgency: tuple[int, date, str]
    people: frozenset[str] = frozenset()

    def mentions(self, words: str) -> bool:
        """Return whether every word asked for is in what the card says."""
        text = " ".join((self.name, self.facts, self.badge.word, *self.lines)).lower()
        return all(word in text for word in words.lower().split())

    def concerns(self, person: Person) -> bool:
        """Return whether a person is its owner, sponsor, a reviewer or a user."""
        return bool(({person.name.lower(), person.email.lower()} - {""}) & self.people)


def cards(places: Mapping[str, Place]) -> tuple[Card, ...]:
    """Return a card for every study, the most urgent first."""
    return tuple(sorted((_card(*one) for one in places.items()), key=lambda card: card.urgency))


def _card(name: str, place: Place) -> Card:
    if place.path is None:
        return Card(name, UNPUBLISHED, "", place.problem, (), False, (9, _FAR, name))
    try:
        return card(name, summary(str(place.path)))
    except UnderstudyError as fault:
        return Card(name, UNREADABLE, "", str(fault), (), True, (-1, _FAR, name))


def card(name: str, it: Summary) -> Card:
    """Return the card of a study that can be read."""
    head = it.publication
    reason = it.verdict.sentence
    if it.state is VerdictState.BLOCKED:
        reason += f" With {head.owner} since {moment(it.since)}."
    elif it.state is VerdictState.GO:
        reason += f" {head.sponsor} (sponsor) decides on going live."
    reason += "".join(f" {v.candidate}: {VERDICTS[v.state].word}." for v in it.others)
    since = (it.earliest or _FAR) if it.state is VerdictState.COLLECTING else it.since.date()
    late = overdue(head) and it.state not in (VerdictState.BLOCKED, VerdictState.GO)
    rank = _ORDER.index(_LATE if late else it.state)
    return Card(
        name,
        VERDICTS[it.state],
        f"{it.verdict.candidate} · {head.mode} mode · {head.risk_tier} tier",
        reason,
        (
            days_of(head, it.least_days) or "No days in the records",
            f"Next: {milestone(it)}",
            f"Owner: {head.owner}",
        ),
        rank <= _ORDER.index(_LATE),
        (rank, since, name),
        people_of(head),
    )


def days_of(it: Publication, least: int | None) -> str:
    """Return which day of the study it is, of how many at least; empty where there are no days."""
    if it.first_day is None or it.data_to is None:
        return ""
    number = (it.data_to - it.first_day).days + 1
    if least is None:
        return f"Day {number:,}"
    if number <= least:
        return f"Day {number:,} of at least {least:,}"
    return f"Day {number:,}, at least {least:,} asked for"


def milestone(it: Summary) -> str:
    """Return what comes next, with its date where there is one."""
    match it.state:
        case VerdictState.BLOCKED:
            own = "the data are mended"
        case VerdictState.GO:
            own = f"{it.publication.sponsor} decides"
        case VerdictState.NO_GO:
            own = "a new version of the candidate"
        case _:
            when = between(it.earliest, it.latest)
            own = when if it.reachable else "waiting will not be enough"
    step, due = _next_handoff(it.publication), ""
    if step is not None:
        due = f"handoff {'overdue since' if overdue(it.publication) else 'on'} {day(step.on)}"
    return "; ".join(filter(None, (own, due))) or NO_VALUE


def overdue(it: Publication) -> bool:
    """Return whether somebody should have taken over by now and has not."""
    step = _next_handoff(it)
    return step is not None and standing(step, it.today) is Standing.OVERDUE


def _next_handoff(it: Publication) -> Handoff | None:
    steps = definition_of(it).handoffs
    return next((s for s in steps if standing(s, it.today) is not Standing.ACCEPTED), None)


def people_of(it: Publication) -> frozenset[str]:
    """Return the names and addresses of those who have to do with a study, in small letters."""
    return frozenset(name.lower() for name in _people(it) if name)


def _people(it: Publication) -> Iterator[str]:
    yield it.owner
    yield it.sponsor
    production = it.part("production")
    named = [production.get("owner"), it.part("sponsor")]
    named += it.part("review").get("reviewers") or []
    for person in named:
        if isinstance(person, dict):
            yield str(person.get("name") or "")
            yield str(person.get("email") or "")
    for user in production.get("users") or []:
        yield str(user)


def needs_answer(needed: int, total: int) -> str:
    """Return how many studies need somebody.

    Examples
    --------
    >>> needs_answer(2, 5), needs_answer(1, 1), needs_answer(0, 5)
    ('2 of 5 studies need someone today.', 'The one study needs someone today.', 'None of the \
5 studies needs anyone today.')
    """
    if total == 0:
        return "No study has been named."
    if total == 1:
        who = "someone" if needed else "nobody"
        return f"The one study needs {who} today."
    if needed == 0:
        return f"{'Neither' if total == 2 else 'None'} of the {total:,} studies needs anyone today."
    if needed == total:
        return f"{'Both' if total == 2 else f'All {total:,}'} studies need someone today."
    return f"{needed:,} of {count(total, 'study', 'studies')} {_needs(needed)} someone today."


def _needs(number: int) -> str:
    return "needs" if number == 1 else "need"


def chosen(
    every: Sequence[Card], words: str, *, needed: bool = False, mine: Person | None = None
) -> tuple[Card, ...]:
    """Return the cards that mention some words, that need somebody, that concern a person."""
    return tuple(
        one
        for one in every
        if one.mentions(words)
        and (one.needed or not needed)
        and (mine is None or one.concerns(mine))
    )
