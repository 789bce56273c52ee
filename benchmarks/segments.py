"""Findings for 10,000 segments, 90 days and two candidates, against a loop over segments.

Run with `python -m benchmarks.segments`. The loop calls the same evaluators once a segment, as a
package does that knows one comparison at a time; it is timed on some segments and scaled.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from data_contracts.vocabulary import Answer, DecisionType, RiskTier
from evaluators.columns import Columns, Measures
from evaluators.kinds import all_evaluators, all_reports
from evaluators.scope import DataState, Scope

DAYS, FIRST, SAMPLE = 90, 15_826, 40
_KINDS = (  # production, candidate, truth: the classes "no" and "yes" as 0 and 1
    (0, 0, 0, 0.62),
    (1, 1, 1, 0.22),
    (0, 1, 1, 0.05),
    (1, 0, 1, 0.045),
    (1, 1, 0, 0.04),
    (0, 0, -1, 0.025),
)


def measures_of(segments: int, seed: int) -> Measures:
    """Return `outcome_counts` of one candidate: about six cells a segment and day."""
    rng = np.random.default_rng(seed)
    shape = (len(_KINDS), segments, DAYS)
    shares = np.array([kind[-1] for kind in _KINDS])[:, None, None]
    counts = rng.poisson(20 * shares, shape)
    counts = np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1)
    kind, segment, day = np.nonzero(counts)
    production, candidate, truth = (np.array([k[i] for k in _KINDS])[kind] for i in range(3))
    known = truth >= 0
    arrays = {
        "cohort_day": FIRST + day,
        "cut": (segment > 0).astype(np.int64),
        "segment": segment,
        "answer": np.zeros_like(kind),
        "decision": production,
        "recommendation": candidate,
        "outcome": truth,
        "agree": (production == candidate).astype(np.int64),
        "production_right": np.where(known, production == truth, -1),
        "candidate_right": np.where(known, candidate == truth, -1),
        "n": counts[kind, segment, day].astype(np.int64),
    }
    labels = {
        "cut": ("all", "unit"),
        "segment": ("all", *(f"u{i:05d}" for i in range(segments))),
        "answer": (str(Answer.ANSWERED),),
        **dict.fromkeys(("decision", "recommendation", "outcome"), ("no", "yes")),
    }
    return {"outcome_counts": Columns(arrays, labels)}


def scope_of(alpha: float = 0.025) -> Scope:
    """Return the scope of one of two candidates."""
    last = FIRST + DAYS - 1
    return Scope(
        "bench",
        "1",
        DecisionType.BINARY,
        ("no", "yes"),
        "yes",
        RiskTier.MEDIUM,
        alpha=alpha,
        first_day=FIRST,
        last_day=last,
        mature_day=last,
        cuts=("all", "unit"),
        data=DataState(rules=5),
    )


def findings_of(measures: Measures, scope: Scope) -> dict[str, float]:
    """Return the seconds of every evaluator that has something to say about these measures."""
    seconds = {}
    for name, evaluator in all_evaluators().items():
        fits = scope.decision_type in evaluator.decision_types
        if fits and all(needed in measures for needed in evaluator.needs):
            start = time.perf_counter()
            if evaluator.evaluate(measures, scope):
                seconds[name] = time.perf_counter() - start
    return seconds


def reports_of(measures: Measures, scope: Scope) -> dict[str, float]:
    """Return the seconds of every report that has something to say about these measures."""
    seconds = {}
    for name, report in all_reports().items():
        fits = scope.decision_type in report.decision_types
        if fits and all(needed in measures for needed in report.needs):
            start = time.perf_counter()
            if report.tabulate(measures, scope):
                seconds[name] = time.perf_counter() - start
    return seconds


def one_by_one(measures: Measures, scope: Scope, segments: int) -> tuple[float, float]:
    """Return the seconds a loop over all segments would take, from those of some of them.

    Returns
    -------
    tuple of float
        Taking each segment's rows out of the table, and judging them; without taking them out.
    """
    table = measures["outcome_counts"]
    picked = np.linspace(1, segments, min(SAMPLE, segments)).astype(int)
    start = time.perf_counter()
    parts = [{"outcome_counts": table.where(table["segment"] == number)} for number in picked]
    taken = time.perf_counter() - start
    start = time.perf_counter()
    for part in parts:
        findings_of(part, scope)
    judged = time.perf_counter() - start
    return (taken + judged) / len(parts) * segments, judged / len(parts) * segments


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segments", type=int, default=10_000)
    segments = parser.parse_args().segments
    scope = scope_of()
    candidates = [measures_of(segments, seed) for seed in (1, 2)]
    rows = sum(len(m["outcome_counts"]) for m in candidates)
    say(f"{segments:,} segments x {DAYS} days x 2 candidates: {rows:,} measure rows")
    for name, seconds in findings_of(candidates[0], scope).items():
        say(f"  {name:<24}{seconds:6.2f} s")
    for name, seconds in reports_of(candidates[0], scope).items():
        say(f"  report {name:<24}{seconds:6.2f} s")
    candidates = [measures_of(segments, seed) for seed in (1, 2)]
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda measures: findings_of(measures, scope), candidates))
    ours = time.perf_counter() - start
    loop, split = (2 * seconds for seconds in one_by_one(candidates[0], scope, segments))
    say(f"all findings {ours:.2f} s (target 5)")
    say(f"a loop over segments {loop:.0f} s: {loop / ours:.0f} times (target 50)")
    say(f"a loop over rows split beforehand {split:.0f} s: {split / ours:.0f} times")


def say(text: str) -> None:
    """Print at once."""
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
