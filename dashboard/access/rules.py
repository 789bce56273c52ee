"""What a person may do in a study: their roles, and what the study itself says; pure."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.access.refusal import ASK, Reason, Refusal
from dashboard.people import GRANTED, Action, Person

DOING = {
    Action.VIEW: "Studies are seen",
    Action.REVIEW: "Cases are judged",
    Action.SIGN_OFF: "Studies are signed off",
    Action.ADMINISTER: "This dashboard is set up",
}
"""Each action in words, to be followed by whom."""


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """What a study says of people; e-mail addresses as `same_address` gives them.

    Attributes
    ----------
    sponsor
        Address of the one person who signs; empty when the study gives none.
    reviewers
        Addresses of those who review; when there are none, every reviewer does.
    reviewed_by
        Who has made reviews, by the names in the events.
    """

    title: str
    sponsor: str = ""
    reviewers: frozenset[str] = frozenset()
    reviewed_by: frozenset[str] = frozenset()


def allowed(person: Person, action: Action, study: StudyFacts | None = None) -> Refusal | None:
    """Return why a person may not do an action, or None.

    Without a study only the roles are asked; a sign-off is always for one study.

    Examples
    --------
    >>> from dashboard.people import Role
    >>> ada = Person("Ada", "ada@example.org", frozenset({Role.SPONSOR}), True)
    >>> flights = StudyFacts("Flights", sponsor="ada@example.org")
    >>> allowed(ada, Action.SIGN_OFF, flights) is None
    True
    >>> both = StudyFacts("Flights", "ada@example.org", reviewed_by=frozenset({"ada@example.org"}))
    >>> allowed(ada, Action.SIGN_OFF, both).reason
    <Reason.FOUR_EYES: 'four_eyes'>
    """
    if action is Action.SIGN_OFF and not person.logged_in:
        return Refusal(
            Reason.NOT_PROVED,
            "Nobody can sign off here: without a login, nothing proves who signs.",
            "Set up a login, then sign there.",
        )
    if not person.roles:
        return Refusal(Reason.NO_ROLE, "You have no role here yet.", f"{ASK} for one.")
    if not person.may(action):
        return _wrong_role(action)
    if action is Action.REVIEW and study is not None:
        return _may_review(person, study)
    if action is Action.SIGN_OFF:
        return _may_sign(person, study)
    return None


def _wrong_role(action: Action) -> Refusal:
    needed = " or ".join(sorted(GRANTED[action]))
    return Refusal(
        Reason.WRONG_ROLE,
        f"{DOING[action]} by people with the role {needed}.",
        f"{ASK}.",
    )


def _may_review(person: Person, study: StudyFacts) -> Refusal | None:
    # Without a login nobody can be told from those who are listed; the events say `local:`.
    if not person.logged_in or not study.reviewers or person.email in study.reviewers:
        return None
    return Refusal(
        Reason.NOT_A_REVIEWER,
        f"The study {study.title} lists its reviewers, and you are not among them.",
        "Its owner can add you to `review.reviewers` in `study.yaml`.",
    )


def _may_sign(person: Person, study: StudyFacts | None) -> Refusal | None:
    if study is None:
        return Refusal(Reason.NO_STUDY, "A sign-off is for one study; choose it first.")
    if not study.sponsor:
        return Refusal(
            Reason.NO_SPONSOR,
            f"The study {study.title} gives no e-mail address of its sponsor, so nobody can sign.",
            "Its owner can add `sponsor.email` to `study.yaml`.",
        )
    if person.email != study.sponsor:
        return Refusal(
            Reason.NOT_THE_SPONSOR, f"Only the sponsor of the study {study.title} signs it off."
        )
    if person.email in study.reviewed_by:
        return Refusal(
            Reason.FOUR_EYES,
            f"You have reviewed cases of the study {study.title}, so you cannot sign it off: "
            "two people must stand behind a go-live.",
            "Name another sponsor in `study.yaml`.",
        )
    return None
