"""How well two people agree who judged the same cases."""

from __future__ import annotations

from evaluators.columns import Measures
from evaluators.kinds import Report, Rows
from evaluators.reviewing.doubly import doubly
from evaluators.reviewing.judged import overall
from evaluators.scope import Scope


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row, once cases are drawn.

    Notes
    -----
    As `evaluators.reviewing.doubly` says: disagreements only, the first two people of each.

    References
    ----------
    Gwet (2008), doi:10.1348/000711006X126600.
    """
    if not overall(measures, agree=False).drawn.sum():
        return {}
    found = doubly(measures, scope)
    people = measures["review_people"]
    return {
        "cases": [found.cases],
        "reviewers": [int(people["reviewers"].sum()) if len(people) else 0],
        "agreement": [found.agreement],
        "ac1": [found.ac1],
        "ac1_low": [found.low],
        "ac1_high": [found.high],
        "usable": [found.usable()],
        "sentence": [found.sentence],
    }


REPORT = Report(
    "review_agreement",
    "How well two people agree",
    ("review_counts", "review_people"),
    tabulate,
)
