"""Synthetic publications: small evidence files with the real layout and invented flights.

Each file in `invented` invents the tables of one subject: `fill(db, plan)` puts them in. Files are
found, not listed, and filled in the order of their names (`pairs` before `verdict`, which judges
them).
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import duckdb
import invented
from invented.plan import Plan
from invented.poison import poison

from dashboard.kept_open import close_all
from data_contracts.evidence import EVIDENCE_LINK, STATE_FOLDER, evidence_ddl


def build(folder: Path, plan: Plan) -> Path:
    """Write a publication and point the link at it; return the file."""
    state = folder / STATE_FOLDER
    state.mkdir(parents=True, exist_ok=True)
    path = state / f"evidence-{plan.number}.duckdb"
    path.unlink(missing_ok=True)
    close_all()  # DuckDB goes by the name of a file, also of one that was unlinked
    subjects = [
        importlib.import_module(f"invented.{m.name}")
        for m in pkgutil.iter_modules(invented.__path__)
    ]
    with duckdb.connect(str(path)) as db:
        db.execute(evidence_ddl())
        for subject in subjects:
            if hasattr(subject, "fill"):
                subject.fill(db, plan)
        if plan.poisoned:
            poison(db)
    link = state / EVIDENCE_LINK
    link.unlink(missing_ok=True)
    link.symlink_to(path.name)
    return path


def to_change(path: str, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a publication to change it, or to look at it: nothing is kept open any more."""
    close_all()
    return duckdb.connect(path, read_only=read_only)
