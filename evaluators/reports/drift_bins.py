"""The histograms behind drift: reference, latest week and last weeks, bin by bin."""

from __future__ import annotations

import numpy as np

from evaluators.columns import Measures
from evaluators.drifting.drift import compare
from evaluators.drifting.drift_subjects import subjects
from evaluators.kinds import Report, Rows
from evaluators.scope import Scope


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return a row a bin of every subject that has a week to compare: shares of cases.

    Notes
    -----
    Bins are those of the reference; `centre` is where a bin's reference values lie on average, of
    ordered values. A subject's shares add up to 1.
    """
    found = subjects(measures, scope)
    if not found:
        return {}
    drift = compare(found, scope.alpha)
    size = drift.reference.shape[2]
    sizes = np.array([len(s.labels) for s in found])
    told = drift.known[:, -1, None] & (np.arange(size) < sizes[:, None])
    subject, bin_ = (axis.astype(np.int64) for axis in np.nonzero(told))
    latest = drift.latest[subject]
    places = list(zip(subject.tolist(), bin_.tolist(), strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        current = drift.current[subject, latest, bin_] / drift.m[subject, latest]
        together = drift.current[subject, -1, bin_] / drift.m[subject, -1]
    return {
        "kind": [found[i].kind.value for i in subject.tolist()],
        "name": [found[i].name for i in subject.tolist()],
        "position": bin_.tolist(),
        "label": [found[i].labels[j] for i, j in places],
        "centre": [float(found[i].centres[j]) for i, j in places],
        "reference": (drift.reference[subject, -1, bin_] / drift.n[subject, -1]).tolist(),
        "latest": np.where(latest >= 0, current, np.nan).tolist(),
        "together": together.tolist(),
    }


REPORT = Report("drift_bins", "Reference and current shares", ("outcome_counts",), tabulate)
