"""What the candidate would save per case, and in a year, by the costs the study declares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from data_contracts.vocabulary import Reason
from evaluators.columns import Measures
from evaluators.kinds import Evaluator
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import Numbers
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.statistics.asymptotic import asymptotic_sequence
from evaluators.statistics.betting import general_grid
from evaluators.weeks import mature_cases
from evaluators.worth.prices import Prices
from evaluators.worth.savings import Savings, savings_at

BETTING = "betting on a bounded saving, valid at any look; unknown outcomes filled, day clusters"
ASYMPTOTIC = "asymptotic sequence after a burn-in; unknown outcomes filled, day clusters"
POSSIBLE = "unknown outcomes set to the worst and to the best; no sampling error"
YEARLY = "saving per case times the cases a year the study declares; the year may differ"
KNOWN = "known outcomes; asymptotic sequence, cases taken as independent"

T_OPT = 1000
"""Cases at which the asymptotic interval is narrowest."""
LEAST_CASES, LEAST_EACH = 200, 10
"""Burn-in: independent cases, and cases that save and that lose, before it is shown."""


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return the saving per case and per year, by segment; nothing where no value is declared.

    Notes
    -----
    The saving of a case is the cost of production's decision less that of the candidate's, given
    the outcome; cases in which the two agree save nothing, those the candidate leaves to people
    cost `review_cost`. Mature cases only. In the estimate an unknown outcome counts as the possible
    saving nearest to nothing, in the ends of an interval as the worst and as the best.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Waudby-Smith et al. (2024),
    doi:10.1214/24-AOS2408; Manski (1989), doi:10.2307/145818.
    """
    prices = Prices.of(scope.terms.value)
    if prices is None:
        return ()
    cases = CaseCounts.of_measures(measures)
    return tuple(_found(cases, scope, prices))


def _found(cases: CaseCounts, scope: Scope, prices: Prices) -> Iterator[Findings]:
    savings = savings_at(cases, scope, prices)
    n = savings.n[:, 0]
    estimate = savings.mean(savings.middle)[:, 0]
    reason = first_reason(
        (cases.total(cases.compared) == 0, Reason.NO_CASES), (n == 0, Reason.NOT_MATURE)
    )
    low, high = (end[:, 0] for end in savings.interval(scope.alpha, general_grid()))
    subject = (scope, cases.segments)
    yield Findings.measured("saving_per_case", *subject, estimate, (low, high), n, BETTING, reason)
    yield _asymptotic(savings, scope, cases, estimate, n)
    bounds = (savings.mean(savings.low)[:, 0], savings.mean(savings.high)[:, 0])
    settled = np.where(bounds[0] == bounds[1], bounds[0], np.nan)
    limit = savings.largest
    ends = (np.where(n > 0, bounds[0], -limit), np.where(n > 0, bounds[1], limit))
    yield Findings.measured("saving_possible", *subject, settled, ends, n, POSSIBLE, reason)
    volume = scope.terms.cases_per_year
    if volume is not None:
        share = volume * n / max(1.0, float(n[0]))
        yearly = (np.where(n > 0, low * share, np.nan), np.where(n > 0, high * share, np.nan))
        yield Findings.measured(
            "saving_per_year", *subject, estimate * share, yearly, n, YEARLY, reason
        )
    if prices.decisions:
        yield from _costs(cases, scope, prices)


def _asymptotic(
    savings: Savings, scope: Scope, cases: CaseCounts, estimate: Numbers, n: Numbers
) -> Findings:
    by, atoms = savings.effect[:, 0], savings.atoms

    def ends(counts: Numbers) -> tuple[Numbers, Numbers]:
        mine = counts[:, 0] / by[:, None]
        return asymptotic_sequence(
            mine.sum(axis=1), mine @ atoms, mine @ atoms**2, scope.alpha, T_OPT
        )

    middle = savings.middle[:, 0]
    gains, losses = middle[:, atoms > 0].sum(axis=1), middle[:, atoms < 0].sum(axis=1)
    ready = (n / by >= LEAST_CASES) & (np.minimum(gains, losses) / by >= LEAST_EACH)
    low, high = ends(savings.low)[0], ends(savings.high)[1]
    return Findings.measured(
        "saving_per_case_asymptotic",
        scope,
        cases.segments,
        np.where(ready, estimate, np.nan),
        (np.where(ready, low, np.nan), np.where(ready, high, np.nan)),
        n,
        ASYMPTOTIC,
        first_reason(
            (cases.total(cases.compared) == 0, Reason.NO_CASES),
            (n == 0, Reason.NOT_MATURE),
            (~ready, Reason.TOO_FEW_CASES),
        ),
    )


def _costs(cases: CaseCounts, scope: Scope, prices: Prices) -> Iterator[Findings]:
    """Yield the mean cost of each side's decisions, over mature cases with a known outcome."""
    size = len(cases.segments)
    mature = mature_cases(cases, scope)
    for side in ("production", "candidate"):
        cost = prices.cost_of(mature, side)
        keep = mature.compared & ~np.isnan(cost)
        of, weight = mature.segment[keep], mature.column("n")[keep]
        n, total, squares = (
            np.bincount(of, weights=weight * cost[keep] ** power, minlength=size)
            for power in range(3)
        )
        low, high = asymptotic_sequence(n, total, squares, scope.alpha, T_OPT)
        least, most = prices.range
        yield Findings.measured(
            f"cost_per_case_{side}",
            scope,
            cases.segments,
            np.where(n > 0, total / np.maximum(n, 1), np.nan),
            (np.clip(low, least, most), np.clip(high, least, most)),
            n,
            KNOWN,
            first_reason(
                (cases.total(cases.compared) == 0, Reason.NO_CASES),
                (mature.total(mature.compared) == 0, Reason.NOT_MATURE),
                (n == 0, Reason.NO_OUTCOMES),
            ),
        )


EVALUATOR = Evaluator("value", "What the candidate would save", ("outcome_counts",), evaluate)
