"""Every segment at the latest look: its counts, its evidence, its state."""

from __future__ import annotations

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import Report, Rows
from evaluators.outcomes.selective import hidden_disagreements, honest
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import Numbers, Snapshots, bets, snapshot_of_mature, snapshots
from evaluators.pairs.paired_counts import PairedCounts
from evaluators.scope import Scope
from evaluators.statistics.intervals import tango
from evaluators.statistics.mcnemar import anytime_p, log_e_equal, mid_p
from evaluators.statistics.standing import standing
from evaluators.weeks import (
    LEAST_CLUSTERS,
    LEAST_DAYS,
    WEEK,
    is_timeless,
    mature_cases,
    mature_day,
    week_ends,
)


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row per segment of every cut, as things stood at the latest whole mature week.

    Notes
    -----
    `low` and `high` hold at every look, missing outcomes filled against and for the candidate and
    counts deflated by clusters; so do the e-values and `anytime_p`, which is one over the largest
    e-value of any look so far. Where no limit is registered for the cut, nothing is said of
    non-inferiority. A state rests on the current evidence: a gate keeps a pass that was shown
    earlier. The columns `one_look_...` are for a report that is written once at a number of cases
    fixed beforehand, over cases with an outcome, taken as independent. Where the outcome of some
    disagreements cannot be seen at all, there is neither an estimate nor such a report.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Tango (1998); Fagerland, Lydersen &
    Laake (2013), doi:10.1186/1471-2288-13-91.
    """
    cases = CaseCounts.of_measures(measures)
    if not cases.total(cases.compared).any():
        return {}
    grid = bets(scope)
    weekly, ready = _looks(cases, scope)
    now = weekly.end(-1)
    c = now.counts
    low, high = now.interval(scope.alpha, grid)
    limit = np.array([scope.limits.get(s.cut, np.nan) for s in cases.segments])
    safe = np.where(np.isnan(limit), 0.0, -limit)
    at_least = np.where(np.isnan(limit), np.nan, now.log_good(safe, grid))
    equal = _log_equal(weekly)
    closed = c.n - c.open_disagreements
    one_low, one_high = tango(closed, c.only_candidate, c.only_production, scope.alpha)
    states = standing(low, high, limit, c.n, ready[:, -1])
    hidden = hidden_disagreements(mature_cases(cases, scope), scope)
    one_p = honest(mid_p(c.only_candidate, c.only_production), hidden)
    entities = [None] * len(low) if now.entities is None else now.entities.tolist()
    return {
        "cut": [s.cut for s in cases.segments],
        "segment": [s.value for s in cases.segments],
        "state": [str(state) for state in states],
        "n": c.n.tolist(),
        "wins": c.only_candidate.tolist(),
        "losses": c.only_production.tolist(),
        "open_disagreements": c.open_disagreements.tolist(),
        "estimate": honest(now.estimate, hidden).tolist(),
        "low": low.tolist(),
        "high": high.tolist(),
        "limit": limit.tolist(),
        "log_e_noninferior": at_least.tolist(),
        "log_e_superior": now.log_good(0.0, grid).tolist(),
        "log_e_different": equal[:, -1].tolist(),
        "anytime_p": anytime_p(np.where(ready, equal, np.nan)).tolist(),
        "days": now.clusters.tolist(),
        "entities": entities,
        "design_effect": now.effect.tolist(),
        "one_look_low": honest(one_low, hidden).tolist(),
        "one_look_high": honest(one_high, hidden).tolist(),
        "one_look_p": one_p.tolist(),
    }


def _looks(cases: CaseCounts, scope: Scope) -> tuple[Snapshots, np.ndarray]:
    """Return all looks and at which of them a segment can be judged; (segments, looks)."""
    ends = np.zeros(0, np.int64) if is_timeless(scope) else week_ends(scope, mature_day(scope))
    if not len(ends):  # one look, or none yet: then as things stand
        found = snapshot_of_mature(cases, scope)
        return found, found.enough_entities & is_timeless(scope)
    found = snapshots(cases, scope.first_day or 0, ends)
    long_enough = WEEK * np.arange(1, len(ends) + 1) >= LEAST_DAYS
    return found, (found.clusters >= LEAST_CLUSTERS) & found.enough_entities & long_enough


def _log_equal(found: Snapshots) -> Numbers:
    """Return the log e-values against "equally often right", open outcomes balancing the two.

    The more even the discordant cases, the less evidence; so this is the least that any outcomes
    of the open disagreements could leave.
    """
    c: PairedCounts = found.counts
    wins, open_ = c.only_candidate, c.open_disagreements
    more = np.clip((c.only_production - wins + open_) / 2, 0, open_)
    b, losses = wins + more, c.only_production + open_ - more
    return log_e_equal(b / found.effect, losses / found.effect)


REPORT = Report("standings", "Every segment at the latest look", ("outcome_counts",), tabulate)
