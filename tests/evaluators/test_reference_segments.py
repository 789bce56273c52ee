"""Reference values: many segments, slices, fairness and raters."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from oracles import Reference
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import betabinom, false_discovery_control, ttest_ind, ttest_ind_from_stats

from evaluators.statistics.beta_binomial import shrink_rates
from evaluators.statistics.conjunction_at_one_look import (
    bonferroni_conjunction,
    good_at_least_at_one_look,
    simes_conjunction,
)
from evaluators.statistics.fairness import GroupRates, gap, odds_gap, ratio
from evaluators.statistics.multiplicity import benjamini_hochberg, benjamini_yekutieli, holm
from evaluators.statistics.partial_conjunction import good_at_least, means, products
from evaluators.statistics.raters import RaterSums, fleiss_kappa, krippendorff_alpha
from evaluators.statistics.shrinkage import shrink
from evaluators.statistics.slices import contrast, sliceline_score

BH_1995 = [0.0010, 0.0080, 0.0390, 0.0410, 0.0420, 0.0600, 0.0740, 0.2050, 0.2120, 0.2160]
BH_1995 += [0.2220, 0.2510, 0.2690, 0.2750, 0.3400, 0.3410, 0.3840, 0.5690, 0.5940, 0.6960]
BH_1995 += [0.7620, 0.9400, 0.9420, 0.9750, 0.9860]
HOLM = [0.001, 0.008, 0.039, 0.041, 0.042]
PC_P = [1e-6] * 36 + [0.004, 0.012, 0.03, 0.4]
PC_E = np.log([1e4] * 36 + [80, 50, 12, 0.3])
EB = ([0.02, -0.01, 0.035, 0.0, -0.04, 0.015], np.array([1, 2, 4, 1, 3, 2]) * 1e-4)
CELLS = np.array([[50, 10, 120, 20], [30, 15, 80, 25], [5, 1, 30, 4]]).T
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]


def closed_testing(p: np.ndarray, alpha: float) -> int:
    """Return the number of good segments by every one of the 2^G intersection hypotheses."""
    size = len(p)

    def rejected(some: tuple[int, ...]) -> bool:
        ordered = np.sort(p[list(some)])
        m = len(some)
        return bool((ordered <= alpha * np.arange(1, m + 1) / m).any())

    kept = [
        len(some)
        for r in range(1, size + 1)
        for some in combinations(range(size), r)
        if not rejected(some)
    ]
    return size - max(kept, default=0)


def mismatches() -> int:
    rng = np.random.default_rng(4)
    wrong = 0
    for _ in range(200):
        p = rng.random(9) ** rng.choice([1, 3, 8])
        wrong += int(good_at_least_at_one_look(p, 0.05)) != closed_testing(p, 0.05)
    return wrong


def brute_conjunction(k: int, combine: str) -> float:
    """Return the worst e-value over every set of G - k + 1 segments that may all be not good."""
    e, m = np.exp(PC_E[33:]), len(PC_E) - k + 1  # the smallest of all sets lies among the last
    found = [np.prod(s) if combine == "product" else np.mean(s) for s in combinations(e, m)]
    return float(min(found))


def brute_count(combine: str) -> int:
    # Sets of more than seven segments are never the worst below the largest k here.
    ks = [k for k in range(35, 41) if brute_conjunction(k, combine) >= 20]
    return max(ks, default=0)


def metafor_like() -> list[float]:
    """Return DerSimonian and Laird's estimates from their defining equations, numerically."""
    y, v = np.array(EB[0]), EB[1]
    w = 1 / v

    def centre(weights: np.ndarray) -> float:
        return float(minimize_scalar(lambda m: (weights * (y - m) ** 2).sum(), tol=1e-14).x)

    q = float((w * (y - centre(w)) ** 2).sum())

    def expected(tau2: float) -> float:
        share = w / w.sum()
        spread = v + tau2
        return float((w * (spread * (1 - 2 * share) + (share**2 * spread).sum())).sum()) - q

    tau2 = brentq(expected, 0, 1, xtol=1e-18)
    joint = 1 / (v + tau2)
    mean = (joint * y).sum() / joint.sum()
    return [mean, 1 / np.sqrt(joint.sum()), tau2, q, 100 * (q - 5) / q]


