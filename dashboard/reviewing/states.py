"""What the page says while there is nothing to judge and nothing to read."""

from __future__ import annotations

import streamlit as st

from dashboard.page import Visit
from dashboard.parts import empty, prose
from dashboard.reviewing.plan import review_plan
from evaluators.wording import count

NO_PLAN = "No review is planned, so nobody has judged who was right."
HOW_TO_PLAN = """\
review:
  cases: 240          # judged blind in each round
  control_share: 0.1  # agreements mixed in
  second_share: 0.2   # judged by two people
  reasons: [missing information, borderline case, data error]
  known_differences:
    holiday_rule: Holidays count as weekdays
"""


def nothing_drawn(visit: Visit) -> None:
    """Say what is missing before people can judge, and what to do."""
    plan = review_plan(visit)
    if plan.cases == 0:
        st.header(NO_PLAN, anchor=False)
        prose(
            "People can judge, without knowing whose answer is which, who was right where the two "
            "differ. Put how many cases into `study.yaml` and run `understudy run`:"
        )
        st.code(HOW_TO_PLAN, language="yaml")
        return
    st.header("No case has been drawn for review yet.", anchor=False)
    empty(
        f"The plan asks for {count(plan.cases, 'case')} in each round. `understudy run` draws them "
        "as soon as the two have answered the same cases and differ."
    )
