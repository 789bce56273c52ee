"""Drift against values that other libraries, brute force or simulation gave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from oracles import Reference
from scipy import stats
from scipy.spatial.distance import jensenshannon
from statsmodels.stats.multitest import multipletests

from evaluators.statistics.homogeneity import homogeneity
from evaluators.statistics.multiplicity import benjamini_hochberg
from evaluators.statistics.ordered_shift import (
    ks_distance,
    ks_p_value,
    permuted_wasserstein,
    wasserstein,
    wasserstein_p_value,
)
from evaluators.statistics.overdispersion import overdispersion
from evaluators.statistics.stability_index import (
    by_chance,
    critical_js,
    critical_psi,
    js_distance,
    js_p_value,
    psi,
    psi_p_value,
)

REF = np.array([120, 180, 250, 210, 140, 100])
CUR = np.array([40, 75, 130, 115, 80, 60])
AT = np.arange(6.0)
N, M, DF = 1000, 500, 5
ROWS = np.repeat(AT, REF), np.repeat(AT, CUR)
SHARES = np.array([0.1, 0.15, 0.25, 0.22, 0.18, 0.1])


def smoothed() -> list[float]:
    value = float(psi(REF, CUR))
    return [
        value,
        float(critical_psi(N, M, DF)),
        float(psi_p_value(value, N, M, DF)),
        value - float(by_chance(N, M, DF)),
    ]


def smoothed_again() -> list[float]:
    p, q = (REF + 0.5) / (N + 3), (CUR + 0.5) / (M + 3)
    value = sum(float((a - b) * np.log(a / b)) for a, b in zip(p, q, strict=True))
    scale = 1 / N + 1 / M
    return [
        value,
        scale * stats.chi2.ppf(0.95, DF),
        stats.chi2.sf(value / scale, DF),
        value - scale * DF,
    ]


def permutation() -> list[float]:
    drawn = permuted_wasserstein(REF, CUR, AT, draws=4000, seed=1)
    return [
        wasserstein_p_value(REF, CUR, AT, draws=4000, seed=1),
        float(np.quantile(drawn, 0.95)),
    ]


def permutation_of_rows() -> float:
    return float(
        stats.permutation_test(
            ROWS,
            stats.wasserstein_distance,
            permutation_type="independent",
            n_resamples=999,
            rng=np.random.default_rng(5),
            alternative="greater",
        ).pvalue
    )


def simulated(statistic: Any) -> float:
    rng = np.random.default_rng(3)
    a, b = rng.multinomial(N, SHARES, 40_000), rng.multinomial(M, SHARES, 40_000)
    return float(np.quantile(statistic(a, b), 0.95))


def chi_of_rows() -> list[float]:
    found = stats.chi2_contingency(np.stack([REF, CUR]), correction=False)
    g = stats.chi2_contingency(np.stack([REF, CUR]), correction=False, lambda_="log-likelihood")
    return [found.statistic, found.pvalue, found.dof, g.statistic]


def chi_of_table() -> list[float]:
    found = sm.stats.Table(np.stack([REF, CUR])).test_nominal_association()
    return [found.statistic, found.pvalue]


def chi() -> Any:
    return homogeneity(REF, CUR)


def goodness_of_fit() -> float:
    """Return what taking the reference for exact gives: too small a p-value."""
    return float(stats.chisquare(CUR, REF / N * M).pvalue)


def spread() -> float:
    return float(np.sqrt(np.average((AT - np.average(AT, weights=REF)) ** 2, weights=REF)))


REFERENCES = [
    Reference(
        "5.PSI (no smoothing)",
        "Evidently 0.7.23 _psi",
        lambda: psi(REF, CUR, 0),
        0.030216952712162102,
    ),
    Reference(
        "5.PSI(.5 pseudo), crit, p, debiased",
        "specification",
        smoothed,
        [0.029746198775266935, 0.033211493080549055, 0.07766815940331041, 0.014746198775266936],
    ),
    Reference(
        "5.PSI(.5 pseudo), crit, p, debiased",
        "its definition, written out, and scipy.stats.chi2",
        smoothed,
        smoothed_again,
    ),
    Reference(
        "5.JS distance",
        "scipy.spatial.distance.jensenshannon",
        lambda: js_distance(REF, CUR),
        lambda: jensenshannon(REF / N, CUR / M),
    ),
    Reference("5.JS distance", "Evidently", lambda: js_distance(REF, CUR), 0.06133057898205919),
    Reference(
        "5.JS crit dist, p",
        "specification",
        lambda: [critical_js(N, M, DF), js_p_value(js_distance(REF, CUR), N, M, DF)],
        [0.06443164311942255, 0.07437545973777351],
    ),
    Reference(
        "5.chi2 homogeneity stat,p,df; G",
        "scipy.stats.chi2_contingency",
        lambda: [chi().chi_square, chi().p, chi().df, chi().g],
        chi_of_rows,
    ),
    Reference(
        "5.chi2 homogeneity stat,p,df; G",
        "specification",
        lambda: [chi().chi_square, chi().p, chi().df, chi().g],
        [9.670760354196887, 0.08512005738801387, 5.0, 9.918765091979386],
    ),
    Reference(
        "5.chi2 homogeneity",
        "statsmodels.Table.test_nominal_association",
        lambda: [chi().chi_square, chi().p],
        chi_of_table,
    ),
    Reference(
        "5.Evidently chi2 p (reference treated as exact; anti-conservative)",
        "specification",
        goodness_of_fit,
        0.017294600874938098,
    ),
    Reference(
        "5.KS D from hist",
        "scipy.stats.ks_2samp on rows",
        lambda: ks_distance(REF, CUR),
        lambda: stats.ks_2samp(*ROWS).statistic,
    ),
    Reference(
        "5.KS p kstwobign vs scipy asymp p",
        "scipy.stats.kstwobign; 0.0729 is scipy's form with a continuity correction",
        lambda: ks_p_value(0.07, N, M),
        lambda: stats.kstwobign.sf(np.sqrt(N * M / (N + M)) * 0.07),
    ),
    Reference(
        "5.KS p kstwobign vs scipy asymp p",
        "specification",
        lambda: [ks_p_value(0.07, N, M), stats.ks_2samp(*ROWS, method="asymp").pvalue],
        [0.0762624239865341, 0.07291944429150254],
    ),
    Reference(
        "5.W1 from hist",
        "scipy.stats.wasserstein_distance on rows",
        lambda: wasserstein(REF, CUR, AT),
        lambda: stats.wasserstein_distance(*ROWS),
    ),
    Reference(
        "5.W1 normalised",
        "Evidently",
        lambda: wasserstein(REF, CUR, AT) / spread(),
        0.15530971350388553,
    ),
    Reference(
        "5.W1 permutation p, crit95 (seed 1, B=4000)",
        "specification",
        permutation,
        [0.003999000249937516, 0.16499999999999998],
    ),
    Reference(
        "5.W1 permutation p: ours vs scipy.permutation_test",
        "scipy.stats.permutation_test on rows; two Monte Carlo runs",
        lambda: permutation()[0],
        permutation_of_rows,
        0.004,
    ),
    Reference(
        "5.PSI crit (n=1000,m=500,B=6) vs simulated 95% quantile",
        "Monte Carlo of 40,000 pairs",
        lambda: critical_psi(N, M, DF),
        lambda: simulated(lambda a, b: psi(a, b, 0)),
        0.0006,
    ),
    Reference(
        "5.JS crit distance vs simulated",
        "Monte Carlo of 40,000 pairs",
        lambda: critical_js(N, M, DF),
        lambda: simulated(js_distance),
        0.0006,
    ),
]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: f"{r.key} ({r.oracle})")
def test_reference(reference: Reference) -> None:
    reference.check()


def test_adjusted_p_values_are_those_of_statsmodels() -> None:
    p = np.random.default_rng(2).random(30) ** 2
    expected = multipletests(p, method="fdr_bh")[1]
    np.testing.assert_allclose(benjamini_hochberg(p), expected, rtol=1e-12)


def test_dispersion_is_the_chi_square_of_the_table_of_days() -> None:
    days = np.random.default_rng(4).multinomial(50, SHARES, 28)
    found, df = overdispersion(days, np.zeros(28, np.int64))
    expected = stats.chi2_contingency(days, correction=False)
    np.testing.assert_allclose([found * df, df], [expected.statistic, expected.dof], rtol=1e-12)
