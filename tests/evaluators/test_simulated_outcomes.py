"""Simulated rates for late, missing and selective outcomes; slow, printed in their page."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from simulated import told

from evaluators.statistics.betting import general_grid, log_e_value
from evaluators.statistics.contraction import contraction
from evaluators.statistics.coverage import log_evidence
from evaluators.statistics.exploration import Explored
from evaluators.statistics.partial_identification import bounds, imbens_manski
from evaluators.statistics.runs import longest_run

PAGE = "statistics/outcomes.md"
pytestmark = pytest.mark.slow


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def test_labels_so_far_flatter_the_candidate_and_mature_days_do_not() -> None:
    # Half of the cases are bad, and bad ones are told of after 15 days on average, good ones after
    # 60. The candidate alone calls a tenth of the cases bad; half of those are: no difference.
    rng = np.random.default_rng(2)
    paths, days, size = 400, 150, 100
    kinds = rng.multinomial(size, [0.05, 0.05, 0.45, 0.45], (paths, days))
    b, c, agree_bad, agree_good = np.moveaxis(kinds, -1, 0)
    ages = np.arange(days)[::-1]
    early = 1 - np.exp(-np.maximum(ages, 0) / 15)
    shown = {"labels so far": 0, "mature days, missing as losses": 0}
    naive_at_30 = []
    ever = {name: np.zeros(paths, bool) for name in shown}
    grid = general_grid()
    for end in range(7, days + 1, 7):
        in_ = early[-end:]
        wins = (b[:, :end] * in_).sum(1)
        old = slice(0, max(0, end - 60))
        losses = c[:, old].sum(1)
        known = wins + losses + (agree_bad[:, :end] * in_).sum(1) + agree_good[:, old].sum(1)
        value = (wins - losses) / known
        error = np.sqrt(((wins + losses) / known - value**2) / known)
        ever["labels so far"] |= value > 1.96 * error
        if end == 28:
            naive_at_30 = value
        if end >= 60 + 14:
            n = np.full(paths, size * (end - 60))
            mature = in_[: end - 60]
            came = rng.binomial(b[:, old], mature)
            lost = c[:, old].sum(1) + b[:, old].sum(1) - came.sum(1)
            ever["mature days, missing as losses"] |= log_e_value(
                n, came.sum(1), lost, 0.0, grid
            ) >= math.log(40)
    rates = {name: float(found.mean()) for name, found in ever.items()}
    assert rates["labels so far"] == 1.0
    assert rates["mature days, missing as losses"] <= 0.025
    assert np.mean(naive_at_30) == pytest.approx(0.10, abs=0.005)
    told(
        PAGE,
        "S2",
        ("what is looked at, weekly", "estimate after 4 weeks (truth 0)", "called better"),
        [
            ("labels so far", f"{np.mean(naive_at_30):+.2f}", percent(rates["labels so far"])),
            (
                "mature days, missing as losses",
                "none yet",
                percent(rates["mature days, missing as losses"]),
            ),
        ],
    )


CELLS = np.array([0.030, 0.073, 0.627, 0.124, 0.146])
"""Seen: only the candidate right, only production right, both alike; hidden; both refused."""
GOOD = 0.4984
N = 10_000
TRUTH = CELLS[0] - CELLS[1] + CELLS[3] * (2 * GOOD - 1)


def test_labelled_cases_alone_are_wrong_and_bounds_are_not() -> None:
    rng = np.random.default_rng(7)
    counts = rng.multinomial(N, CELLS, 4000)
    b, c, same, u, _ = counts.T
    alone = (b - c) / (b + c + same)
    low, high = bounds(N, b, c, u)
    assert np.mean(alone) == pytest.approx(-0.0589, abs=0.001)
    assert (np.mean(low), np.mean(high)) == (
        pytest.approx(-0.167, abs=0.001),
        pytest.approx(0.081, abs=0.001),
    )
    held = np.mean((low <= TRUTH) & (high >= TRUTH))
    assert held == 1.0
    told(
        PAGE,
        "S7",
        ("truth", "labelled cases alone", "worst to best", "holds the truth"),
        [
            (
                f"{TRUTH:+.4f}",
                f"{np.mean(alone):+.4f}",
                f"{np.mean(low):+.3f} to {np.mean(high):+.3f}",
                percent(float(held)),
            )
        ],
    )


def test_the_interval_covers_wherever_the_truth_lies() -> None:
    rng = np.random.default_rng(11)
    rows = []
    for hidden in (0.0, 0.002, 0.02, 0.124):
        cells = CELLS.copy()
        cells[3], cells[4] = hidden, 1 - CELLS[:3].sum() - hidden
        b, c, _, u, _ = rng.multinomial(N, cells, 20_000).T
        low, high = imbens_manski(N, b, c, u)
        covered = []
        for good in (0.0, 0.25, 0.5, 1.0):
            truth = cells[0] - cells[1] + hidden * (2 * good - 1)
            covered.append(float(np.mean((low <= truth) & (truth <= high))))
        assert min(covered) > 0.943
        rows.append((percent(hidden), *(percent(share) for share in covered)))
    told(PAGE, "IM", ("hidden", "none good", "a quarter", "half", "all"), rows)


def test_cases_let_through_at_random_estimate_the_truth() -> None:
    rng = np.random.default_rng(14)
    rows = []
    for chance in (0.0516, 0.2):
        found, covered, seen_all = [], [], []
        for b, c, same, u, refused in rng.multinomial(N, CELLS, 3000):
            seen = rng.binomial(u, chance)
            good = rng.binomial(seen, GOOD)
            explored = Explored.of(u, [1, -1], chance, [good, seen - good])
            certain = (b + c + same + refused, b - c, b + c)
            mean, low, high = explored.estimate(certain=certain)
            found.append(mean)
            covered.append(low <= TRUTH <= high)
            seen_all.append(seen)
        assert np.mean(found) == pytest.approx(TRUTH, abs=0.001)
        assert np.mean(covered) > 0.935
        rows.append(
            (
                f"{np.mean(seen_all):.0f}",
                f"{TRUTH:+.4f}",
                f"{np.mean(found):+.4f}",
                f"{np.std(found):.4f}",
                percent(float(np.mean(covered))),
            )
        )
    assert float(rows[0][3]) == pytest.approx(0.0166, abs=0.002)
    told(PAGE, "S14", ("let through", "truth", "estimate", "spread", "95% covers"), rows)


def test_contraction_is_near_the_truth_and_the_labelled_rate_is_not() -> None:
    rng = np.random.default_rng(15)
    true_, by_contraction, alone = [], [], []
    officers, load = 10, 2000
    strict = np.linspace(0.50, 0.85, officers)
    for _ in range(60):
        score = rng.random((officers, load))
        hint = rng.normal(0, 1, (officers, load))  # what officers see and the score does not
        bad = rng.random((officers, load)) < 1 / (1 + np.exp(3.0 - 2.5 * score - 0.9 * hint))
        view = score + 0.25 * hint + rng.normal(0, 0.05, (officers, load))
        released = view <= np.quantile(view, strict, axis=1).diagonal()[:, None]
        share = 0.6
        candidate = score <= np.quantile(score, share)
        true_.append(np.mean(candidate & bad))
        edges = np.linspace(0, 1, 51)
        of_bin = np.clip(np.digitize(score[-1], edges) - 1, 0, 49)
        kept = np.bincount(of_bin[released[-1]], minlength=50)
        failed = np.bincount(of_bin[released[-1] & bad[-1]], minlength=50)
        by_contraction.append(float(contraction(kept, failed, load, share)))
        seen = released & candidate
        alone.append(np.mean(seen & bad))
    means = [float(np.mean(a)) for a in (true_, by_contraction, alone)]
    assert abs(means[1] - means[0]) < 0.5 * abs(means[2] - means[0])
    told(
        PAGE,
        "S15",
        ("truth", "contraction", "labelled cases alone"),
        [[f"{mean:.4f}" for mean in means]],
    )


def test_sound_coverage_is_rarely_blamed_over_a_year() -> None:
    rng = np.random.default_rng(21)
    days, level = 365, math.log(2 / 0.01)
    rows = []
    for name, paths, late in (
        ("alike every day", 1000, False),
        ("whole days without outcomes", 1000, False),
        ("a tenth still comes after the wait", 100, True),
    ):
        n = rng.binomial(np.array([[6], [6], [90]]), 0.9, (paths, 3, days))
        share = rng.beta(18, 2, (paths, 1, days))
        if name.startswith("whole"):
            share = share * (rng.random((paths, 1, days)) < 0.8)
        ever = np.zeros(paths, bool)
        on_time = rng.binomial(n, 0.9 if late else share)
        lags = rng.exponential(20, (*n.shape, 24)) if late else None
        for end in range(14, days + 1, 7):
            part, m = n[..., :end], on_time[..., :end]
            if lags is not None:
                came = (lags[..., :end, :] <= (end - np.arange(end))[:, None]).cumsum(-1)
                missing = np.minimum(part - m, 24)
                m = m + np.where(
                    missing > 0,
                    np.take_along_axis(came, np.maximum(missing - 1, 0)[..., None], -1)[..., 0],
                    0,
                )
            every = m.sum(1, keepdims=True) / np.maximum(part.sum(1, keepdims=True), 1)
            ever |= (log_evidence(m[:, :2], part[:, :2], every) >= level).any(1)
        rate = float(ever.mean())
        assert rate <= 0.01
        rows.append((name, percent(rate)))
    for gap in (0.02, 0.05, 0.10, 0.20):
        n = np.broadcast_to(np.array([[5], [5], [90]]), (300, 3, days))
        m = rng.binomial(n, np.array([[0.95 - gap], [0.95], [0.95]]))
        every = m.sum(1, keepdims=True) / n.sum(1, keepdims=True)
        shown = (log_evidence(m[:, :2], n[:, :2], every) >= level).any(1).mean()
        rows.append((f"{percent(0.95 - gap)} instead of 95.0% in one cell of 5", percent(shown)))
    told(PAGE, "coverage", ("a year of 100 cases a day, weekly looks", "blocked"), rows)


def clumped(share: float, a: float) -> Callable[[np.random.Generator], np.ndarray]:
    return lambda rng: rng.beta(a, a / share - a, 365)


WEEKEND = np.where(np.arange(365) % 7 >= 5, 0.18, 0.0)
SEASON = 0.1 * np.sin(np.pi * np.arange(365) / 91) ** 2
RATES: dict[str, Callable[[np.random.Generator], Any]] = {
    "30%, every day alike": lambda _: 0.3,
    "5%, every day alike": lambda _: 0.05,
    "1%, every day alike": lambda _: 0.01,
    "0.1%, every day alike": lambda _: 0.001,
    "5%, in clumps of days": clumped(0.05, 2),
    "1%, in clumps of days": clumped(0.01, 0.5),
    "5%, at weekends only": lambda _: WEEKEND,
    "5%, with seasons of none at all": lambda _: SEASON,
}


def test_a_sound_series_is_rarely_blamed_over_a_year_of_daily_looks() -> None:
    rng = np.random.default_rng(31)
    days, size, limit = 365, 100, math.log(0.01 / 2)
    rows = []
    for name, share in RATES.items():
        paths, alarms, delays = 400, 0, []
        for _ in range(paths):
            hits = rng.binomial(size, share(rng), days)
            n = np.full(days, size)
            alarms += any(
                longest_run(hits[:end], n[:end]).log_chance <= limit
                for end in range(14, days + 1)
                # Within a run the evidence only grows: its last day is the one to look at.
                if not hits[end - 3 : end].any() and (end == days or hits[end])
            )
        for _ in range(30):
            hits = rng.binomial(size, share(rng), days)
            hits[120:] = 0
            found = next(
                (
                    end - 120
                    for end in range(121, days + 1)
                    if longest_run(hits[:end], np.full(end, size)).log_chance <= limit
                ),
                days,
            )
            delays.append(found)
        assert alarms <= 8  # 4 are expected at 1 %
        waits = int(np.median(delays))
        after = f"{waits}" if waits < 245 else "not within 245"
        rows.append((name, percent(alarms / paths), after))
    told(
        PAGE,
        "series",
        ("share of the class", "false alarm in a year", "days until a stop is seen"),
        rows,
    )
