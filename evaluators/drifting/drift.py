"""Later weeks against their reference: how far every subject has moved beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.drifting.day_effect import effect_of
from evaluators.drifting.drift_subjects import Subject
from evaluators.statistics.homogeneity import merged, occupied
from evaluators.statistics.multiplicity import benjamini_hochberg
from evaluators.statistics.ordered_shift import ks_distance, ks_p_value, wasserstein
from evaluators.statistics.stability_index import (
    by_chance,
    cases_to_tell,
    critical_psi,
    js_distance,
    psi,
    psi_p_value,
)

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]

PSI_LIMIT, SHIFT_LIMIT = 0.1, 0.1
"""What matters in practice: the index after chance, and the shift in standard deviations."""
TOGETHER = 4
"""Weeks that are also looked at together."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a shift matters.

    Attributes
    ----------
    psi
        Population stability index, after what chance explains is taken off.
    w1
        Wasserstein distance in standard deviations of the reference, of ordered values.
    """

    psi: float = PSI_LIMIT
    w1: float = SHIFT_LIMIT


@dataclass(frozen=True, slots=True)
class Drift:
    """Every subject in every whole week, and in the last weeks together.

    Arrays have shape (subjects, weeks + 1); the last column is the last weeks together. NaN, or
    False, where there is nothing to compare.

    Attributes
    ----------
    subjects
        In the order of the first axis.
    weeks
        Whole weeks since the first day.
    known
        Whether there are cases to compare.
    reference, current
        Histograms; shape (subjects, weeks + 1, bins), subjects with fewer bins filled with 0.
    n, m
        Cases of the reference and of the current histogram.
    effect
        Design effect of days, by which counts were divided; at least 1, shape (subjects,).
    psi, debiased, critical
        The index, the same less what chance explains, and what chance alone exceeds once in
        twenty times.
    p, adjusted
        Chance of so large an index without drift, alone and among all subjects of the week.
    js
        Jensen-Shannon distance.
    ks, ks_p, w1
        Of ordered values: Kolmogorov-Smirnov distance with its p-value, and the Wasserstein
        distance in standard deviations.
    missing, unseen
        Share of cases without a value, and with one the reference never held.
    alarm
        Shown not to be chance, and large enough to matter.
    too_small
        Too few cases to tell a shift that matters from chance.
    needed
        Current cases it would take to tell; infinite where the reference is too small.
    """

    subjects: tuple[Subject, ...]
    weeks: int
    known: Truths
    reference: Numbers
    current: Numbers
    n: Numbers
    m: Numbers
    effect: Numbers
    psi: Numbers
    debiased: Numbers
    critical: Numbers
    p: Numbers
    adjusted: Numbers
    js: Numbers
    ks: Numbers
    ks_p: Numbers
    w1: Numbers
    missing: Numbers
    unseen: Numbers
    alarm: Truths
    too_small: Truths
    needed: Numbers

    @property
    def latest(self) -> NDArray[np.int64]:
        """Column of each subject's latest week; -1 where none may be compared."""
        weekly = self.known[:, :-1]
        last = weekly.shape[1] - 1 - np.argmax(weekly[:, ::-1], axis=1) if self.weeks else -1
        return np.where(weekly.any(axis=1), last, -1)