def posterior_sd() -> np.ndarray:
    """Return the spread of segment effects given the mean, on a grid of the posterior."""
    tau2 = metafor_like()[2]
    mean = metafor_like()[0]
    grid = np.linspace(-0.4, 0.4, 400_001)
    found = []
    for y, v in zip(EB[0], EB[1], strict=True):
        log = -((grid - y) ** 2) / (2 * v) - (grid - mean) ** 2 / (2 * tau2)
        weight = np.exp(log - log.max())
        weight /= weight.sum()
        centre = (grid * weight).sum()
        found.append(np.sqrt(((grid - centre) ** 2 * weight).sum()))
    return np.array(found)


def rate_data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(21)
    n = rng.integers(20, 400, 60)
    return rng.binomial(n, rng.beta(8, 90, 60)), n


def beta_by_moments() -> tuple[float, float]:
    """Return (a, b) whose beta-binomial variances, by scipy, expect the sum of squares seen."""
    x, n = rate_data()
    mean = x.sum() / n.sum()
    squares = (n * (x / n - mean) ** 2).sum()

    def excess(strength: float) -> float:
        a, b = mean * strength, (1 - mean) * strength
        spread = betabinom.var(n, a, b) / n**2
        return float((n * spread * (1 - n / n.sum())).sum() - squares)

    strength = brentq(excess, 1e-2, 1e7, xtol=1e-10, rtol=1e-14)
    return mean * strength, (1 - mean) * strength


def posterior_rates() -> np.ndarray:
    """Return posterior mean rates on a grid of rates."""
    a, b = beta_by_moments()
    x, n = rate_data()
    grid = (np.arange(200_000) + 0.5) / 200_000
    log = (x[:5, None] + a - 1) * np.log(grid) + (n[:5, None] - x[:5, None] + b - 1) * np.log1p(
        -grid
    )
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    return (grid * weight).sum(axis=1) / weight.sum(axis=1)


def fairlearn_gaps() -> list[float]:
    from fairlearn.metrics import (
        demographic_parity_difference,
        demographic_parity_ratio,
        equal_opportunity_difference,
        equalized_odds_difference,
    )

    truth, said, group = [], [], []
    for number, (tp, fp, tn, fn) in enumerate(CELLS.T.tolist()):
        truth += [1] * tp + [0] * fp + [0] * tn + [1] * fn
        said += [1] * tp + [1] * fp + [0] * tn + [0] * fn
        group += [number] * (tp + fp + tn + fn)
    functions = (
        demographic_parity_difference,
        demographic_parity_ratio,
        equalized_odds_difference,
        equal_opportunity_difference,
    )
    return [float(f(truth, said, sensitive_features=group)) for f in functions]


def gaps() -> list[Any]:
    rates = GroupRates.of(*CELLS)
    return [gap(rates.selected), ratio(rates.selected), odds_gap(rates), gap(rates.found)]


def eb() -> list[float]:
    found = shrink(*EB)
    return [
        found.mean,
        found.mean_error,
        found.between,
        found.heterogeneity,
        100 * found.inconsistency,
    ]


def krippendorff_by_pairs() -> float:
    """Return alpha from its definition: every pair of judgements, one by one."""
    items = [[k for k, n in enumerate(row) for _ in range(n)] for row in FLEISS]
    every = [k for item in items for k in item]
    differing = [
        sum(a != b for i, a in enumerate(item) for j, b in enumerate(item) if i != j)
        / (len(item) - 1)
        for item in items
    ]
    observed = sum(differing) / len(every)
    n = len(every)
    expected = sum(a != b for a in every for b in every) / (n * (n - 1))
    return 1 - observed / expected


def effect_of_rows() -> list[float]:
    inside, outside = np.repeat([1.0, 0.0], [30, 90]), np.repeat([1.0, 0.0], [100, 780])
    spread = np.sqrt((inside.var(ddof=1) + outside.var(ddof=1)) / 2)
    test = ttest_ind(inside, outside, equal_var=False, alternative="greater")
    return [(inside.mean() - outside.mean()) / spread, float(test.pvalue)]


