"""Design effects, partial conjunction, planning, shrinkage and states: values and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.vocabulary import Shown
from evaluators.pairs.filled import design_effect
from evaluators.pairs.paired_counts import PairedCounts
from evaluators.statistics.betting import general_grid, log_e_value, planned_grid
from evaluators.statistics.clusters import ClusterSums
from evaluators.statistics.partial_conjunction import good_at_least, means, products
from evaluators.statistics.planning import cases_needed
from evaluators.statistics.shown import shown
from evaluators.statistics.shrinkage import shrink

FORTY = np.log([1e4] * 36 + [80, 50, 12, 0.3])


def by_day(b: list[int], c: list[int], u: list[int], n: int = 100) -> PairedCounts:
    wins, losses, open_ = (np.array(a) for a in (b, c, u))
    zero = np.zeros_like(wins)
    total = np.full_like(wins, n)
    both = total - wins - losses - open_
    differ = wins + losses + open_
    return PairedCounts(total, both, wins, losses, zero, open_, zero, differ)


def test_design_effect_equals_the_sums_over_rows() -> None:
    rng = np.random.default_rng(3)
    b, c = rng.integers(0, 30, 25).tolist(), rng.integers(0, 30, 25).tolist()
    values = [np.repeat([1, -1, 0], [x, y, 100 - x - y]) for x, y in zip(b, c, strict=True)]
    rows, groups = np.concatenate(values), len(values)
    mean = rows.mean()
    between = sum((v.sum() - mean * len(v)) ** 2 for v in values) / len(rows) ** 2
    expected = groups / (groups - 1) * between / (rows.var() / len(rows))
    assert float(design_effect(by_day(b, c, [0] * 25))) == pytest.approx(expected)
    assert expected > 2


def test_equal_days_have_no_design_effect() -> None:
    assert float(design_effect(by_day([5] * 30, [5] * 30, [0] * 30))) == 1


def test_one_day_or_no_difference_has_no_design_effect() -> None:
    assert float(design_effect(by_day([50], [10], [0]))) == 1
    assert float(design_effect(by_day([0, 0], [0, 0], [0, 0]))) == 1


def test_open_disagreements_of_single_days_count_as_clustered() -> None:
    calm = design_effect(by_day([5] * 30, [5] * 30, [0] * 30))
    waiting = design_effect(by_day([5] * 30, [5] * 30, [0] * 28 + [40, 40]))
    assert waiting > 5 * calm


@given(st.permutations(range(12)))
def test_the_order_of_days_does_not_matter(order: list[int]) -> None:
    sums = ClusterSums.of(np.arange(12) + 3, np.arange(12) % 4, np.arange(12) % 4)
    other = ClusterSums.of(
        (np.arange(12) + 3)[order], (np.arange(12) % 4)[order], (np.arange(12) % 4)[order]
    )
    assert np.isclose(sums.along(-1).design_effect(), other.along(-1).design_effect())


def test_partial_conjunction_equals_the_reference() -> None:
    # 38 of 40, the three smallest e-values 0.3, 12 and 50: by hand.
    assert products(FORTY)[37] == pytest.approx(5.19295685089021)
    assert np.exp(means(FORTY)[37]) == pytest.approx(20.766666666666655)
    assert good_at_least(FORTY, 0.05) == 38
    assert good_at_least(FORTY, 0.05, means) == 38


def test_partial_conjunction_of_stacks_and_edges() -> None:
    stack = np.stack([FORTY, np.full(40, -5.0), np.full(40, 9.0)])
    assert good_at_least(stack, 0.025).tolist() == [38, 0, 40]
    assert int(good_at_least(np.zeros(0), 0.025)) == 0


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=12), st.data())
def test_more_evidence_never_lowers_the_bound(values: list[float], data: st.DataObject) -> None:
    more = list(values)
    more[data.draw(st.integers(0, len(values) - 1))] += 3
    assert good_at_least(more, 0.05) >= good_at_least(values, 0.05)


# (disagreement, margin) -> cases for a true difference of 0, one-sided 2.5 %. The general grid at
# (.10, .02), (.05, .01) is also in the machine-readable reference.
NEEDED = [
    (0.03, 0.01, 3625, 3009),
    (0.05, 0.01, 5826, 4968),
    (0.05, 0.02, 1539, 1258),
    (0.10, 0.01, 11466, 9762),
    (0.10, 0.02, 2907, 2479),
    (0.10, 0.03, 1321, 1108),
    (0.20, 0.02, 5726, 4875),
]


@pytest.mark.parametrize(("disagreement", "margin", "general", "planned"), NEEDED)
def test_cases_needed_equal_the_reference(
    disagreement: float, margin: float, general: int, planned: int
) -> None:
    for grid, expected in (
        (general_grid(), general),
        (planned_grid(margin, disagreement), planned),
    ):
        assert np.ceil(cases_needed(disagreement, 0, margin, 0.025, grid)) == expected


def test_cases_needed_from_where_one_stands() -> None:
    so_far = (1000, 50, 50)
    more = float(cases_needed(0.10, 0, 0.02, 0.025, general_grid(), so_far))
    reached = log_e_value(1000 + more, 50 + 0.05 * more, 50 + 0.05 * more, -0.02, general_grid())
    assert more == pytest.approx(1907, abs=1)
    assert float(reached) == pytest.approx(np.log(40))


def test_cases_needed_at_the_edges() -> None:
    hopeless, shown_already = cases_needed(
        0.10, [-0.02, 0.0], 0.02, 0.025, general_grid(), (20_000, 1000, 1000)
    )
    assert hopeless == 0  # what is shown is shown, whatever comes
    assert shown_already == 0
    assert cases_needed(0.10, [-0.02, -0.05], 0.02, 0.025, general_grid()).tolist() == [np.inf] * 2


def test_shrinkage_equals_metafor() -> None:
    # Oracle: R metafor, rma(method = "DL") and blup.
    found = shrink([0.02, -0.01, 0.035, 0, -0.04, 0.015], np.array([1, 2, 4, 1, 3, 2]) * 1e-4)
    assert found.mean == pytest.approx(0.0035998113188563034)
    assert found.mean_error == pytest.approx(0.008961944467421901)
    assert found.between == pytest.approx(0.0002863729508196722)
    assert found.estimate == pytest.approx(
        [
            0.015755347612623642,
            -0.004407661324118917,
            0.0167008006252896,
            0.0009316934094944979,
            -0.017693474132166483,
            0.010312161722015484,
        ]
    )


@pytest.mark.parametrize(
    ("low", "high", "n", "state"),
    [
        (0.001, 0.02, 10, Shown.BETTER),
        (0.0, 0.02, 10, Shown.AT_LEAST_AS_GOOD),
        (-0.009, 0.02, 10, Shown.AT_LEAST_AS_GOOD),
        (-0.01, 0.02, 10, Shown.UNDECIDED),
        (-0.05, -0.01, 10, Shown.UNDECIDED),
        (-0.05, -0.011, 10, Shown.WORSE),
        (np.nan, np.nan, 10, Shown.UNDECIDED),
        (0.5, 0.6, 0, Shown.NO_DATA),
    ],
)
def test_state_shown(low: float, high: float, n: int, state: Shown) -> None:
    assert shown([low], [high], -0.01, [n]) == (state,)