def compare(
    found: Sequence[Subject],
    alpha: float,
    limits: Limits | None = None,
    together: int = TOGETHER,
) -> Drift:
    """Return the drift of subjects.

    Parameters
    ----------
    alpha
        Share of false alarms among the alarms of a week.
    together
        Number of last weeks that are also compared as one.

    Notes
    -----
    Counts are divided by the design effect of days (`effect_of`), bins with small expected counts
    are merged, and the index gets half a case per bin. An alarm asks for both: the p-value,
    adjusted for all subjects of the week, is at most alpha, and the shift matters. A p-value
    holds for one look at one week; weeks are many, so an alarm now and then is chance.

    References
    ----------
    Yurdakul & Naranjo (2020), doi:10.21314/JRMV.2020.227; Benjamini & Hochberg (1995),
    doi:10.1111/j.2517-6161.1995.tb02031.x; Rao & Scott (1981),
    doi:10.1080/01621459.1981.10477633.
    """
    limit = limits or Limits()
    weeks = max((len(s.weekly) for s in found), default=0)
    size = max((len(s.reference) for s in found), default=1)
    shape = (len(found), weeks + 1, size)
    reference, current = np.zeros(shape), np.zeros(shape)
    centres, ordered = np.zeros((len(found), 1, size)), np.zeros((len(found), 1, size), np.bool_)
    for i, one in enumerate(found):
        bins, whole = len(one.reference), len(one.weekly)
        reference[i, :, :bins] = one.reference
        current[i, one.first : whole, :bins] = one.weekly[one.first :]
        current[i, -1, :bins] = one.weekly[max(one.first, whole - together) :].sum(axis=0)
        known_place = ~np.isnan(one.centres)
        ordered[i, 0, :bins] = known_place
        centres[i, 0] = np.max(one.centres[known_place], initial=0.0)
        centres[i, 0, :bins][known_place] = one.centres[known_place]
    n, m = reference.sum(axis=-1), current.sum(axis=-1)
    known = (n > 0) & (m > 0)
    effect = np.array([float(effect_of(one.days)) for one in found])
    deflate = effect[:, None, None]
    a, b = merged(reference / deflate, current / deflate)
    df = np.where(known, np.maximum(occupied(a, b) - 1, 0), 0)
    na, nb = a.sum(axis=-1), b.sum(axis=-1)

    def only(values: Numbers) -> Numbers:
        return np.where(known, values, np.nan)

    index = only(psi(a, b))
    with np.errstate(invalid="ignore"):
        debiased = only(index - by_chance(na, nb, df))
        p = only(psi_p_value(index, na, nb, df))
    critical = only(critical_psi(na, nb, df))
    a, b = np.where(ordered, reference, 0), np.where(ordered, current, 0)
    ks = ks_distance(a, b)
    spread = np.array([one.spread for one in found])[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        w1 = np.where(spread > 0, wasserstein(a, b, centres) / spread, np.nan)
    adjusted = np.concatenate(
        [benjamini_hochberg(p[:, :-1], axis=0), benjamini_hochberg(p[:, -1:], axis=0)], axis=1
    )
    shown = known & (np.nan_to_num(adjusted, nan=1.0) <= alpha)
    matters = (np.nan_to_num(debiased) > limit.psi) | (np.nan_to_num(w1) > limit.w1)
    alarm = shown & matters
    # Without two bins to compare there is too little, unless all cases always fall into one.
    constant = occupied(reference, current) < 2
    few = (np.nan_to_num(critical) > limit.psi) | ((df == 0) & ~constant)
    return Drift(
        subjects=tuple(found),
        weeks=weeks,
        known=known,
        reference=reference,
        current=current,
        n=n,
        m=m,
        effect=effect,
        psi=index,
        debiased=debiased,
        critical=critical,
        p=p,
        adjusted=adjusted,
        js=only(js_distance(reference, current)),
        ks=ks,
        ks_p=ks_p_value(ks, a.sum(axis=-1) / effect[:, None], b.sum(axis=-1) / effect[:, None]),
        w1=w1,
        missing=_share(current, m, [s.missing for s in found]),
        unseen=_share(current, m, [s.unseen for s in found]),
        alarm=alarm,
        too_small=known & few & ~alarm,
        needed=cases_to_tell(na, np.maximum(df, 1), limit.psi) * effect[:, None],
    )


def _share(current: Numbers, m: Numbers, places: Sequence[int]) -> Numbers:
    """Return the share of one bin of each subject; NaN where it has no such bin."""
    place = np.array(places, np.int64)
    if not len(place):
        return np.zeros(m.shape)
    held = np.take_along_axis(current, np.maximum(place, 0)[:, None, None], axis=-1)[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((place >= 0)[:, None] & (m > 0), held / m, np.nan)
