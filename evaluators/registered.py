"""What a policy fixes for every interval before results are seen: its error and its bets."""

from __future__ import annotations

from evaluators.statistics.betting import general_grid, planned_grid


def error_of_one(alpha: float, candidates: int) -> float:
    """Return the two-sided error of one candidate's intervals.

    The error of the study is shared out equally (Bonferroni), so that trying several candidates
    does not make a GO for one that does not deserve it more likely.

    Examples
    --------
    >>> error_of_one(0.05, 2)
    0.025
    """
    return alpha / max(1, candidates)


def registered_grid(
    margin: float | None = None, disagreement: float | None = None, difference: float = 0.0
) -> tuple[float, ...]:
    """Return the bets a policy registers: tuned to its plan, or general where it has none.

    Examples
    --------
    >>> len(registered_grid()), len(registered_grid(0.02, 0.1))
    (64, 32)
    """
    if margin is None or disagreement is None:
        return tuple(general_grid().tolist())
    return tuple(planned_grid(margin, disagreement, difference).tolist())
