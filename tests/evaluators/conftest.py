"""Small literal studies as measures, without a warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numeric_measures import loss_measures
from numpy.typing import ArrayLike
from score_tables import of_rows

from data_contracts.vocabulary import Answer, DecisionType, RiskTier
from evaluators.columns import NO_DAY, UNKNOWN, Columns, Measures
from evaluators.scope import DataState, Scope

Row = Mapping[str, Any]
FIRST = 15_826  # 1 May 2013

_TEXTS = ("cut", "segment", "answer", "decision", "recommendation", "outcome")


def _coded(values: Sequence[str | None]) -> tuple[np.ndarray, tuple[str, ...]]:
    labels = tuple(sorted({v for v in values if v is not None}))
    place = {label: i for i, label in enumerate(labels)}
    codes = np.array([UNKNOWN if v is None else place[v] for v in values], np.int32)
    return codes, labels


def _same(left: str | None, right: str | None) -> int:
    return UNKNOWN if left is None or right is None else int(left == right)


def build(rows: Iterable[Row]) -> Measures:
    """Return measures of cases given as rows.

    A row may say n, day (None: no day), answer, decision, recommendation, outcome, score, lag
    (whole days until the outcome came) and, under any other name, its segment in a cut of that
    name.
    """
    rows = list(rows)
    expanded: list[dict[str, Any]] = []
    per_day: dict[int, list[int]] = {}
    for row in rows:
        cuts = {k: v for k, v in row.items() if k not in ("n", "day", "lag", "score", *_TEXTS[2:])}
        answer = str(row.get("answer", Answer.ANSWERED))
        told = answer in (Answer.ANSWERED, Answer.EXPOSED)
        given = row.get("recommendation", "no") if told else None
        day = NO_DAY if row.get("day") is None else int(row["day"])
        n = int(row.get("n", 1))
        counts = per_day.setdefault(day, [0, 0, 0])
        counts[0] += n
        counts[1] += n * (answer != Answer.MISSING)
        counts[2] += n * (row.get("outcome") is not None)
        for cut, segment in {"all": "all", **cuts}.items():
            decision, outcome = row.get("decision", "no"), row.get("outcome")
            expanded.append(
                {
                    "cohort_day": day,
                    "cut": cut,
                    "segment": segment,
                    "answer": answer,
                    "decision": decision,
                    "recommendation": given,
                    "outcome": outcome,
                    "agree": _same(decision, given),
                    "production_right": _same(decision, outcome),
                    "candidate_right": _same(given, outcome),
                    "n": n,
                }
            )
    if not expanded:
        names = ("outcome_counts", "stream_counts", "outcome_lags", *_WORTH)
        names += ("slice_counts", "repeat_counts", "loss_sums", "loss_difference_bins")
        return {**{name: Columns({}) for name in names}, **of_rows(rows)}
    arrays: dict[str, Any] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for name in expanded[0]:
        values = [row[name] for row in expanded]
        if name in _TEXTS:
            arrays[name], labels[name] = _coded(values)
        else:
            arrays[name] = np.array(values, np.int64)
    days = sorted(per_day)
    stream = {
        "cohort_day": np.array(days, np.int64),
        **{
            name: np.array([per_day[d][i] for d in days], np.int64)
            for i, name in enumerate(("decisions", "recommendations", "outcomes"))
        },
    }
    return {
        "outcome_counts": Columns(arrays, labels),
        "stream_counts": Columns(stream),
        "outcome_lags": _lags(rows),
        **of_rows(rows),
        **_worth(per_day),
        "slice_counts": slices(expanded),
        "repeat_counts": repeats(expanded),
        **_as_numbers(expanded),
    }


def _lags(rows: Sequence[Row]) -> Columns:
    codes, labels = _coded([row.get("outcome") for row in rows])
    known = [row.get("outcome") is not None and row.get("day") is not None for row in rows]
    lags = [row.get("lag", 1) if k else np.nan for row, k in zip(rows, known, strict=True)]
    days = [NO_DAY if row.get("day") is None else int(row["day"]) for row in rows]
    arrays = {
        "cohort_day": np.array(days, np.int64),
        "lag_days": np.array(lags, float),
        "outcome": codes,
        "n": np.array([int(row.get("n", 1)) for row in rows], np.int64),
    }
    return Columns(arrays, {"outcome": labels})


_WORTH = ("latency_counts", "running_costs", "reliance_counts")


def _worth(per_day: Mapping[int, list[int]]) -> dict[str, Columns]:
    """Return made-up response times, costs and first decisions for cases counted per day."""
    days = np.array(sorted(per_day), np.int64)
    n = np.array([per_day[day][0] for day in days.tolist()], np.int64)
    bins = np.array([120, 140, 160])
    slow = np.repeat(n, 3) * np.tile([6, 3, 1], len(days))
    latency = {
        "cohort_day": np.repeat(days, 3),
        "latency_bin": np.tile(bins, len(days)),
        "n": slow,
        "answered": slow,
    }
    costs = {
        "cohort_day": days,
        "priced": n,
        "millionths": 1500 * n + 100 * (days % 7),
        "squares": 1500.0**2 * 1.1 * n,
        "metered": n,
        "input_tokens": 300 * n,
        "output_tokens": 20 * n + days % 5,
    }
    kinds = 6
    reliance = {
        "cohort_day": np.repeat(days, kinds),
        "answer": np.zeros(kinds * len(days), np.int64),
        "initial_right": np.tile([0, 0, 1, 1, 1, UNKNOWN], len(days)),
        "candidate_right": np.tile([1, 1, 0, 0, 1, UNKNOWN], len(days)),
        "final_right": np.tile([1, 0, 1, 0, 1, UNKNOWN], len(days)),
        "followed": np.tile([1, 0, 0, 1, 1, 1], len(days)),
        "agreed_before": np.tile([0, 0, 0, 0, 1, 1], len(days)),
        "n": np.repeat(n, kinds),
    }
    return {
        "latency_counts": Columns(latency),
        "running_costs": Columns(costs),
        "reliance_counts": Columns(reliance, {"answer": (str(Answer.EXPOSED),)}),
    }


def slices(expanded: Sequence[Row]) -> Columns:
    """Return the measure of slices by `unit` and by another segment, halves in turns."""
    rows = [
        row
        for row in expanded
        if row["cut"] == "unit" and row["answer"] not in ("hindsight", "exposed")
    ]
    if not rows:
        return Columns({})
    differ = [row["answer"] == Answer.ANSWERED and row["agree"] == 0 for row in rows]
    known = [row["production_right"] >= 0 and row["candidate_right"] >= 0 for row in rows]
    pairs = list(zip(known, rows, strict=True))
    found: dict[str, list[bool]] = {
        "only_candidate": [
            k and r["candidate_right"] == 1 and r["production_right"] == 0 for k, r in pairs
        ],
        "only_production": [
            k and r["production_right"] == 1 and r["candidate_right"] == 0 for k, r in pairs
        ],
        "open_disagreements": [not k for k in known],
    }
    n = np.array([row["n"] for row in rows], np.int64)
    arrays: dict[str, Any] = {
        name: n * np.array(values, np.int64) * np.array(differ, np.int64)
        for name, values in found.items()
    }
    unit, units = _coded([row["segment"] for row in rows])
    part, parts = _coded([f"p{i % 3}" for i in range(len(rows))])
    arrays |= {
        "cohort_day": np.array([row["cohort_day"] for row in rows], np.int64),
        "half": np.arange(len(rows)) // 3 % 2,
        "segment_unit": unit,
        "segment_part": part,
        "n": n,
    }
    return Columns(arrays, {"segment_unit": units, "segment_part": parts})


def repeats(expanded: Sequence[Row]) -> Columns:
    """Return the measure of repeated questions: each row's cases are judgements of one."""
    sums: dict[int, list[int]] = {}
    classes: dict[tuple[int, str], int] = {}
    for number, row in enumerate(r for r in expanded if r["cut"] == "all"):
        n, other = int(row["n"]) + 1, number % 2
        size = sums.setdefault(n + other, [0] * 5)
        agreed = n if row["agree"] == 1 else other
        added = (1, n * (n - 1), n, n + other, agreed)
        sums[n + other] = [a + b for a, b in zip(size, added, strict=True)]
        for label, count in ((row["decision"], n), ("maybe", other)):
            classes[n + other, label] = classes.get((n + other, label), 0) + count
    names = ("items", "agreeing_pairs", "most", "answered", "agreeing_answers")
    code, labels = _coded([None] * len(sums) + [label for _, label in classes])
    arrays = {
        "judgements": np.array([*sums, *(size for size, _ in classes)], np.int64),
        "decision": code,
        "cohort_day": np.full(len(code), NO_DAY),
        "n": np.array([0] * len(sums) + list(classes.values()), np.int64),
    }
    for i, name in enumerate(names):
        arrays[name] = np.array([s[i] for s in sums.values()] + [0] * len(classes), np.int64)
    return Columns(arrays, {"decision": labels})


