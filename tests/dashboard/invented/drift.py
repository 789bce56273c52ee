"""Invents what has moved since the reference, and the alarm on accuracy."""

from __future__ import annotations

from datetime import timedelta

import duckdb
from invented.plan import CUT, FIRST, HOSTILE, Plan, put

REFERENCE = 4
"""Whole weeks of the reference."""
SUBJECTS: dict[tuple[str, str], tuple[float, float | None]] = {
    ("input", "departure delay"): (0.142, 0.3),
    ("input", "departure hour"): (0.004, 0.01),
    ("input", "carrier"): (0.03, None),
    ("input", "destination"): (0.0, None),
    ("input", "crew base"): (0.05, None),
    ("mix", "origin"): (0.001, None),
    ("recommendation", "recommendation"): (0.002, None),
    ("decision", "decision"): (-0.001, None),
    ("score", "score"): (0.06, 0.18),
    ("outcome", "outcome"): (0.0, None),
}
"""How far each has moved in the latest week: index less chance, and shift of ordered values."""
FEW = ("crew base",)
"""Inputs with too few cases to tell."""


def subjects(plan: Plan) -> dict[tuple[str, str], tuple[float, float | None]]:
    """Return what is watched in a plan."""
    if plan.drift == "no features":
        return {key: moved for key, moved in SUBJECTS.items() if key[0] != "input"}
    if plan.segments == HOSTILE:
        return {**SUBJECTS, **{("input", name): (0.2, None) for name in HOSTILE}}
    return SUBJECTS


def fill(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Publish drift, its bins and the detectors, where a plan is long enough and has days."""
    if plan.timeless or plan.drift == "none":
        return
    for name, version in plan.candidates:
        who = {"candidate": name, "model_version": version}
        for (kind, subject), moved in subjects(plan).items():
            for week in range(REFERENCE, plan.weeks):
                last = week == plan.weeks - 1
                _row(
                    db, who, (kind, subject), week, 1, moved if last else (0.001, moved[1] and 0.0)
                )
            if plan.weeks > REFERENCE + 1:
                _row(db, who, (kind, subject), plan.weeks - 1, 4, moved)
            if plan.weeks > REFERENCE:
                _bins(db, who, (kind, subject), plan)
        _detectors(db, who, plan)


def _row(
    db: duckdb.DuckDBPyConnection,
    who: dict[str, str],
    subject: tuple[str, str],
    week: int,
    weeks: int,
    moved: tuple[float, float | None],
) -> None:
    kind, name = subject
    psi, shift = moved
    few = name in FEW
    chance, critical = (0.09, 0.21) if few else (0.003, 0.01)
    alarm = not few and (psi > 0.1 or (shift or 0.0) > 0.1)
    put(
        db,
        "drift",
        who
        | {
            "kind": kind,
            "name": name,
            "weeks": weeks,
            "first_day": FIRST + timedelta(7 * (week + 1 - weeks)),
            "day": FIRST + timedelta(7 * week + 6),
            "n_reference": 57589,
            "n_current": 60 if few else 6453 * weeks,
            "effect": 1.4,
            "psi": psi + chance,
            "psi_debiased": psi,
            "critical": critical,
            "p": 0.001 if psi > 0.02 and not few else 0.4,
            "p_adjusted": 0.004 if psi > 0.02 and not few else 0.6,
            "js": 0.1,
            "w1": shift,
            "unseen": 0.004 if kind == "input" else None,
            "missing": 0.01 if kind == "input" else None,
            "alarm": alarm,
            "cannot_tell": few,
            "sentence": f"The feature `{name}` was looked at.",
        },
    )


def _bins(
    db: duckdb.DuckDBPyConnection, who: dict[str, str], subject: tuple[str, str], plan: Plan
) -> None:
    hostile = plan.segments == HOSTILE
    labels = [*(HOSTILE if hostile else ("low", "middle", "high")), "no value", "never seen before"]
    reference = [0.8 / (len(labels) - 2)] * (len(labels) - 2) + [0.2, 0.0]
    for position, (label, share) in enumerate(zip(labels, reference, strict=True)):
        row = {"kind": subject[0], "name": subject[1], "position": position, "label": label}
        latest = share - 0.05 if position == 0 else share + 0.05 if position == 1 else share
        row |= {"reference": share, "latest": latest, "together": (share + latest) / 2}
        put(db, "drift_bins", who | row)


def _detectors(db: duckdb.DuckDBPyConnection, who: dict[str, str], plan: Plan) -> None:
    days = 7 * plan.weeks - plan.maturing_days
    watched = [("all", "all"), *((CUT, name) for name in plan.segments[:3])]
    for day in range(max(0, days - 10), days) if days > 14 else ():
        for position, (cut, segment) in enumerate(watched):
            alarm = plan.alarm and position < 2 and day >= days - 5
            row = {
                "cut": cut,
                "segment": segment,
                "day": FIRST + timedelta(day),
                "n": 200,
                "wins": 2,
                "losses": 9,
                "open_disagreements": 1,
                "floor": -0.005,
                "detector": 900.0 if alarm else 3.0 + position,
                "threshold": 730.0,
                "alarm": alarm,
                "alarm_day": FIRST + timedelta(days - 5) if alarm else None,
                "change_day": FIRST + timedelta(days - 12) if alarm else None,
            }
            put(db, "change_detection", who | row)
