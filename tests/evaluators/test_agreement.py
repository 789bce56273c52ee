"""Agreement from tables of counts: published values, edges, and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluators.statistics.agreement import (
    Weights,
    cohen_kappa,
    gwet_ac1,
    raw_agreement,
    specific_agreement,
)

T1 = [[118, 5], [2, 0]]
T3 = [[44, 5, 1], [7, 20, 3], [9, 5, 6]]

# Oracles: statsmodels cohens_kappa (T3 plain also R psych, weighted also scikit-learn).
KAPPAS = [
    (T1, Weights.NONE, -0.02339181286549608, 0.012286756672833184),
    (T3, Weights.NONE, 0.49152542372881347, 0.07212745929334068),
    (T3, Weights.LINEAR, 0.47368421052631576, 0.07697890987030613),
    (T3, Weights.QUADRATIC, 0.4545454545454547, 0.09397969777572605),
]
# Oracle: irrCAC.
AC1S = [
    (T1, 0.9407763376087177, 0.022964551247932924),
    (T3, 0.5759717314487632, 0.0678824273547721),
]


@pytest.mark.parametrize(("table", "weights", "value", "error"), KAPPAS)
def test_kappa_equals_statsmodels(
    table: list[list[int]], weights: Weights, value: float, error: float
) -> None:
    assert np.allclose(cohen_kappa(table, weights), (value, error))


@pytest.mark.parametrize(("table", "value", "error"), AC1S)
def test_ac1_equals_irrcac(table: list[list[int]], value: float, error: float) -> None:
    assert np.allclose(gwet_ac1(table), (value, error))


def test_raw_and_specific_agreement_by_hand() -> None:
    assert float(raw_agreement(T1)) == 0.944
    assert specific_agreement(T1) == pytest.approx([236 / 243, 0])


def test_one_class_on_both_sides_has_no_kappa_but_full_ac1() -> None:
    kappa, _ = cohen_kappa([[40, 0], [0, 0]])
    ac1, _ = gwet_ac1([[40, 0], [0, 0]])
    assert np.isnan(kappa)
    assert ac1 == 1
    assert np.isnan(specific_agreement([[40, 0], [0, 0]])[1])


@pytest.mark.parametrize("cases", [0, 2])
def test_fewer_than_three_cases_have_no_standard_error(cases: int) -> None:
    table = [[cases, 0], [0, 0]]
    assert np.isnan(cohen_kappa(table)[1])
    assert np.isnan(gwet_ac1(table)[1])


def test_a_stack_equals_its_tables() -> None:
    stack = np.array([T3, np.transpose(T3), np.full((3, 3), 4)])
    for measure in (cohen_kappa, gwet_ac1):
        together = measure(stack)
        for i, table in enumerate(stack):
            assert np.allclose([a[i] for a in together], measure(table))


tables = arrays(np.int64, (3, 3), elements=st.integers(0, 50))


@given(tables)
def test_swapping_the_sides_changes_nothing(table: np.ndarray) -> None:
    for measure in (raw_agreement, specific_agreement, cohen_kappa, gwet_ac1):
        assert np.allclose(measure(table), measure(table.T), equal_nan=True)


@given(tables, st.permutations(range(3)))
def test_the_order_of_unordered_classes_changes_nothing(
    table: np.ndarray, order: list[int]
) -> None:
    other = table[np.ix_(order, order)]
    for measure in (raw_agreement, cohen_kappa, gwet_ac1):
        assert np.allclose(measure(table), measure(other), equal_nan=True)
