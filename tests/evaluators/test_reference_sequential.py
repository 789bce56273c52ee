"""Evidence valid at every look, and change: ours against others' code and against definitions."""

from __future__ import annotations

import numpy as np
import pytest
from oracles import Reference

from evaluators.statistics.betting import (
    confidence_sequence,
    general_grid,
    log_e_value,
    log_growth,
    lower_bound,
    planned_grid,
)
from evaluators.statistics.change import bernoulli_cusum, log_detector
from evaluators.statistics.mcnemar import log_e_equal

S = (1000, 64, 51)
U64, PLANNED = general_grid(), planned_grid(0.02, 0.10)
DAYS = ((100, 5, 5), (100, 3, 8), (100, 2, 9))


def rows(n: int, b: int, c: int) -> np.ndarray:
    """Return the cases one by one, in a random order."""
    cases = np.repeat([1.0, -1.0, 0.0], [b, c, n - b - c])
    return np.random.default_rng(n + b).permutation(cases)


def by_rows(n: int, b: int, c: int, mean: float, grid: np.ndarray) -> float:
    """Return the log e-value by betting on one case after the other."""
    wealth = np.zeros(len(grid))
    for x in rows(n, b, c):
        wealth += np.log(1 - grid + grid * (1 + x) / (1 + mean))
    return float(np.logaddexp.reduce(wealth) - np.log(len(grid)))


def both_ends(n: int, b: int, c: int, grid: np.ndarray) -> tuple[float, float]:
    """Return the evidence of the rows against both ends of our interval."""
    low, high = (float(end) for end in confidence_sequence(n, b, c, 0.05, grid))
    return by_rows(n, b, c, low, grid), by_rows(n, c, b, -high, grid)


def by_bisection(n: float, b: float, c: float) -> tuple[float, float]:
    """Return the interval from the definition alone."""

    def end(wins: float, losses: float) -> float:
        low, high = -1 + 1e-9, 1.0
        for _ in range(200):
            middle = (low + high) / 2
            stakes = (
                wins * np.log(1 - U64 + 2 * U64 / (1 + middle))
                + (n - b - c) * np.log(1 - U64 + U64 / (1 + middle))
                + losses * np.log(1 - U64)
            )
            beyond = np.logaddexp.reduce(stakes) - np.log(64) > np.log(40)
            low, high = (middle, high) if beyond else (low, middle)
        return low

    return end(b, c), -end(c, b)


def falls() -> np.ndarray:
    """Return the log growth of three days on which production wins more and more often."""
    n, b, c = np.array(DAYS).T
    return log_growth(n, c, b, 0.0, U64)


def detector_by_rows() -> list[float]:
    """Return the e-detector from bets on single cases."""
    stake, found = np.zeros(64), []
    for n, b, c in DAYS:
        grown = stake + 1
        for x in rows(n, c, b):
            grown *= 1 - U64 + U64 * (1 + x)
        stake = grown
        found.append(float(stake.mean()))
    return found


def cusum_by_steps(hits: list[int]) -> list[float]:
    """Return the CUSUM step by step."""
    state, found = 0.0, []
    for x in hits:
        gain = x * np.log(0.13 / 0.10) + (100 - x) * np.log(0.87 / 0.90)
        state = max(0.0, state) + gain
        found.append(state)
    return found