def _as_numbers(expanded: Sequence[Mapping[str, Any]]) -> Measures:
    """Return the measures of the same cases with numbers in place of classes."""
    apart = (Answer.HINDSIGHT, Answer.EXPOSED)
    compared = [row for row in expanded if row["answer"] not in apart]
    whole = [row for row in compared if row["cut"] == "all"]
    if not whole:
        return {"loss_sums": Columns({}), "loss_difference_bins": Columns({})}
    texts = {row[name] for row in compared for name in _TEXTS[3:]} - {None}
    values = {None: np.nan, **{text: 10.0 + 4 * i for i, text in enumerate(sorted(texts))}}
    cuts = [row["cut"] for row in compared]
    names = [cut for cut in dict.fromkeys(cuts) if cut != "all" and cuts.count(cut) == len(whole)]
    return loss_measures(
        [row["cohort_day"] for row in whole],
        [values[row["decision"]] for row in whole],
        [values[row["recommendation"]] for row in whole],
        [values[row["outcome"]] + 0.25 * (i % 5) for i, row in enumerate(whole)],
        n=[row["n"] for row in whole],
        answered=[row["answer"] == Answer.ANSWERED for row in whole],
        segments={n: [row["segment"] for row in compared if row["cut"] == n] for n in names},
    )


