"""Cases that can neither agree nor differ: no answer that may be compared was given, and why."""

from __future__ import annotations

import streamlit as st

from dashboard.agreement.counted import Counted
from dashboard.page import Visit
from dashboard.parts import prose, table
from data_contracts.vocabulary import Answer
from evaluators.statistics.intervals import wilson
from evaluators.wording import count, level, percent

WHY: dict[str, tuple[str, str]] = {
    Answer.MISSING: ("No recommendation", "nothing has come for the case; production's stands"),
    Answer.ABSTAINED: ("Abstained", "the AI declined to answer; production's stands"),
    Answer.ESCALATED: ("Escalated", "the AI handed it to a person; production's stands"),
    Answer.ERROR: ("Failed", "the AI's answer was an error; production's stands"),
    Answer.HINDSIGHT: ("With hindsight", "dated after the outcome; counts in no comparison"),
    Answer.EXPOSED: ("Exposed", "the decider had seen the AI's answer; counts in no comparison"),
}
"""What each answer is called, and why it is left out of the share of same answers."""


def left_out(visit: Visit, it: Counted) -> None:
    """Show how many cases are left out and why, and those apart where the AI's answer was seen."""
    total = it.total()
    others = {name: n for name in WHY if (n := it.total(Answer(name)))}
    st.subheader("What is left out", anchor=False)
    prose(left_out_answer(sum(others.values()), total))
    if not others:
        return
    table(
        [
            {
                "Answer": WHY[name][0],
                "Cases": f"{n:,}",
                "Of all": percent(n / total),
                "Why": WHY[name][1],
            }
            for name, n in others.items()
        ],
        "Cases without an answer to compare, by reason",
    )
    exposed = others.get(Answer.EXPOSED, 0)
    if exposed:
        same = sum(int(r["n"]) for r in it.rows if r["answer"] == Answer.EXPOSED and r["agree"])
        prose(exposed_answer(same, exposed, visit.evidence.publication.alpha))


def left_out_answer(others: int, total: int) -> str:
    """Return how many cases are left out of the share of same answers.

    Examples
    --------
    >>> left_out_answer(0, 5)
    'Nothing: the AI answered all 5 cases.'
    >>> left_out_answer(3, 1000)
    'The AI gave no answer to compare in 3 of 1,000 cases (0.3%).'
    """
    if total == 0:
        return "There is no case."
    if others == 0:
        return "Nothing: the AI answered " + (
            "the one case." if total == 1 else f"all {total:,} cases."
        )
    if others == total:
        return f"Everything: the AI gave no answer to compare in any of {count(total, 'case')}."
    return (
        f"The AI gave no answer to compare in {others:,} of {count(total, 'case')} "
        f"({percent(others / total)})."
    )


def exposed_answer(same: int, n: int, alpha: float) -> str:
    """Return how often production followed an answer it had seen; never mixed with the others.

    Examples
    --------
    >>> exposed_answer(90, 100, 0.05).split(" (")[0]
    'Where the decider had seen the answer, the two said the same in 90.0% of cases'
    """
    low, high = (float(end) for end in wilson(same, n, alpha))
    share = percent(same / n) if n >= 100 else f"{same} of {n}"
    return (
        f"Where the decider had seen the answer, the two said the same in {share} "
        f"{'of cases ' if n >= 100 else 'cases '}({level(alpha)} interval {percent(low)} to "
        f"{percent(high)} for one look; {count(n, 'case')}). Who has seen an answer may follow it: "
        "these cases are kept apart and prove nothing about either."
    )