REFERENCES = [
    Reference(
        "3.log e-value n=1000,b=64,c=51,m=-0.02",
        "confseq.betting_mart avg over u-grid",
        lambda: log_e_value(1000, 64, 51, -0.02, U64),
        [2.7666168742529598],
    ),
    Reference(
        "3.log e-value n=1000,b=64,c=51,m=0.0",
        "confseq.betting_mart avg over u-grid",
        lambda: log_e_value(1000, 64, 51, 0.0, U64),
        [0.08227216655497838],
    ),
    Reference(
        "3.log e-value n=200,b=12,c=3,m=-0.05",
        "confseq.betting_mart avg over u-grid",
        lambda: log_e_value(200, 12, 3, -0.05, U64),
        [7.536332922609902],
    ),
    Reference(
        "3.log e-value n=100,b=0,c=0,m=-0.05",
        "confseq.betting_mart avg over u-grid",
        lambda: log_e_value(100, 0, 0, -0.05, U64),
        [2.2160013060823687],
    ),
    Reference(
        "3.betting CS95 n=0,b=0,c=0",
        "(self)",
        lambda: confidence_sequence(0, 0, 0, 0.05, U64),
        [-1.0, 1.0],
        tolerance=2e-9,
    ),
    Reference(
        "3.betting CS95 n=1,b=1,c=0",
        "(self)",
        lambda: confidence_sequence(1, 1, 0, 0.05, U64),
        [-0.9915285725257661, 1.0],
        tolerance=2e-9,
    ),
    Reference(
        "3.betting CS95 n=100,b=0,c=0",
        "(self)",
        lambda: confidence_sequence(100, 0, 0, 0.05, U64),
        [-0.06731718283119141, 0.06731718283119141],
        tolerance=2e-9,
    ),
    Reference(
        "3.betting CS95 n=1000,b=0,c=0",
        "(self)",
        lambda: confidence_sequence(1000, 0, 0, 0.05, U64),
        [-0.0069664338872526, 0.0069664338872526],
        tolerance=2e-9,
    ),
    Reference(
        "3.betting CS95 n=100,b=8,c=2",
        "(self)",
        lambda: confidence_sequence(100, 8, 2, 0.05, U64),
        [-0.057161107905418604, 0.192417527329397],
        tolerance=2e-9,
    ),
    Reference(
        "3.betting CS95 n=1000,b=64,c=51",
        "(self)",
        lambda: confidence_sequence(1000, 64, 51, 0.05, U64),
        [-0.023741792565543943, 0.05028052341481255],
        tolerance=2e-9,
    ),
    Reference(
        "3.betting CS95 n=5000,b=300,c=250",
        "(self)",
        lambda: confidence_sequence(5000, 300, 250, 0.05, U64),
        [-0.005863625394465666, 0.02596178337032028],
        tolerance=2e-9,
    ),
    Reference(
        "3.betting CS95 n=20000,b=1100,c=900",
        "(self)",
        lambda: confidence_sequence(20000, 1100, 900, 0.05, U64),
        [0.0024540176318866127, 0.01757484321530947],
        tolerance=2e-9,
    ),
    Reference(
        "3.betting CS lower: confseq log-wealth at bound = log 40",
        "confseq.betting_mart",
        lambda: by_rows(*S, lower_bound(*S, 0.025, U64), U64),
        [3.688879450315654],
        tolerance=1e-7,
    ),
    Reference(
        "3.anytime McNemar log e (64,51)",
        "scipy.stats.betabinom/binom ratio",
        lambda: log_e_equal(64, 51),
        [-1.4231963545889101],
    ),
    Reference(
        "3.anytime McNemar log e (90,40)",
        "scipy.stats",
        lambda: log_e_equal(90, 40),
        [7.574390142523583],
    ),
    Reference(
        "3.planned grid(.02,.10) first,last,len",
        "(self)",
        lambda: [PLANNED[0], PLANNED[-1], len(PLANNED)],
        [0.049, 0.7839999999999999, 32.0],
    ),
    Reference(
        "3.planned-grid betting CS n=1000,b=64,c=51",
        "(self)",
        lambda: confidence_sequence(*S, 0.05, PLANNED),
        [-0.020769430135634284, 0.04724595032012503],
        tolerance=2e-9,
    ),
    Reference(
        "3.planned log e at m=-.02",
        "(self)",
        lambda: log_e_value(*S, -0.02, PLANNED),
        [3.5018008373428313],
    ),
    Reference(
        "3.planned log e",
        "confseq.betting_mart",
        lambda: by_rows(*S, -0.02, PLANNED),
        [3.5018008373428313],
    ),
    Reference(
        "3.Rao-Scott deff 2: CS",
        "bisection on the definition, written out in this file",
        lambda: confidence_sequence(500, 32, 25.5, 0.05, U64),
        lambda: by_bisection(500, 32, 25.5),
        tolerance=2e-9,
    ),
    Reference(
        "3.both CS ends n=100,b=0,c=0: confseq log-wealth",
        "confseq.betting_mart on shuffled rows",
        lambda: both_ends(100, 0, 0, U64),
        [3.6888794541139234, 3.6888794541139234],
        tolerance=1e-7,
    ),
    Reference(
        "3.both CS ends n=1000,b=0,c=0: confseq log-wealth",
        "confseq.betting_mart on shuffled rows",
        lambda: both_ends(1000, 0, 0, U64),
        [3.6888794538135605, 3.6888794538135605],
        tolerance=1e-7,
    ),
    Reference(
        "3.both CS ends n=100,b=8,c=2: confseq log-wealth",
        "confseq.betting_mart on shuffled rows",
        lambda: both_ends(100, 8, 2, U64),
        [3.6888794541139105, 3.6888794541137044],
        tolerance=1e-7,
    ),
    Reference(
        "3.both CS ends n=1000,b=64,c=51: confseq log-wealth",
        "confseq.betting_mart on shuffled rows",
        lambda: both_ends(1000, 64, 51, U64),
        [3.6888794503156546, 3.6888794566072995],
        tolerance=1e-7,
    ),
    Reference(
        "3.both CS ends n=5000,b=300,c=250: confseq log-wealth",
        "confseq.betting_mart on shuffled rows",
        lambda: both_ends(5000, 300, 250, U64),
        [3.6888794544945025, 3.688879454240528],
        tolerance=1e-7,
    ),
    Reference(
        "3.both CS ends n=20000,b=1100,c=900: confseq log-wealth",
        "confseq.betting_mart on shuffled rows",
        lambda: both_ends(20000, 1100, 900, U64),
        [3.688879454108461, 3.6888794541117536],
        tolerance=1e-7,
    ),
    Reference(
        "3.planned-grid CS ends",
        "confseq.betting_mart",
        lambda: both_ends(*S, PLANNED),
        [3.6888794575754704, 3.6888794514022294],
        tolerance=1e-7,
    ),
    Reference(
        "5.CUSUM path p0=.10 p1=.13",
        "Page's recursion, written out in this file",
        lambda: bernoulli_cusum([100, 100, 100], [10, 14, 18], 0.10, 0.13),
        lambda: cusum_by_steps([10, 14, 18]),
    ),
    Reference(
        "5.e-SR path m0=0",
        "(self)",
        lambda: np.exp(log_detector(falls())),
        [0.8114817776468655, 2.6388141831773955, 11.30261938031718],
    ),
    Reference(
        "5.e-SR path",
        "its recursion, case by case, written out in this file",
        lambda: np.exp(log_detector(falls())),
        detector_by_rows,
    ),
]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference.key)
def test_ours_is_theirs(reference: Reference) -> None:
    reference.check()