def statsmodels_adjusted(p: list[float], method: str) -> np.ndarray:
    from statsmodels.stats.multitest import multipletests

    return np.asarray(multipletests(p, method=method)[1])


def statsmodels_fleiss() -> float:
    from statsmodels.stats.inter_rater import fleiss_kappa as theirs

    return float(theirs(np.array(FLEISS)))


def recovered() -> list[float]:
    rng = np.random.default_rng(3)
    n = rng.integers(30, 300, 4000)
    found = shrink_rates(rng.binomial(n, rng.beta(6, 60, 4000)), n)
    return [found.a, found.b]


SHRUNKEN = [0.015755347612623642, -0.004407661324118917, 0.0167008006252896]
SHRUNKEN += [0.0009316934094944979, -0.017693474132166483, 0.010312161722015484]
SD = [0.008609196885636066, 0.01085166274674417, 0.012918613729177143]
SD += [0.008609196885636066, 0.012104299486103063, 0.01085166274674417]
FIRST_SIX = [0.025, 0.1, 0.21, 0.21, 0.21, 0.25]

REFERENCES = [
    Reference(
        "4.BH 25 p-values",
        "statsmodels multipletests fdr_bh",
        lambda: benjamini_hochberg(BH_1995),
        lambda: statsmodels_adjusted(BH_1995, "fdr_bh"),
    ),
    Reference(
        "4.BH 25 p-values",
        "R p.adjust BH, the first six",
        lambda: benjamini_hochberg(BH_1995)[:6],
        FIRST_SIX,
    ),
    Reference(
        "4.BH = scipy",
        "scipy.stats.false_discovery_control",
        lambda: benjamini_hochberg(BH_1995),
        lambda: false_discovery_control(BH_1995),
    ),
    Reference(
        "4.BY",
        "scipy.stats.false_discovery_control",
        lambda: benjamini_yekutieli(BH_1995),
        lambda: false_discovery_control(BH_1995, method="by"),
    ),
    Reference(
        "4.Holm 5 p", "R p.adjust holm", lambda: holm(HOLM), [0.005, 0.032, 0.117, 0.117, 0.117]
    ),
    Reference(
        "4.Holm 5 p",
        "statsmodels multipletests holm",
        lambda: holm(BH_1995),
        lambda: statsmodels_adjusted(BH_1995, "holm"),
    ),
    Reference(
        "4.Simes closed testing shortcut mismatches/200",
        "brute-force closure over all 2^9 subsets",
        mismatches,
        0,
    ),
    Reference(
        "4.TDP bound BH-1995 p-values (of 25)",
        "definition: every r by hand",
        lambda: good_at_least_at_one_look(BH_1995, 0.05),
        1,
    ),
    Reference(
        "4.PC p (k=38 of 40, simes, bonf); TDP",
        "by hand: 3 x .012 both ways, .036 Simes",
        lambda: [
            simes_conjunction(PC_P, 38),
            bonferroni_conjunction(PC_P, 38),
            good_at_least_at_one_look(PC_P, 0.05),
        ],
        [0.036, 0.036, 38],
    ),
    Reference(
        "4.PC e (k=38 of 40), TDP_e",
        "minimum over all sets of segments",
        lambda: [np.exp(means(PC_E)[37]), good_at_least(PC_E, 0.05, means)],
        lambda: [brute_conjunction(38, "mean"), brute_count("mean")],
    ),
    Reference(
        "4.PC e product (k=38 of 40) log",
        "minimum over all sets of segments",
        lambda: products(PC_E)[37],
        lambda: np.log(brute_conjunction(38, "product")),
    ),
    Reference(
        "4.PC e product (k=38 of 40) log",
        "closed form: log(50 x 12 x 0.3)",
        lambda: products(PC_E)[37],
        5.19295685089021,
    ),
    Reference(
        "4.PC e (k=38 of 40), TDP_e",
        "closed form: (50 + 12 + 0.3) / 3",
        lambda: [np.exp(means(PC_E)[37]), good_at_least(PC_E, 0.05, means)],
        [20.766666666666655, 38],
    ),
    Reference(
        "4.EB DL mu,se,tau2,Q,I2",
        "R metafor::rma(method=DL)",
        eb,
        [
            0.0035998113188563034,
            0.008961944467421901,
            0.0002863729508196722,
            13.125,
            61.904761904761905,
        ],
    ),
    Reference(
        "4.EB DL mu,se,tau2,Q,I2", "defining equations, solved", eb, metafor_like, tolerance=1e-6
    ),
    Reference("4.EB shrunken", "R metafor::blup", lambda: shrink(*EB).estimate, SHRUNKEN),
    Reference("4.EB post sd", "single implementation", lambda: shrink(*EB).error, SD),
    Reference(
        "4.EB post sd",
        "posterior on a grid",
        lambda: shrink(*EB).error,
        posterior_sd,
        tolerance=1e-6,
    ),
    Reference(
        "4.beta-binomial a,b",
        "scipy.stats.betabinom.var and a root search",
        lambda: [shrink_rates(*rate_data()).a, shrink_rates(*rate_data()).b],
        beta_by_moments,
        tolerance=1e-7,
    ),
    Reference(
        "4.beta-binomial shrunk",
        "posterior on a grid",
        lambda: shrink_rates(*rate_data()).estimate[:5],
        posterior_rates,
        tolerance=1e-6,
    ),
    Reference(
        "4.beta-binomial MoM recovers Beta(6,60) (4000 segs)",
        "truth that was simulated",
        recovered,
        [6, 60],
        tolerance=0.08,
    ),
    Reference(
        "4.slice Welch t",
        "scipy.stats.ttest_ind_from_stats",
        lambda: [
            contrast(120, 30, 30, 1000, 130, 130).t,
            contrast(120, 30, 30, 1000, 130, 130).p,
        ],
        lambda: ttest_ind_from_stats(
            0.25,
            np.sqrt(0.25 * 0.75 * 120 / 119),
            120,
            100 / 880,
            np.sqrt(100 / 880 * 780 / 880 * 880 / 879),
            880,
            equal_var=False,
            alternative="greater",
        ),
    ),
    Reference(
        "4.slice Welch t",
        "the same, as given",
        lambda: contrast(120, 30, 30, 1000, 130, 130).t,
        3.3168599785183015,
    ),
    Reference(
        "4.slice effect, p1",
        "numpy and scipy.stats.ttest_ind on rows",
        lambda: [
            contrast(120, 30, 30, 1000, 130, 130).effect,
            contrast(120, 30, 30, 1000, 130, 130).p,
        ],
        effect_of_rows,
    ),
    Reference(
        "4.SliceLine score",
        "by hand",
        lambda: sliceline_score(120, 30, 1000, 130),
        0.95 * (0.25 / 0.13 - 1) - 0.05 * (1000 / 120 - 1),
    ),
    Reference(
        "4.fairness DP diff, DP ratio, EO diff, EOpp",
        "fairlearn",
        gaps,
        fairlearn_gaps,
    ),
    Reference(
        "4.fairness DP diff, DP ratio, EO diff, EOpp",
        "fairlearn 0.15.0, as given",
        gaps,
        [0.15, 0.5, 0.1688311688311689, 0.1688311688311689],
    ),
    Reference(
        "10.Fleiss kappa (1971 table)",
        "statsmodels fleiss_kappa",
        lambda: fleiss_kappa(RaterSums.of(FLEISS)),
        statsmodels_fleiss,
    ),
    Reference(
        "10.Fleiss kappa (1971 table)",
        "Fleiss 1971, published .210",
        lambda: fleiss_kappa(RaterSums.of(FLEISS)),
        0.20993070442195522,
    ),
    Reference(
        "10.Krippendorff alpha nominal",
        "its definition, pair by pair",
        lambda: krippendorff_alpha(RaterSums.of(FLEISS)),
        krippendorff_by_pairs,
    ),
    Reference(
        "10.Krippendorff alpha nominal",
        "krippendorff (PyPI), as given",
        lambda: krippendorff_alpha(RaterSums.of(FLEISS)),
        0.21557405653322692,
    ),
]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: f"{r.key} | {r.oracle}")
def test_reference(reference: Reference) -> None:
    reference.check()
