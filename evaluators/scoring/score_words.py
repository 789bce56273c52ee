"""What is said where scores cannot be judged."""

from __future__ import annotations

from evaluators.wording import count

NO_PROBABILITY = (
    "The study does not say that scores are probabilities or confidences; `score` under `decision`"
    " says what they mean."
)


def no_scores() -> str:
    """Return the sentence of a study in which no answer has a score yet.

    Examples
    --------
    >>> no_scores()
    'No answer with a score has arrived yet.'
    """
    return "No answer with a score has arrived yet."


def outside(cases: int) -> str:
    """Return the sentence of a study with scores that are no probabilities.

    Examples
    --------
    >>> outside(2)
    '2 cases have a score outside 0 to 1, so scores are not what the study says they are.'
    """
    verb = "has" if cases == 1 else "have"
    return (
        f"{count(cases, 'case')} {verb} a score outside 0 to 1,"
        " so scores are not what the study says they are."
    )
