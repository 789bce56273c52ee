"""How far inputs, mix, answers, scores and outcomes have moved, week by week."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import Measures
from evaluators.drifting.drift import TOGETHER, Drift, Limits, compare
from evaluators.drifting.drift_subjects import subjects
from evaluators.drifting.drift_words import told
from evaluators.kinds import Report, Rows
from evaluators.scope import Scope
from evaluators.statistics.ordered_shift import wasserstein_p_value
from evaluators.weeks import WEEK, to_date


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return a row a subject and whole week after the reference, and one for the last weeks.

    Notes
    -----
    As `compare`, with the usual limits: a gate may set others. The permutation p-value of the
    Wasserstein distance is told for the latest week and for the last weeks together.

    References
    ----------
    Yurdakul & Naranjo (2020), doi:10.21314/JRMV.2020.227.
    """
    found = subjects(measures, scope)
    if not found:
        return {}
    limits = Limits()
    drift = compare(found, scope.alpha, limits)
    whole = np.array([len(s.weekly) for s in found])
    first = np.array([s.first for s in found])
    told_of = drift.known.copy()
    told_of[:, -1] &= whole - first > 1  # one week together with none is that week
    at = np.argwhere(told_of)
    subject, column = at[:, 0], at[:, 1]
    whole, first = whole[subject], first[subject]
    pooled = column == drift.weeks
    last = np.where(pooled, whole, column + 1)
    weeks = np.where(pooled, np.minimum(whole - first, TOGETHER), 1)
    start = scope.first_day or 0

    def of(values: NDArray[np.float64]) -> list[float]:
        found: list[float] = values[subject, column].tolist()
        return found

    return {
        "kind": [found[i].kind.value for i in subject.tolist()],
        "name": [found[i].name for i in subject.tolist()],
        "weeks": weeks.tolist(),
        "first_day": [to_date(d) for d in (start + WEEK * (last - weeks)).tolist()],
        "day": [to_date(d) for d in (start + WEEK * last - 1).tolist()],
        "n_reference": np.asarray(of(drift.n)).astype(np.int64).tolist(),
        "n_current": np.asarray(of(drift.m)).astype(np.int64).tolist(),
        "effect": drift.effect[subject].tolist(),
        "psi": of(drift.psi),
        "psi_debiased": of(drift.debiased),
        "critical": of(drift.critical),
        "p": of(drift.p),
        "p_adjusted": of(drift.adjusted),
        "js": of(drift.js),
        "ks": of(drift.ks),
        "ks_p": of(drift.ks_p),
        "w1": of(drift.w1),
        "w1_p": _permuted(drift, subject, column),
        "unseen": of(drift.unseen),
        "missing": of(drift.missing),
        "alarm": drift.alarm[subject, column].tolist(),
        "cannot_tell": drift.too_small[subject, column].tolist(),
        "sentence": [told(drift, i, j, limits) for i, j in at.tolist()],
    }


def _permuted(drift: Drift, subject: NDArray[np.int64], column: NDArray[np.int64]) -> list[float]:
    """Return p-values by relabelling, of ordered subjects in their latest columns."""
    latest = drift.latest
    asked = (column == drift.weeks) | (column == latest[subject])
    asked &= ~np.isnan(drift.w1[subject, column])
    p = np.full(len(subject), np.nan)
    for row in np.flatnonzero(asked).tolist():
        i, j = int(subject[row]), int(column[row])
        one = drift.subjects[i]
        placed = np.flatnonzero(~np.isnan(one.centres))
        a, b = (
            np.rint(counts[i, j, placed] / drift.effect[i]).astype(np.int64)
            for counts in (drift.reference, drift.current)
        )
        p[row] = wasserstein_p_value(a, b, one.centres[placed])
    return [float(value) for value in p]


REPORT = Report("drift", "What has moved since the reference", ("outcome_counts",), tabulate)
