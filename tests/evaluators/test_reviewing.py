"""Laws of drawing, counting and judging reviews, and how their intervals hold up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.study.production import ReviewPlan
from data_contracts.vocabulary import Reason, Status
from evaluators.columns import Columns, Measures
from evaluators.gates.reviews import GATE, Settings
from evaluators.reports import review_agreement, review_reasons, review_results
from evaluators.reviewing.doubly import FEWEST_PAIRS, doubly
from evaluators.reviewing.drawing import AGREEMENT, FLOOR, OTHER_KINDS, strata
from evaluators.reviewing.judged import counted, overall, shares
from evaluators.scope import Scope
from evaluators.statistics.intervals import wilson
from evaluators.statistics.reviews import share_interval, share_within

KINDS = st.dictionaries(
    st.sampled_from(["a, b", "b, a", "a, c", "c, a", "b, c", "c, b", AGREEMENT]),
    st.integers(0, 5000),
)


def coded(rows: list[dict[str, Any]], texts: tuple[str, ...]) -> Columns:
    """Return rows as a table, texts as codes."""
    arrays: dict[str, Any] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        if name in texts:
            labels[name] = tuple(dict.fromkeys(v for v in values if v is not None))
            codes = [-1 if v is None else labels[name].index(v) for v in values]
            arrays[name] = np.array(codes, np.int64)
        else:
            arrays[name] = np.array(values, np.int64)
    return Columns(arrays, labels)


def frame(round_no: int, stratum: str, population: int, drawn: int, **more: Any) -> dict[str, Any]:
    row = {"round": round_no, "stratum": stratum, "agree": int(stratum == AGREEMENT)}
    return (
        row
        | {"cut": "all", "segment": "all", "population": population, "drawn": drawn}
        | ({"reachable": drawn} | more)
    )


def said(round_no: int, stratum: str, judgement: str, n: int, **more: Any) -> dict[str, Any]:
    row = {"round": round_no, "stratum": stratum, "agree": int(stratum == AGREEMENT)}
    row |= {"cut": "all", "segment": "all", "judgement": judgement, "other": None, "reason": None}
    return row | {"n": n} | more


def measures(frames: list[dict[str, Any]], counts: list[dict[str, Any]]) -> Measures:
    texts = ("stratum", "cut", "segment", "judgement", "other", "reason")
    return {
        "review_frame": coded(frames, texts),
        "review_counts": coded(counts, texts) if counts else Columns({}),
        "review_people": Columns({"reviewers": np.array([2])}),
    }


def rows_of(columns: Any) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values())]  # noqa: B905


@given(KINDS, st.integers(1, 400), st.floats(0, 0.9))
def test_a_draw_never_takes_more_than_there_is_nor_more_than_asked(
    kinds: dict[str, int], cases: int, control: float
) -> None:
    found = strata(kinds, cases, control)
    assert all(0 <= s.drawn <= s.population for s in found)
    assert sum(s.drawn for s in found) <= cases
    assert sum(s.population for s in found) == sum(kinds.values())
    named = [kind for s in found for kind in s.kinds]
    assert len(named) == len(set(named))
    differ = [s for s in found if not s.agree]
    wanted = cases - sum(s.drawn for s in found if s.agree)
    assert sum(s.drawn for s in differ) == min(wanted, sum(s.population for s in differ))
    if wanted >= FLOOR * len(differ):
        assert all(s.drawn >= min(FLOOR, s.population) for s in differ)
    if wanted >= len(differ):
        assert all(s.drawn > 0 for s in differ)


def test_rare_kinds_are_pooled_and_a_single_one_keeps_its_name() -> None:
    kinds = {AGREEMENT: 1000, "a, b": 900, "b, a": 60, "a, c": 30, "c, a": 10}
    assert [s.name for s in strata(kinds, 100, 0.1)] == [AGREEMENT, "a, b", OTHER_KINDS]
    alone = {AGREEMENT: 1000, "a, b": 900, "b, a": 10}
    assert [s.name for s in strata(alone, 100, 0.1)] == [AGREEMENT, "a, b", "b, a"]


def test_shares_weigh_strata_by_their_cases_not_by_their_reviews() -> None:
    # By hand: (900 * 2/20 + 100 * 15/20) / 1000 = 0.165, where pooling would say 17/40.
    found = measures(
        [frame(1, "a, b", 900, 20), frame(1, "b, a", 100, 20)],
        [
            said(1, "a, b", "candidate", 2),
            said(1, "a, b", "production", 18),
            said(1, "b, a", "candidate", 15),
            said(1, "b, a", "cannot_tell", 5),
        ],
    )
    cells = overall(found, agree=False)
    share, low, high = shares(cells, cells.said, 0.05)
    assert share.sum() == pytest.approx(1)
    assert share[1] == pytest.approx(0.165)
    assert (low <= share).all()
    assert (share <= high).all()


def test_a_round_counts_once_every_stratum_has_some_judgements() -> None:
    frames = [
        frame(1, "a, b", 100, 20),
        frame(1, "b, a", 50, 20),
        frame(2, "a, b", 80, 20),
        frame(2, "b, a", 40, 3),
    ]
    done = [said(1, "a, b", "candidate", 20), said(1, "b, a", "production", 20)]
    begun = [*done, said(2, "a, b", "candidate", 20), said(2, "b, a", "both", 2)]
    whole = [*begun, said(2, "b, a", "both", 1)]

    def rounds(counts: list[dict[str, Any]]) -> set[int]:
        return {key[0] for key in counted(overall(measures(frames, counts), agree=False)).keys}

    assert rounds(done[:1]) == set()
    assert rounds(done) == rounds(begun) == {1}
    assert rounds(whole) == {1, 2}


@pytest.mark.parametrize(
    ("judged", "reachable", "counts"),
    [
        (3, 10, False),
        (3, 6, False),
        (3, 3, True),
        (0, 0, True),
        (0, 1, False),
    ],
)
def test_what_was_purged_unjudged_is_not_waited_for(
    judged: int, reachable: int, counts: bool
) -> None:
    frames = [frame(1, "a, b", 100, 10), frame(1, "b, a", 50, 10, reachable=reachable)]
    told = [said(1, "a, b", "candidate", 10)]
    told += [said(1, "b, a", "candidate", judged)] * (judged > 0)
    cells = counted(overall(measures(frames, told), agree=False))
    assert len(cells.keys) == (2 if counts else 0)
    if not judged and counts:
        share, low, high = shares(cells, cells.said[:, [1]], 0.05)
        assert share == high == 1
        assert low < 100 / 150


def test_a_round_of_which_nothing_was_judged_or_can_be_says_nothing() -> None:
    frames = [frame(1, "a, b", 100, 10, reachable=0), frame(2, "a, b", 50, 10)]
    told = [said(2, "a, b", "candidate", 10)]
    assert counted(overall(measures(frames, told), agree=False)).keys == ((2, "a, b"),)


def test_results_say_nothing_rather_than_half(scope: Callable[..., Scope]) -> None:
    frames = [
        frame(1, "a, b", 100, 20),
        frame(1, "b, a", 50, 20),
        frame(1, AGREEMENT, 500, 5),
        frame(1, "a, b", 60, 15, cut="unit", segment="u0"),
        frame(1, "b, a", 10, 3, cut="unit", segment="u0"),
    ]
    counts = [
        said(1, "a, b", "candidate", 12),
        said(1, "a, b", "candidate", 10, cut="unit", segment="u0"),
    ]
    rows = rows_of(review_results.tabulate(measures(frames, counts), scope(30)))
    main = [row for row in rows if row["part"] == "disagreements"]
    assert len(main) == 5
    assert all(np.isnan(row["estimate"]) for row in main)
    assert {row["judged"] for row in main} == {12}
    stratum = {r["judgement"]: r for r in rows if r["part"] == "stratum" and r["name"] == "a, b"}
    assert stratum["candidate"]["estimate"] == 1
    (segment,) = [r for r in rows if r["part"] == "segment" and r["judgement"] == "candidate"]
    # Of the ten cases of the other kind nobody judged one: they may all be otherwise.
    assert segment["estimate"] == 1
    assert segment["low"] < 60 / 70
    assert segment["high"] == 1
    assert (segment["judged"], segment["drawn"], segment["population"]) == (10, 18, 70)


def test_what_was_said_is_counted_over_rounds_as_it_is(scope: Callable[..., Scope]) -> None:
    frames = [frame(1, "a, b", 2000, 10), frame(2, "a, b", 60, 10)]
    counts = [said(1, "a, b", "candidate", 10), said(2, "a, b", "production", 10)]
    rows = rows_of(review_results.tabulate(measures(frames, counts), scope(30)))
    assert {row["part"] for row in rows} == {"disagreements", "stratum"}
    told = {(row["part"], row["judgement"]): row["said"] for row in rows if row["said"]}
    assert set(told.values()) == {10}
    assert len(told) == 4
    (share,) = {row["estimate"] for row in rows if row["judgement"] == "candidate"}
    assert share == pytest.approx(2000 / 2060)


def test_small_segments_are_not_told_singly(scope: Callable[..., Scope]) -> None:
    frames = [frame(1, "a, b", 100, 20)]
    frames += [frame(1, "a, b", 29, 12, cut="unit", segment="u0")]
    counts = [said(1, "a, b", "both", 12), said(1, "a, b", "both", 12, cut="unit", segment="u0")]
    rows = rows_of(review_results.tabulate(measures(frames, counts), scope(30)))
    assert "segment" not in {row["part"] for row in rows}


def test_reasons_are_weighted_and_known_differences_are_marked(
    scope: Callable[..., Scope],
) -> None:
    plan = ReviewPlan(cases=10, known_differences={"rule": "An old rule"})
    of = scope(30)
    of = replace(of, terms=replace(of.terms, review=plan))
    counts = [
        said(1, "a, b", "candidate", 8, reason="rule"),
        said(1, "a, b", "candidate", 2),
        said(1, "b, a", "production", 10, reason="data error"),
    ]
    frames = [frame(1, "a, b", 900, 10), frame(1, "b, a", 100, 10)]
    rows = {r["reason"]: r for r in rows_of(review_reasons.tabulate(measures(frames, counts), of))}
    assert list(rows) == ["data error", "rule", ""]
    assert rows["rule"]["known"]
    assert not rows["data error"]["known"]
    assert rows["rule"]["share"] == pytest.approx(0.72)
    assert rows["data error"]["share"] == pytest.approx(0.1)
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1)


def with_known(of: Scope) -> Scope:
    """Return the scope of a study that knows of one difference."""
    plan = ReviewPlan(cases=10, known_differences={"rule": "An old rule"})
    return replace(of, terms=replace(of.terms, review=plan))


def test_a_known_difference_counts_for_neither_side(scope: Callable[..., Scope]) -> None:
    counts = [
        said(1, "a, b", "candidate", 3),
        said(1, "a, b", "candidate", 2, reason="data error"),
        said(1, "a, b", "production", 4, reason="rule"),
        said(1, "a, b", "candidate", 1, reason="rule"),
        said(1, "b, a", "production", 10),
        said(1, AGREEMENT, "both", 9),
        said(1, AGREEMENT, "neither", 1, reason="rule"),
    ]
    frames = [
        frame(1, "a, b", 900, 10),
        frame(1, "b, a", 100, 10),
        frame(1, AGREEMENT, 500, 10),
    ]
    for rows in (frames, counts):
        rows += [row | {"cut": "unit", "segment": "u0"} for row in rows]
    of = measures(frames, counts)
    rows = rows_of(review_results.tabulate(of, with_known(scope(30))))

    def told(part: str, name: str = "") -> dict[str, float]:
        mine = [row for row in rows if (row["part"], row["name"]) == (part, name)]
        return {row["judgement"]: round(row["estimate"], 6) for row in mine if row["estimate"]}

    # Weighted by stratum: of 900 half, of 100 all.
    everything = {"production": 0.1, "candidate": 0.45, "known_difference": 0.45}
    assert told("disagreements") == told("segment", "u0") == everything
    assert told("stratum", "a, b") == {"candidate": 0.5, "known_difference": 0.5}
    assert told("agreements") == {"both": 0.9, "neither": 0.1}
    plain = rows_of(review_results.tabulate(of, scope(30)))
    assert "known_difference" not in {row["judgement"] for row in plain}


def test_the_gate_leaves_known_differences_out(scope: Callable[..., Scope]) -> None:
    frames = [frame(1, "a, b", 400, 200)]
    rule = [said(1, "a, b", "production", 100, reason="rule")]
    of = measures(frames, [*rule, said(1, "a, b", "both", 20), *pairs(80, 0)])
    found = judged(of, with_known(scope(30)), right_share=0.5)
    assert (found.status, found.n) == (Status.PASS, 100)
    assert found.value == pytest.approx(0.6)  # (20 + 40) / 100, where 60 / 200 is all of them
    assert "100 cases, and 100 known differences left out" in found.sentence
    assert judged(of, scope(30), right_share=0.5).status is Status.FAIL
    only = measures(frames, [row | {"reason": "rule"} for row in pairs(100, 0)])
    found = judged(only, with_known(scope(30)), right_share=0.5)
    assert (found.status, found.measured) == (Status.INCONCLUSIVE, "known differences only")


def test_a_share_within_a_part_by_hand_and_without_any_part() -> None:
    size, n, inside, hits = np.array([900, 100]), np.array([20, 25]), [10, 20], [9, 5]
    share, low, high = share_within(size, n, inside, hits)
    # (450 * 9/10 + 80 * 5/20) / 530
    assert share == pytest.approx(425 / 530)
    ends = []
    for cases, part, yes in ((450, 10, 9), (80, 20, 5)):
        own = part * (cases - 1) / (cases - part)
        ends.append([cases / 530 * (float(x) - yes / part) for x in wilson(yes / part * own, own)])
    sizes = [
        (900 / 530) ** 2 * (1 - 20 / 900) * 0.5 * 0.5 / 19 * (0.9 - 425 / 530) ** 2,
        (100 / 530) ** 2 * (1 - 25 / 100) * 0.8 * 0.2 / 24 * (0.25 - 425 / 530) ** 2,
    ]
    reach = 1.959964**2 * sum(sizes)
    assert share - low == pytest.approx(np.sqrt(sum(x[0] ** 2 for x in ends) + reach))
    assert high - share == pytest.approx(np.sqrt(sum(x[1] ** 2 for x in ends) + reach))
    assert [*share_within(size, n, n, hits)] == [*share_interval(size, n, hits)]
    assert np.isnan(share_within(size, n, [0, 0], [0, 0])).all()
    assert share_within(size, n, [0, 20], [0, 5])[0] == 0.25


def test_intervals_within_a_part_hold_the_truth() -> None:
    rng = np.random.default_rng(21)
    size, n = np.array([1500, 400]), np.array([120, 60])
    known, right = np.array([600, 40]), np.array([700, 90])
    truth = right.sum() / (size - known).sum()
    told = np.stack(
        [
            rng.multivariate_hypergeometric([k, r, s - k - r], m, 2000)
            for s, k, r, m in zip(size, known, right, n, strict=True)
        ],
        axis=1,
    )
    _, low, high = share_within(size, n, n - told[..., 0], told[..., 1])
    assert ((low <= truth) & (truth <= high)).mean() > 0.94


def pairs(same: int, other: int) -> list[dict[str, Any]]:
    """Return doubly judged cases: so many alike, half for each side, and so many not."""
    found = [
        said(1, "a, b", "candidate", same // 2, other="candidate"),
        said(1, "a, b", "production", same - same // 2, other="production"),
    ]
    return found + [said(1, "a, b", "candidate", other, other="production")] * (other > 0)


def test_agreement_is_gwets_over_disagreements_only(scope: Callable[..., Scope]) -> None:
    frames = [frame(1, "a, b", 100, 60), frame(1, AGREEMENT, 100, 60)]
    counts = [*pairs(40, 10), said(1, AGREEMENT, "both", 50, other="both")]
    found = doubly(measures(frames, counts), scope(30))
    assert (found.cases, found.same) == (50, 40)
    # By hand, for the two categories that were used.
    first, second = np.array([30, 20]) / 50, np.array([20, 30]) / 50
    mean = (first + second) / 2
    chance = float((mean * (1 - mean)).sum())
    assert found.ac1 == pytest.approx((0.8 - chance) / (1 - chance))
    assert found.low < found.ac1 < found.high < 1
    table = review_agreement.tabulate(measures(frames, counts), scope(30))
    assert table["usable"] == [True]
    assert table["reviewers"] == [2]


def test_full_agreement_of_few_is_not_certain(scope: Callable[..., Scope]) -> None:
    found = doubly(measures([frame(1, "a, b", 100, 60)], pairs(12, 0)), scope(30))
    assert found.ac1 == 1
    assert found.low < 0.8
    few = doubly(measures([frame(1, "a, b", 100, 60)], pairs(FEWEST_PAIRS - 1, 0)), scope(30))
    assert np.isnan(few.ac1)
    assert not few.usable()


def judged(of: Measures, scope: Scope, **settings: Any) -> Any:
    return GATE.judge("r", Settings(**settings), of, scope)


def test_the_gate_says_where_it_stands(scope: Callable[..., Scope]) -> None:
    of = scope(30)
    assert judged({}, of).reason is Reason.NOT_APPLICABLE
    planned = replace(of, terms=replace(of.terms, review=ReviewPlan(cases=10)))
    assert judged({}, planned).reason is Reason.NO_CASES
    frames = [frame(1, "a, b", 400, 200)]
    counts = [said(1, "a, b", "candidate", 40), said(1, "a, b", "both", 10)]
    few = judged(measures(frames, counts), planned, cases=100)
    assert (few.status, few.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_CASES)
    assert "50 of 200 drawn cases" in few.sentence
    alone = judged(measures(frames, counts), planned, cases=50)
    assert (alone.status, alone.measured) == (Status.INCONCLUSIVE, "0 judged twice")
    enough = [*counts, *pairs(40, 2)]
    assert judged(measures(frames, enough), planned, cases=90).status is Status.PASS
    torn = [*counts, *pairs(10, 32)]
    assert judged(measures(frames, torn), planned, cases=90).status is Status.FAIL
    doubtful = [*counts, *pairs(9, 3)]
    found = judged(measures(frames, doubtful), planned, cases=50)
    assert (found.status, found.reason) == (Status.INCONCLUSIVE, Reason.UNDECIDED)


def test_the_gate_holds_the_share_in_which_the_candidate_was_right_against_a_limit(
    scope: Callable[..., Scope],
) -> None:
    frames = [frame(1, "a, b", 400, 200)]
    counts = [said(1, "a, b", "candidate", 120), said(1, "a, b", "both", 20), *pairs(60, 0)]
    of = measures(frames, counts)  # (120 + 20 + 30) / 200
    states = {limit: judged(of, scope(30), right_share=limit).status for limit in (0.7, 0.85, 0.95)}
    assert states == {0.7: Status.PASS, 0.85: Status.INCONCLUSIVE, 0.95: Status.FAIL}
    assert judged(of, scope(30), right_share=0.7).value == pytest.approx(0.85)


@pytest.mark.parametrize("fault", [{"cases": 0}, {"ac1": 1.5}, {"right_share": 1.0}])
def test_settings_that_make_no_sense_are_refused(fault: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Settings(**fault)  # type: ignore[arg-type]


def test_intervals_hold_the_truth_when_reviewing_stops_early() -> None:
    """Of 400 studies, reviewed in order of position up to a point that nobody planned."""
    rng = np.random.default_rng(20)
    right = {"a, b": 0.85, "b, a": 0.3, AGREEMENT: 0.97}
    sizes = {"a, b": 1500, "b, a": 400, AGREEMENT: 20_000}
    plan = strata(sizes, 240, 0.1)
    truth = {name: rng.random(n) < right[name] for name, n in sizes.items()}
    held = {False: 0, True: 0}
    trials = 400
    for _ in range(trials):
        drawn = [(s, i) for s in plan for i in rng.choice(s.population, s.drawn, replace=False)]
        order = rng.permutation(len(drawn))[: int(rng.integers(120, 241))]
        counts = [
            said(1, s.name, "candidate" if truth[s.name][i] else "production", 1)
            for s, i in (drawn[place] for place in order)
        ]
        of = measures([frame(1, s.name, s.population, s.drawn) for s in plan], counts)
        for agree in (False, True):
            names = [s.name for s in plan if s.agree is agree]
            want = sum(truth[n].sum() for n in names) / sum(sizes[n] for n in names)
            cells = counted(overall(of, agree=agree))
            _, low, high = shares(cells, cells.said[:, [1]], 0.05)
            held[agree] += bool(low[0] <= want <= high[0])
    assert held[False] / trials > 0.925
    assert held[True] / trials > 0.925
