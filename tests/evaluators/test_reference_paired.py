"""Agreement and paired intervals for one look: ours against others' code."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from oracles import Reference
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from evaluators.statistics.agreement import Weights, cohen_kappa, gwet_ac1, raw_agreement
from evaluators.statistics.clusters import ClusterSums
from evaluators.statistics.intervals import clopper_pearson, tango, wilson
from evaluators.statistics.mcnemar import asymptotic_p, exact_p, mid_p, one_sided
from evaluators.statistics.paired_intervals import agresti_min, bonett_price, newcombe, wald

T1 = [[118, 5], [2, 0]]
T3 = [[44, 5, 1], [7, 20, 3], [9, 5, 6]]
AIRWAY = (21, 1, 7)
S = (1000, 64, 51)
corrected_p = partial(asymptotic_p, corrected=True)


def clustered() -> tuple[np.ndarray, np.ndarray]:
    """Return values of cases and the cluster of each."""
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(40), rng.integers(5, 60, 40))
    shift = rng.normal(0, 0.1, 40)[group]
    return (rng.random(len(group)) < 0.1 + shift) * 1.0 - (rng.random(len(group)) < 0.1), group


def robust(value: np.ndarray, group: np.ndarray) -> tuple[float, float]:
    """Return our mean and standard error."""
    n, total, squares = (np.bincount(group, weights=w) for w in (value**0, value, value**2))
    mean, error, _ = ClusterSums.of(n, total, squares).along(-1).mean()
    return float(mean), float(error)


def by_statsmodels(value: np.ndarray, group: np.ndarray) -> tuple[float, float]:
    """Return theirs."""
    options = {"groups": group, "use_correction": False}
    fit = OLS(value, np.ones_like(value)).fit(cov_type="cluster", cov_kwds=options)
    size = len(np.unique(group))
    return float(fit.params[0]), float(fit.bse[0] * np.sqrt(size / (size - 1)))


REFERENCES = [
    Reference(
        "1.T1 kappa",
        "statsmodels.cohens_kappa",
        lambda: cohen_kappa(T1)[0],
        [-0.02339181286549608],
    ),
    Reference(
        "1.T1 kappa se",
        "statsmodels.cohens_kappa",
        lambda: cohen_kappa(T1)[1],
        [0.012286756672833184],
    ),
    Reference(
        "1.T1 AC1",
        "irrCAC.table.CAC.gwet",
        lambda: gwet_ac1(T1)[0],
        [0.9407763376087177],
    ),
    Reference(
        "1.T1 AC1 se",
        "irrCAC",
        lambda: gwet_ac1(T1)[1],
        [0.022964551247932924],
    ),
    Reference(
        "1.T1 raw agreement + Wilson",
        "definition, and statsmodels.proportion_confint",
        lambda: [raw_agreement(T1), *wilson(118, 125)],
        lambda: [118 / 125, *proportion_confint(118, 125, method="wilson")],
    ),
    Reference(
        "1.T1 Wilson 118/125",
        "statsmodels.proportion_confint",
        lambda: wilson(118, 125),
        [0.8889121558924442, 0.9726117744945619],
    ),
    Reference(
        "1.T3 kappa, se",
        "statsmodels",
        lambda: cohen_kappa(T3),
        [0.49152542372881347, 0.07212745929334068],
    ),
    Reference(
        "1.T3 kappa (R psych)",
        "R psych::cohen.kappa",
        lambda: cohen_kappa(T3)[0],
        [0.49152542372881347],
    ),
    Reference(
        "1.T3 kappa linear, se",
        "statsmodels",
        lambda: cohen_kappa(T3, Weights.LINEAR),
        [0.47368421052631576, 0.07697890987030613],
    ),
    Reference(
        "1.T3 kappa linear (sklearn)",
        "sklearn.cohen_kappa_score",
        lambda: cohen_kappa(T3, Weights.LINEAR)[0],
        [0.47368421052631576],
    ),
    Reference(
        "1.T3 kappa quadratic, se",
        "statsmodels",
        lambda: cohen_kappa(T3, Weights.QUADRATIC),
        [0.4545454545454547, 0.09397969777572605],
    ),
    Reference(
        "1.T3 kappa quadratic (sklearn)",
        "sklearn.cohen_kappa_score",
        lambda: cohen_kappa(T3, Weights.QUADRATIC)[0],
        [0.4545454545454547],
    ),
    Reference(
        "1.T3 AC1",
        "irrCAC",
        lambda: gwet_ac1(T3)[0],
        [0.5759717314487632],
    ),
    Reference(
        "1.T3 AC1 se",
        "irrCAC",
        lambda: gwet_ac1(T3)[1],
        [0.0678824273547721],
    ),
    Reference(
        "2.airway Tango",
        "R contingencytables",
        lambda: tango(*AIRWAY),
        [-0.5172322764213774, -0.026003032480868552],
    ),
    Reference(
        "2.airway Newcombe",
        "R contingencytables",
        lambda: newcombe(1, 1, 7, 12),
        [-0.506920226686141, -0.02555912416485978],
    ),
    Reference(
        "2.airway Agresti-Min",
        "R contingencytables",
        lambda: agresti_min(*AIRWAY),
        [-0.49322583309367124, -0.028513297341111354],
    ),
    Reference(
        "2.airway Bonett-Price",
        "R contingencytables",
        lambda: bonett_price(*AIRWAY),
        [-0.5083593066664394, -0.013379823768343235],
    ),
    Reference(
        "2.airway McNemar exact, mid, asym, cc",
        "R contingencytables",
        lambda: [f(1, 7) for f in (exact_p, mid_p, asymptotic_p, corrected_p)],
        [0.0703125, 0.039062500000000014, 0.033894853524689295, 0.07709987174354202],
    ),
    Reference(
        "2.airway McNemar exact (statsmodels)",
        "statsmodels.mcnemar, asked now",
        lambda: exact_p(1, 7),
        lambda: mcnemar([[1, 1], [7, 12]], exact=True).pvalue,
    ),
    Reference(
        "2.S Tango",
        "R contingencytables",
        lambda: tango(*S),
        [-0.008131297692328652, 0.034402909673418934],
    ),
    Reference(
        "2.S Newcombe",
        "R contingencytables",
        lambda: newcombe(820, 64, 51, 65),
        [-0.008184976870256103, 0.03431663437120364],
    ),
    Reference(
        "2.S Agresti-Min",
        "R contingencytables",
        lambda: agresti_min(*S),
        [-0.008077950207246477, 0.034026053999661646],
    ),
    Reference(
        "2.S Bonett-Price",
        "R contingencytables",
        lambda: bonett_price(*S),
        [-0.008168628433498283, 0.034116732225913445],
    ),
    Reference(
        "2.S Wald",
        "R contingencytables",
        lambda: wald(*S),
        [-0.008002822615999194, 0.03400282261599919],
    ),
    Reference(
        "2.S McNemar exact, mid, asym",
        "R contingencytables",
        lambda: [exact_p(64, 51), mid_p(64, 51), asymptotic_p(64, 51)],
        [0.26305395754293537, 0.22727494633160872, 0.22541430512717908],
    ),
    Reference(
        "2.S NI z(margin .02)",
        "numeric constrained MLE (scipy.minimize_scalar)",
        lambda: one_sided(*S, -0.02)[0],
        [3.0192430633911727],
        tolerance=1e-8,
    ),
    Reference(
        "2.S NI p, SUP z, SUP p",
        "(self)",
        lambda: [one_sided(*S, -0.02)[1], *one_sided(*S, 0.0)],
        [0.0012670356785376626, 1.212256250712408, 0.11270715256359126],
    ),
    Reference(
        "2.Tango b=c=0 n=100 == z^2/(n+z^2)",
        "closed form",
        lambda: tango(100, 0, 0),
        [-0.03699349820700275, 0.03699349820700274],
    ),
    Reference(
        "2.Tango all-AI-wins n=10,b=10",
        "definition",
        lambda: tango(10, 10, 0)[1],
        [1.0],
    ),
    Reference(
        "2.Clopper-Pearson 3/50",
        "statsmodels",
        lambda: clopper_pearson(3, 50),
        [0.012548587835334064, 0.16548194660377288],
    ),
    Reference(
        "2.cluster mean, se",
        "statsmodels OLS with clusters, asked now, times sqrt(G/(G-1))",
        lambda: robust(*clustered()),
        lambda: by_statsmodels(*clustered()),
    ),
]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference.key)
def test_ours_is_theirs(reference: Reference) -> None:
    reference.check()
