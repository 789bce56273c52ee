"""What to invent: the plan of a publication, and the kinds the tests speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import duckdb

FIRST = date(2013, 5, 1)
PUBLISHED = datetime(2014, 1, 2, 5, 12, tzinfo=UTC)
CANDIDATE = "late-gbm"
VERSION = "1.4.0"
CUT = "origin x carrier"
ORIGINS = ("EWR", "JFK", "LGA")
CARRIERS = ("9E", "AA", "B6", "DL", "EV", "MQ", "UA", "US", "VX", "WN", "F9", "YV")
DEMO = tuple(f"{o} · {c}" for o in ORIGINS for c in CARRIERS)[:35]
LARGE = DEMO[:6]
GO: dict[str, Any] = {"segments": LARGE, "weak": "", "per_day": 1500}
NO_GO: dict[str, Any] = {"segments": LARGE, "weak": LARGE[1], "per_day": 1500}
BLOCKED: dict[str, Any] = {"unbalanced": ("decisions: read = accepted + rejected, but 7 = 6 + 0",)}
EARLY: dict[str, Any] = {
    "segments": DEMO[:20],
    "outcomes": False,
    "weeks": 4,
    "reviews": "planned",
}
TINY: dict[str, Any] = {
    "segments": ("LGA \u00b7 UA",),
    "weak": "",
    "outcomes": False,
    "weeks": 1,
    "number": 1,
    "registrations": 1,
    "reviews": "",
}
EMPTY: dict[str, Any] = {
    "segments": (),
    "weak": "",
    "timeless": True,
    "number": 1,
    "registrations": 1,
}
"""A publication without a single case: then there is no day either."""

HUGE: dict[str, Any] = {
    "segments": tuple(f"R{i % 20:02} · shop {i:04}" for i in range(2000)),
    "weak": "R07 · shop 0007",
    "weeks": 9,
    "per_day": 160_000,
    "live": "declared",
}
"""Ten million cases in two thousand segments."""

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd()",
    "[x](http://a.b)",
    "www.a.example",
    ":smile: **b**",
)


@dataclass(frozen=True)
class Plan:
    """What to invent. `weak` names the segment at which the candidate is worse.

    `live` says what is known of the live system: nothing (empty), what it is `recorded` to take
    and cost, that and what is `declared`, or that too where outcomes are `unseen` after refusals.
    `gates` stand in for the usual ones, `expected` is the plan the policy was registered with.
    `reviews` says how far people are: no plan (empty), `planned`, `drawn`, `few` or `judged`.
    """

    segments: Sequence[str] = DEMO
    weeks: int = 35
    per_day: int = 240
    weak: str = "LGA · MQ"
    outcomes: bool = True
    timeless: bool = False
    maturing_days: int = 14
    smallest: int = 100
    number: int = 7
    title: str = "Late-arrival alerts"
    unbalanced: tuple[str, ...] = ()
    registrations: int = 2
    candidates: tuple[tuple[str, str], ...] = ((CANDIDATE, VERSION),)
    feed: str = ""
    reviews: str = "judged"
    reviewers: tuple[str, ...] = ()
    drift: str = ""
    alarm: bool = False
    numbers: bool = False
    poisoned: bool = False
    live: str = ""
    gates: tuple[dict[str, Any], ...] = ()
    expected: dict[str, float] = field(default_factory=dict)
    limits: dict[str, float | None] = field(
        default_factory=lambda: {"all": -0.01, "origin": None, CUT: -0.02}
    )


def put(db: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    """Insert one row by the names of its columns."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))


KINDS: dict[str, dict[str, Any]] = {
    "demo": {},
    "go": GO,
    "no_go": NO_GO,
    "blocked": BLOCKED,
    "early": EARLY,
    "tiny": TINY,
    "timeless": {"timeless": True},
    "empty": EMPTY,
    "huge": HUGE,
    "hostile": {
        "segments": HOSTILE,
        "weak": HOSTILE[1],
        "candidates": (("<b>bot</b>", "1"),),
        "live": "declared",
    },
    "sound": {"feed": "sound"},
    "recorded": {"segments": LARGE, "weeks": 8, "live": "recorded"},
    "declared": {"segments": LARGE, "weeks": 12, "per_day": 1500, "live": "declared"},
    "unseen": {"segments": LARGE[:2], "weak": "", "weeks": 8, "live": "unseen"},
    "troubled": {"feed": "troubled"},
    "numbers": {"numbers": True, "weeks": 6},
    "alarm": {"alarm": True},
    "poisoned": {"feed": "troubled", "drift": "moved", "weeks": 8, "poisoned": True},
    "two": {"candidates": ((CANDIDATE, VERSION), ("late-llm", "2"))},
}
