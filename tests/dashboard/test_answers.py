"""Sentences at none, one, some and all."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.answers import course_answer, segments_answer
from dashboard.records import Candidate, Week
from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Shown, Status

GOOD, WORSE, OPEN = Shown.AT_LEAST_AS_GOOD, Shown.WORSE, Shown.UNDECIDED


@pytest.mark.parametrize(
    ("states", "gate", "answer"),
    [
        ([], None, "No segment has a case yet."),
        ([GOOD], None, "In the one segment the AI is shown to be at least as good as production."),
        (
            [GOOD] * 3,
            None,
            "In all 3 segments the AI is shown to be at least as good as production.",
        ),
        ([WORSE] * 3, None, "In all 3 segments the AI is shown to be worse than the limit."),
        (
            [OPEN] * 3,
            None,
            "In all 3 segments it is not yet known whether the AI is at least as good as"
            " production.",
        ),
        (
            [GOOD, WORSE, OPEN, OPEN],
            None,
            "In 1 of 4 segments the AI is shown to be at least as good as production;"
            " in 1 it is shown to be worse; 2 are undecided.",
        ),
        (
            [WORSE, OPEN],
            None,
            "In 1 of 2 segments the AI is shown to be worse than the limit; 1 is undecided.",
        ),
        (
            [GOOD] * 22 + [WORSE] + [OPEN] * 9,
            (24, 31),
            "At least 24 of 32 segments are at least as good; the gate needs 31."
            " Singly: 22 shown, 1 worse, 9 undecided.",
        ),
        (
            [GOOD] * 3,
            (3, 3),
            "All 3 segments are at least as good; the gate needed 3."
            " Singly: 3 shown, 0 worse, 0 undecided.",
        ),
        (
            [Shown.NO_DATA] * 3,
            (0, 3),
            "No segment can be vouched for yet; the gate needs 3. Singly: 3 not yet known.",
        ),
        (
            [GOOD],
            (1, 1),
            "The one segment is at least as good. Singly: 1 shown, 0 worse, 0 undecided.",
        ),
    ],
)
def test_segments(states: list[Shown], gate: tuple[int, int] | None, answer: str) -> None:
    assert segments_answer(states, gate) == answer


def gate(
    status: Status, since: date | None = None, low: float | None = None, limit: float = -0.01
) -> GateResult:
    return GateResult(
        "g",
        "noninferiority",
        GateFamily.QUALITY,
        status,
        Reason.OK,
        "r",
        "s",
        "m",
        low=low,
        threshold=limit,
        since=since,
    )


def week(number: int, low: float) -> Week:
    last = date(2013, 5, 7 * number)
    high = -0.001 if low < -0.2 else 0.1
    return Week(Candidate("c", "1"), number, last, True, 0.01, low, high, 0.0, 0.0, 10)


FIRST_WEEK = date(2013, 5, 7)
KEPT = "The AI was shown to be within the limit on 7 May, and what was shown is kept"


@pytest.mark.parametrize(
    ("lows", "on", "answer"),
    [
        ([-0.1], None, "It is not shown yet whether the AI is better; the policy names no limit"),
        ([-0.1, 0.1], None, "The AI has been shown to be better than production since 14 May"),
        (
            [0.1],
            gate(Status.INCONCLUSIVE),
            "It is not shown yet whether the AI is within the limit",
        ),
        ([-0.1], gate(Status.FAIL), "The AI is shown to be worse than the limit"),
        ([-0.1], gate(Status.PASS), "The AI has been shown to be within the limit"),
        (
            [-0.1, 0.1],
            gate(Status.PASS, date(2013, 5, 7)),
            "The AI has been shown to be within the limit since 7 May, and better since 14 May",
        ),
        (
            [0.1],
            gate(Status.PASS, date(2013, 5, 7)),
            "The AI has been shown to be better than production since 7 May",
        ),
        (
            [-0.1, 0.1, 0.1],
            None,
            "The AI has been shown to be better than production since 14 May",
        ),
        (
            [0.1, -0.1, 0.1],
            None,
            "The AI has been shown to be better than production since 21 May",
        ),
        (
            [0.1, 0.1, -0.1],
            None,
            "The AI was shown to be better than production on 7 May, and the latest week does not"
            " show it",
        ),
        (
            [-0.1, 0.1, -0.3],
            None,
            "The AI was shown to be better than production on 14 May, and the latest week shows it"
            " to be worse",
        ),
        (
            [-0.3],
            None,
            "The AI is shown to be worse than production; the policy names no limit",
        ),
        (
            [0.1, -0.005],
            gate(Status.PASS, FIRST_WEEK, -0.005),
            "The AI has been shown to be within the limit since 7 May; it was shown to be better"
            " than production on 7 May, and the latest week does not show it",
        ),
        ([-0.005, -0.1], gate(Status.PASS, FIRST_WEEK, -0.1), KEPT),
        (
            [0.1, -0.1],
            gate(Status.PASS, FIRST_WEEK, -0.1),
            f"{KEPT}; it was shown to be better than production on 7 May, and the latest week does"
            " not show it",
        ),
        (
            [0.1, 0.01],
            gate(Status.PASS, FIRST_WEEK, 0.01, limit=0.05),
            f"{KEPT}; better since 7 May",
        ),
    ],
)
def test_course(lows: list[float], on: GateResult | None, answer: str) -> None:
    assert course_answer([week(i + 1, low) for i, low in enumerate(lows)], on) == answer
