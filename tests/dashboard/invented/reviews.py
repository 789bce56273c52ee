"""Invents the cases drawn for review, and what people are said to have found."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import duckdb
from invented.plan import CUT, FIRST, HOSTILE, Plan, put

STRATA = {("on_time", "late"): 1500, ("late", "on_time"): 755}
REASONS = ("missing information", "borderline case", "data error")
KNOWN = {"holiday_rule": "Holidays count as weekdays"}
SHARES = {
    "candidate": (0.61, 0.54, 0.67),
    "production": (0.22, 0.17, 0.29),
    "both": (0.1, 0.06, 0.15),
    "neither": (0.0, 0.0, 0.02),
    "cannot_tell": (0.04, 0.02, 0.08),
    "known_difference": (0.03, 0.01, 0.07),
}


def review_of(plan: Plan) -> dict[str, Any]:
    """Return the study's review plan."""
    if not plan.reviews:
        return {}
    reasons = (*REASONS, *HOSTILE) if is_hostile(plan) else REASONS
    known = KNOWN | ({"odd": HOSTILE[0]} if is_hostile(plan) else {})
    people = [{"name": email, "email": email} for email in plan.reviewers]
    return {"cases": 24, "reasons": reasons, "known_differences": known, "reviewers": people}


def is_hostile(plan: Plan) -> bool:
    """Return whether texts from the data try to be markup."""
    return tuple(plan.segments) == HOSTILE


def fill(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Publish the queue, and the results where people have judged."""
    if plan.reviews not in ("drawn", "judged", "few"):
        return
    for name, version in plan.candidates:
        who = {"candidate": name, "model_version": version}
        for position in range(1, 25):
            _put(db, "review_queue", who | _case(plan, position))
        if plan.reviews != "drawn":
            _results(db, plan, who)


def _case(plan: Plan, position: int) -> dict[str, Any]:
    agree = position % 8 == 0
    decision, recommendation = (("on_time", "late"), ("late", "on_time"))[position % 2]
    if agree:
        recommendation = decision
    facts = {"carrier": "UA", "scheduled": "15:45", "dep_delay": str(position)}
    if is_hostile(plan):
        facts |= {text: text for text in HOSTILE} | {"remark": " ".join(HOSTILE) * 3}
    hostile = HOSTILE[position % len(HOSTILE)] if is_hostile(plan) else ""
    return {
        "round": 1,
        "position": position,
        "decision_id": f"UA-{position}{hostile}",
        "cohort_day": None if plan.timeless else FIRST + timedelta(position),
        "stratum": "agreement" if agree else f"{decision}, {recommendation}",
        "agree": agree,
        "chance": 0.01,
        "second": position % 5 == 0,
        "decision": decision,
        "recommendation": recommendation,
        "facts": json.dumps(facts),
        "judged": 0,
    }


def _results(db: duckdb.DuckDBPyConnection, plan: Plan, who: dict[str, Any]) -> None:
    judged = 12 if plan.reviews == "few" else 212
    parts = [("disagreements", "", "", judged, 240, 2255), ("agreements", "", "", 24, 24, 60000)]
    strata = list(STRATA)
    for position, ((decision, recommendation), n) in enumerate(STRATA.items()):
        part = judged // 3 if position else judged - judged // 3
        parts.append(("stratum", "", f"{decision}, {recommendation}", part, 120, n))
    for position, segment in enumerate(plan.segments[:12]):
        parts.append(("segment", CUT, segment, max(0, judged // 4 - 6 * position), 60, 300))
    for part, cut, name, n, drawn, population in parts:
        for judgement, (estimate, low, high) in SHARES.items():
            if part == "agreements" and judgement == "known_difference":
                continue
            known = n > 0
            row = {
                "part": part,
                "cut": cut,
                "name": name,
                "judgement": judgement,
                "estimate": estimate if known else None,
                "low": low if known else None,
                "high": high if known else None,
                "judged": n,
                "drawn": drawn,
                "population": population,
                "said": round(estimate * n),
            }
            if part == "agreements" and judgement in ("both", "candidate"):
                row["estimate"], row["low"], row["high"] = (
                    (0.93, 0.84, 0.97) if judgement == "both" else (0.0, 0.0, 0.02)
                )
                row["said"] = 22 if judgement == "both" else 0
            put(db, "review_results", who | row)
    for decision, recommendation in strata:
        row = {
            "round": 1,
            "stratum": f"{decision}, {recommendation}",
            "agree": False,
            "population": STRATA[decision, recommendation],
            "drawn": 120,
            "judged": judged // 2,
        }
        put(db, "review_strata", who | row)
    alike = {
        "cases": 56,
        "reviewers": 3,
        "agreement": 50 / 56,
        "ac1": 0.78,
        "ac1_low": 0.66,
        "ac1_high": 0.9,
        "usable": True,
        "sentence": "Two reviewers agreed on 50 of the 56 cases both judged.",
    }
    put(db, "review_agreement", who | alike)
    names = [(name, False) for name in review_of(plan)["reasons"]]
    names += [(name, True) for name in review_of(plan)["known_differences"]]
    for position, (reason, known) in enumerate([*names, ("", False)]):
        share = 0.3 / (position + 1)
        row = {"reason": reason, "known": known, "judged": max(1, 40 - 6 * position)}
        row |= {"share": share, "low": share * 0.7, "high": share * 1.4}
        put(db, "review_reasons", who | row)


def _put(db: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    """Insert a row's values for the columns the table has."""
    held = {name for name, *_ in db.execute(f"DESCRIBE {table}").fetchall()}
    put(db, table, {name: value for name, value in row.items() if name in held})
