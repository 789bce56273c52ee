"""Publishing: a new evidence file beside the warehouse, swapped in with one atomic step."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from data_contracts.evidence import EVIDENCE_FORMAT, evidence_ddl
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from evaluators.assess import Assessment
from pipelines.assessment.from_warehouse import FROM_WAREHOUSE
from pipelines.assessment.measures import all_measures
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.connection import quoted, transaction
from pipelines.warehouse.disagreements import gather_disagreements
from pipelines.warehouse.faults import told_in_words
from pipelines.warehouse.tables import StreamTable

KEPT = 3
"""Publications kept on disk: the latest, and those a reader may still have open."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What is said of a publication beside its findings.

    Attributes
    ----------
    days
        First and last cohort day; None in a timeless study.
    mature_to
        Last cohort day whose outcomes are expected to be in.
    limits
        Worst acceptable difference of every cut that has a gate, negative.
    tables
        Rows of further published tables, by name.
    """

    evidence_no: int
    published_at: datetime
    policy_hash: str
    days: tuple[date, date] | None
    mature_to: date | None
    limits: Mapping[str, float]
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


def publish(
    warehouse: duckdb.DuckDBPyConnection,
    folder: StudyFolder,
    study: Study,
    assessments: Sequence[Assessment],
    publication: Publication,
) -> Path:
    """Write the evidence file and point the link to it; return the file's path.

    Readers see the old publication or the new one, whole, at every moment; a crash leaves the old
    one and an orphan that the next publication removes.
    """
    final = folder.state / file_name(publication.evidence_no)
    draft = final.with_suffix(".draft")
    _remove_drafts(folder.state)
    findings = [pa.table(f.columns()) for a in assessments for f in a.findings]
    with told_in_words(draft), duckdb.connect(str(draft)) as evidence, transaction(evidence):
        evidence.execute(evidence_ddl())
        _insert(evidence, "publication", [_head(study, publication)])
        cuts = [{"cut": cut, "limit": publication.limits.get(cut)} for cut in study.cuts]
        _insert(evidence, "cuts", [{"position": i, **cut} for i, cut in enumerate(cuts)])
        _insert(evidence, "gates", [row for a in assessments for row in gate_rows(a)])
        for a in assessments:
            _insert(evidence, "trajectory", [dict(row) for row in a.trajectory_rows()])
            for table, columns in a.reports.items():
                _copy(evidence, table, pa.table(dict(columns)))
        if findings:
            _copy(evidence, "findings", pa.concat_tables(findings))
        gather_disagreements(warehouse, tuple(StreamTable.of(study, s) for s in Stream))
        for table, query in FROM_WAREHOUSE.items():
            _copy(evidence, table, warehouse.sql(query).to_arrow_table())
        for table, rows in publication.tables.items():
            if rows:
                _copy(evidence, table, pa.Table.from_pylist([dict(row) for row in rows]))
        for measure in (one for one in all_measures() if one.published):
            evidence.register("incoming", warehouse.sql(f"FROM {measure.table}").to_arrow_table())
            evidence.execute(f"CREATE TABLE {quoted(measure.name)} AS FROM incoming")
            evidence.unregister("incoming")
    _swap_in(draft, final, folder.evidence_link)
    _remove_old(folder.state, final)
    return final


def file_name(evidence_no: int) -> str:
    """Return the name of a publication's file.

    Examples
    --------
    >>> file_name(7)
    'evidence-000007.duckdb'
    """
    return f"evidence-{evidence_no:06d}.duckdb"


def _head(study: Study, publication: Publication) -> dict[str, Any]:
    days = publication.days
    return {
        "format": EVIDENCE_FORMAT,
        "evidence_no": publication.evidence_no,
        "published_at": publication.published_at,
        "understudy": version("understudy"),
        "study": study.name,
        "title": study.title,
        "mode": study.mode.value,
        "risk_tier": study.risk_tier.value,
        "decision_type": study.decision.type.value,
        "production": study.production.system,
        "owner": study.production.owner.name,
        "sponsor": study.sponsor.name,
        "document": study.model_dump_json(by_alias=True),
        "policy_hash": publication.policy_hash,
        "first_day": days and days[0],
        "data_to": days and days[1],
        "mature_to": publication.mature_to,
    }


def gate_rows(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the rows of the published table `gates` of one candidate."""
    settings = {gate.name: gate.as_dict for gate in assessment.policy}
    rows = []
    for position, gate in enumerate(assessment.verdict.gates):
        forecast = gate.forecast
        rows.append(
            {
                "candidate": assessment.verdict.candidate,
                "model_version": assessment.verdict.version,
                "position": position,
                "gate": gate.gate,
                "kind": gate.kind,
                "family": gate.family.value,
                "status": gate.status.value,
                "reason": gate.reason.value,
                "rule": gate.rule,
                "sentence": gate.sentence,
                "measured": gate.measured,
                "value": gate.value,
                "low": gate.low,
                "high": gate.high,
                "threshold": gate.threshold,
                "n": gate.n,
                "since": gate.since,
                "earliest": forecast and forecast.earliest,
                "latest": forecast and forecast.latest,
                "reachable": None if forecast is None else forecast.reachable,
                "settings": json.dumps(settings[gate.gate], sort_keys=True),
            }
        )
    return rows


def _insert(
    evidence: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    if not rows:
        return
    columns = list(rows[0])
    names = ", ".join(quoted(column) for column in columns)
    marks = ", ".join("?" for _ in columns)
    evidence.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",
        [[row[column] for column in columns] for row in rows],
    )


def _copy(evidence: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    evidence.register("incoming", rows)
    columns = ", ".join(
        # NaN is how arrays say "nothing"; published tables say NULL.
        f"CASE WHEN NOT isnan({quoted(f.name)}) THEN {quoted(f.name)} END AS {quoted(f.name)}"
        if pa.types.is_floating(f.type)
        else quoted(f.name)
        for f in rows.schema
    )
    evidence.execute(f"INSERT INTO {table} BY NAME SELECT {columns} FROM incoming")
    evidence.unregister("incoming")


def remove_older(folder: StudyFolder) -> None:
    """Remove every publication but the latest: older ones may show what was purged."""
    latest = folder.evidence_link.resolve()
    for old in folder.state.glob("evidence-*.duckdb"):
        if old != latest:
            old.unlink()


def _swap_in(draft: Path, final: Path, link: Path) -> None:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(draft, final)
    fresh = link.with_suffix(".link")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    fresh.symlink_to(final.name)
    os.replace(fresh, link)


def _remove_drafts(state: Path) -> None:
    for draft in [*state.glob("evidence-*.draft"), *state.glob("evidence-*.draft.wal")]:
        draft.unlink()


def _remove_old(state: Path, latest: Path) -> None:
    files = sorted(state.glob("evidence-*.duckdb"))
    for old in files[:-KEPT]:
        if old != latest:
            old.unlink()
