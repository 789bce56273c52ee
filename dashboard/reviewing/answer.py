"""The one sentence of the page, for those who judge and for those who read."""

from __future__ import annotations

from dashboard.reviewing.found import Share, rate, span
from dashboard.reviewing.pace import lasting
from evaluators.wording import count


def left_answer(left: int, total: int, seconds: float) -> str:
    """Return how much is left for a reviewer.

    Parameters
    ----------
    seconds
        Time one case takes.

    Examples
    --------
    >>> left_answer(28, 240, 15)
    '28 of 240 cases are left for you: about 7 minutes.'
    >>> left_answer(1, 240, 15)
    '1 of 240 cases is left for you: less than a minute.'
    """
    when = lasting(left * seconds)
    if left == total:
        return f"{count(left, 'case')} {'waits' if left == 1 else 'wait'} for you: {when}."
    return (
        f"{left:,} of {count(total, 'case')} {'is' if left == 1 else 'are'} left for you: {when}."
    )


def done_answer(mine: int, total: int) -> str:
    """Return what a reviewer with nothing left has done.

    Examples
    --------
    >>> done_answer(0, 240)
    'Nothing is left for you: others have judged all 240 cases.'
    >>> done_answer(240, 240)
    'You have judged all 240 cases.'
    """
    whole = "the one case" if total == 1 else f"all {total:,} cases"
    if mine == 0:
        return f"Nothing is left for you: others have judged {whole}."
    if mine == total:
        return f"You have judged {whole}."
    return f"You are done: you have judged {mine:,} of {count(total, 'case')}, others the rest."


def stopped_answer(mine: int, skipped: int, total: int) -> str:
    """Return what a reviewer who ended a round early has done, and is not asked any more.

    Examples
    --------
    >>> stopped_answer(3, 21, 24)
    'You have judged 3 of 24 cases and ended the round: 21 are not asked of you any more.'
    """
    judged = f"{mine:,} of {count(total, 'case')}" if mine else "no case"
    verb = "is" if skipped == 1 else "are"
    return (
        f"You have judged {judged} and ended the round: {skipped:,} {verb} not asked of you any"
        " more."
    )


def results_answer(ai: Share | None) -> str:
    """Return the sentence that says whom people found right where the two differ.

    Parameters
    ----------
    ai
        Share of the disagreements in which the AI was right.
    """
    if ai is None or not ai.judged:
        return "Nobody has judged a case in which the two differ yet."
    if not ai.known:
        return f"{so_far(ai)}: too few yet to say who was right."
    of = f"{ai.judged:,} judged of {ai.population:,}"
    if ai.few:
        share = f"weighted {rate(ai.estimate, ai.judged)}, " if ai.weighted else ""
        return (
            f"Where the two differ, people {_counted(ai.said or 0, ai.judged)} judged "
            f"({share}{span(ai)} of all {ai.population:,})."
        )
    return (
        f"Where the two differ, people found the AI right in {rate(ai.estimate, ai.judged)} of "
        f"cases ({span(ai)}; {of})."
    )


def so_far(share: Share) -> str:
    """Return how many of the drawn cases have been judged."""
    verb = "has" if share.drawn == 1 else "have"
    return f"{share.judged:,} of {count(share.drawn, 'case')} {verb} been judged"


def _counted(hits: int, judged: int) -> str:
    if judged == 1:
        return f"{'found' if hits else 'did not find'} the AI right in the one case"
    part = {0: f"none of {judged}", judged: f"all {judged}"}.get(hits, f"{hits} of {judged}")
    return f"found the AI right in {part} cases"


def sides(ai: Share, production: Share | None) -> str:
    """Return whom people side with, as far as the intervals tell the two apart."""
    if production is None or not production.known:
        return "How often people found the AI right"
    if (ai.low or 0) > (production.high or 0):
        return "Where the two differ, people side with the AI more often"
    if (production.low or 0) > (ai.high or 0):
        return "Where the two differ, people side with production more often"
    return "Whom people side with more often is open"
