"""What a reader of a verdict on losses must know besides it."""

from __future__ import annotations

from evaluators.columns import Measures
from evaluators.numeric.loss_columns import ErrorSize
from evaluators.numeric.loss_looks import WAPE, Question, Stand
from evaluators.numeric.loss_words import NAMES, plain
from evaluators.numeric.losses import loss_table
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.weeks import is_timeless
from evaluators.wording import INDEPENDENT, count

_OTHER = {"absolute": ErrorSize.ABSOLUTE, "squared": ErrorSize.SQUARED}


def caveats(
    now: Stand, question: Question, measures: Measures, scope: Scope, end: int | None
) -> str:
    """Return it in sentences, each after a space: other metrics, missing outcomes, cut losses."""
    cases = CaseCounts.of(measures["loss_sums"]).only([0]).until(end)
    said = []
    for metric, quantity in _OTHER.items():
        means = loss_table(cases, scope, quantity).means[:2, 0]
        gap = float(means[0] - means[1])
        same_thing = question.metric == metric or (metric == "absolute" and question.metric == WAPE)
        if not same_thing and gap * now.value < 0:
            side = "smaller" if gap > 0 else "larger"
            said.append(
                f"The {NAMES[metric]} says otherwise: the candidate's is {side}"
                f" ({plain(float(means[1]))} against {plain(float(means[0]))})."
            )
    if now.missing:
        how = "filled with the worst and the best" if now.filled else "left out"
        verb = "is" if now.missing == 1 else "are"
        said.append(f"{count(now.missing, 'case')} without an outcome {verb} {how}.")
    if scope.terms.largest_loss is not None and question.metric == scope.terms.loss:
        cut = [int(cases.column(f"beyond_{arm}").sum()) for arm in ("candidate", "production")]
        if any(cut):
            said.append(
                f"Losses above {plain(scope.terms.largest_loss)} count as that much: {cut[0]:,} of"
                f" the candidate's, {cut[1]:,} of production's."
            )
    if is_timeless(scope):
        said.append(INDEPENDENT)
    return "".join(f" {sentence}" for sentence in said)
