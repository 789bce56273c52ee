"""Rules of single streams that reach across fields, and the columns computed from them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_contracts.data_words import Rejection
from data_contracts.vocabulary import Answer, Stream
from pipelines.ingest.faults import Faults
from pipelines.ingest.plan import ConformPlan
from pipelines.ingest.values import int64s, mask_of

Columns = dict[str, pa.Array]
_DAY = 86_400_000_000


def apply_rules(plan: ConformPlan, columns: Columns, faults: Faults) -> Columns:
    """Return the columns of a stream after its own rules, derived ones added."""
    rule = _RULES.get(plan.stream)
    return columns if rule is None else rule(plan, columns, faults)


def _decisions(plan: ConformPlan, columns: Columns, faults: Faults) -> Columns:
    """Add the cohort day: the UTC day of the decision; null where a study has no times."""
    decided_at = columns["decided_at"]
    if plan.timeless:
        return {**columns, "cohort_day": pa.nulls(len(decided_at), pa.date32())}
    days = (int64s(decided_at) // _DAY).astype(np.int32)
    nothing = mask_of(pc.is_null(decided_at)) if decided_at.null_count else None
    return {**columns, "cohort_day": pc.cast(pa.array(days, mask=nothing), pa.date32())}


def _recommendations(plan: ConformPlan, columns: Columns, faults: Faults) -> Columns:
    """Check the candidate's name, and make recommendation and answer agree.

    A recommendation without an answer counts as answered; an answer that says it was not given
    leaves no recommendation; no recommendation needs an answer that says why.
    """
    strangers = pc.invert(pc.is_in(columns["candidate"], value_set=plan.candidates))
    faults.add(mask_of(strangers), Rejection.UNKNOWN_CANDIDATE, "candidate")
    answer, recommendation = columns["answer"], columns["recommendation"]
    if answer.null_count == len(answer) and not recommendation.null_count:
        return {**columns, "answer": pa.repeat(Answer.ANSWERED.value, len(answer))}
    given = pc.is_valid(recommendation)
    answer = pc.if_else(pc.and_(pc.is_null(answer), given), Answer.ANSWERED.value, answer)
    answered = pc.fill_null(pc.equal(answer, Answer.ANSWERED.value), True)
    unexplained = pc.and_(answered, pc.invert(given))
    faults.add(mask_of(unexplained), Rejection.NO_RECOMMENDATION, "recommendation")
    none = pa.scalar(None, recommendation.type)
    return {
        **columns,
        "answer": answer,
        "recommendation": pc.if_else(answered, recommendation, none),
    }


_RULES: dict[Stream, Callable[[ConformPlan, Columns, Faults], Columns]] = {
    Stream.DECISIONS: _decisions,
    Stream.RECOMMENDATIONS: _recommendations,
}
