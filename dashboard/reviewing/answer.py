"""The one sentence of the page, for those who judge and for those who read."""

from __future__ import annotations

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
