"""Invents what came in: a sound feed, or one with everything that can go wrong."""

from __future__ import annotations

import json
from datetime import timedelta

import duckdb
from invented.plan import CUT, FIRST, HOSTILE, PUBLISHED, Plan, put


def fill(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Publish what is known about the feed: a sound one, or one with everything that can go wrong.

    Texts that come from data are hostile in the troubled one.
    """
    if not plan.feed:
        return
    bad = plan.feed == "troubled"
    _pairing(db, plan, bad)
    for stream in ("decisions", "recommendations", "outcomes"):
        for run in (1, 2):
            file = {
                "stream": stream,
                "source": f"data/{stream}",
                "path": f"data/{stream}/{run}.csv",
                "state": "ingested",
                "sha256": "ab" * 32,
                "bytes": 1000,
                "read": 500,
                "accepted": 490 if bad else 500,
                "rejected": 10 if bad else 0,
                "message": "",
                "run": run,
            }
            put(db, "sources", file)
            terms = {"read": 500, "accepted": file["accepted"], "rejected": file["rejected"]}
            book = {
                "run": run,
                "ended_at": PUBLISHED,
                "subject": stream,
                "rule": "read = accepted + rejected",
                "terms": json.dumps(terms),
                "balanced": True,
            }
            put(db, "books", book)
        late = 9 if stream == "outcomes" else 1
        for weekday in range(1, 8):
            for lag in range(late + 1):
                row = {
                    "stream": stream,
                    "source": f"data/{stream}",
                    "weekday": weekday,
                    "lag_days": lag,
                    "n": 100 if lag < late else 20,
                }
                put(db, "arrival_lags", row)
        mark = {
            "stream": stream,
            "source": f"data/{stream}",
            "reporter": HOSTILE[0] if bad else "",
            "last_day": FIRST,
            "n": 500,
            "overdue_days": 3 if bad else 0,
        }
        put(db, "watermarks", mark)
        for kind in ("required", "unique"):
            broken = bad and kind == "required"
            check = {
                "run": 2,
                "checked_at": PUBLISHED,
                "stream": stream,
                "check": f"{stream}_{kind}",
                "kind": kind,
                "field": "decision_id",
                "severity": "critical" if stream == "decisions" else "warning",
                "status": "FAIL" if broken else "PASS",
                "sentence": f"`decision_id` {HOSTILE[0]} is missing in 12 rows."
                if broken
                else "As expected.",
                "expected": "never missing",
                "unexpected": 12 if broken else 0,
                "n": 500,
                "suite": "ef" * 32,
            }
            put(db, "checks", check)
    if not bad:
        return
    put(
        db,
        "sources",
        {
            "stream": "outcomes",
            "source": "data/outcomes",
            "path": HOSTILE[2],
            "state": "refused",
            "sha256": "cd" * 32,
            "bytes": 10,
            "read": 0,
            "accepted": 0,
            "rejected": 0,
            "message": f"Found {HOSTILE[0]}, expected Parquet.",
            "run": 2,
        },
    )
    for state, n in (("waiting", 37), ("resubmitted", 5)):
        row = {
            "stream": "decisions",
            "source": "data/decisions",
            "path": HOSTILE[1],
            "reason": "missing_value",
            "field": "decision",
            "state": state,
            "n": n,
        }
        put(db, "quarantine_counts", row)
    put(
        db,
        "schema_changes",
        {
            "run": 2,
            "stream": "decisions",
            "source": "data/decisions",
            "path": "data/decisions/2.csv",
            "day": FIRST,
            "kind": "renamed",
            "column": HOSTILE[3],
            "rule": "accept",
            "sentence": f"`{HOSTILE[3]}` seems to be what was `decided_at`.",
        },
    )
    put(
        db,
        "overdue",
        {
            "stream": "decisions",
            "source": "data/decisions",
            "units": 4,
            "silent": True,
            "since": FIRST,
            "days": 3,
            "expected": 120.0,
            "found": 0.0,
            "sentence": f"Stores 41 to 44 and {HOSTILE[0]} have not reported since Saturday.",
        },
    )
    note = {
        "stream": "outcomes",
        "source": "data/outcomes",
        "kind": "late_weekday",
        "n": 8,
        "sentence": f"On Sundays 8% of the stores {HOSTILE[0]} report a day late.",
    }
    put(db, "arrival_notes", note)
    pair = {
        "stream": "outcomes",
        "field": "outcome",
        "source": HOSTILE[0],
        "other_source": "ward",
        "rule": "latest",
        "n": 42,
    }
    put(db, "conflicts", pair)
    example = {
        "stream": "outcomes",
        "record": HOSTILE[1],
        "field": "outcome",
        "source": "registry",
        "value": "late",
        "other_source": "ward",
        "other_value": HOSTILE[4],
    }
    put(db, "conflict_examples", example)
    for beyond in (True, False):
        row = {
            "stream": "decisions",
            "field": "region",
            "aspect": "missing",
            "pilot": 0.004,
            "production": 0.182 if beyond else 0.004,
            "limit": 0.02,
            "beyond": beyond,
            "sentence": f"`region` {HOSTILE[0]} is missing in 18.2% of the decisions.",
        }
        put(db, "data_cliff", row)
    for arm in ("production", "candidate"):
        change = {
            "candidate": plan.candidates[0][0],
            "model_version": plan.candidates[0][1],
            "arm": arm,
            "cut": CUT,
            "pilot": 0.94,
            "production": 0.71,
            "mix": -0.05,
            "within": -0.18,
            "within_low": -0.2,
            "within_high": -0.16,
            "n_pilot": 2000,
            "n_production": 64000,
            "sentence": f"The {arm} is right in 71.0% of cases, 94.0% in the pilot.",
        }
        put(db, "accuracy_change", change)
    purge = {"purged_at": PUBLISHED, "before": FIRST, "stream": "decisions", "records": 900}
    put(db, "purges", purge)


def _pairing(db: duckdb.DuckDBPyConnection, plan: Plan, bad: bool) -> None:
    """Publish how many decisions of each day have a recommendation; in a bad feed one day lacks 30.

    A study whose counts are invented elsewhere keeps those.
    """
    db.execute(
        "CREATE TABLE IF NOT EXISTS stream_counts (candidate VARCHAR, model_version VARCHAR,"
        " cohort_day DATE, decisions BIGINT, recommendations BIGINT, outcomes BIGINT)"
    )
    if db.execute("SELECT 1 FROM stream_counts").fetchone():
        return
    for name, version in plan.candidates:
        for number in range(70):
            day = FIRST + timedelta(number)
            db.execute(
                "INSERT INTO stream_counts VALUES (?, ?, ?, 100, ?, 90)",
                [name, version, day, 70 if bad and number == 9 else 100],
            )