def build_daily(
    n: ArrayLike, wins: ArrayLike, losses: ArrayLike, open_: ArrayLike = 0, first: int = FIRST
) -> Measures:
    """Return measures of a study day by day.

    Arrays of shape (days,), or (segments, days) for a cut `unit` with segments `u0`, `u1`, ...
    """
    arrays = np.broadcast_arrays(*(np.atleast_2d(np.asarray(a)) for a in (n, wins, losses, open_)))
    total, b, c, u = (a.astype(np.int64) for a in arrays)
    assert (total >= b + c + u).all()
    kinds = np.stack([total - b - c - u, b, c, u])  # (kind, segment, day)
    kind, segment, day = (a.ravel() for a in np.indices(kinds.shape))
    count = kinds.ravel()
    size = len(total)

    def table(cut: int, of: np.ndarray) -> dict[str, np.ndarray]:
        production = np.array([1, 0, 1, UNKNOWN])[kind]
        candidate = np.array([1, 1, 0, UNKNOWN])[kind]
        yes, no = np.ones_like(kind), np.zeros_like(kind)
        truth = np.where(kind == 3, UNKNOWN, yes)
        return {
            "cohort_day": first + day,
            "cut": np.full(len(kind), cut),
            "segment": of,
            "answer": no,
            "decision": np.where(kind == 1, no, yes),
            "recommendation": np.where((kind == 2) | (kind == 3), no, yes),
            "outcome": truth,
            "agree": (kind == 0).astype(np.int64),
            "production_right": production,
            "candidate_right": candidate,
            "n": count,
        }

    whole, parts = table(0, np.zeros_like(kind)), table(1, segment + 1)
    keep = count > 0
    arrays_ = {k: np.concatenate([whole[k][keep], parts[k][keep]]) for k in whole}
    labels = {
        "cut": ("all", "unit"),
        "segment": ("all", *(f"u{i}" for i in range(size))),
        "answer": (str(Answer.ANSWERED),),
        **{name: ("no", "yes") for name in ("decision", "recommendation", "outcome")},
    }
    decisions = total.sum(axis=0)
    stream = {
        "cohort_day": first + np.arange(len(decisions)),
        "decisions": decisions,
        "recommendations": decisions,
        "outcomes": decisions - u.sum(axis=0),
    }
    per_day = {first + i: [int(d)] for i, d in enumerate(decisions)}
    return {
        "outcome_counts": Columns(arrays_, labels),
        "stream_counts": Columns(stream),
        **_worth(per_day),
    }


def build_scope(days: int | None = None, **changes: Any) -> Scope:
    """Return the scope of a binary study of so many days; without days a timeless one."""
    known: dict[str, Any] = {
        "candidate": "late-gbm",
        "version": "1.4.0",
        "decision_type": DecisionType.BINARY,
        "classes": ("no", "yes"),
        "positive": "yes",
        "risk_tier": RiskTier.MEDIUM,
        "data": DataState(rules=5),
        "cuts": ("all", "unit"),
    }
    if days is not None:
        last = FIRST + days - 1
        wait = changes.get("matures_after_days", 0)
        known |= {"first_day": FIRST, "last_day": last, "mature_day": last - wait}
    return Scope(**(known | changes))


@pytest.fixture
def measures_of() -> Callable[[Iterable[Row]], Measures]:
    """Build measures from rows."""
    return build


@pytest.fixture
def daily() -> Callable[..., Measures]:
    """Build measures from arrays of days."""
    return build_daily


@pytest.fixture
def scope() -> Callable[..., Scope]:
    """Build a scope."""
    return build_scope
