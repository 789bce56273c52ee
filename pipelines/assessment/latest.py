"""The latest publication as plain values, for `understudy status`; opens the evidence only."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from data_contracts.errors import UnderstudyError
from data_contracts.evidence import EVIDENCE_FORMAT, evidence_path
from pipelines.study_folder import StudyFolder


class NothingPublished(UnderstudyError):
    """The study has no verdict yet."""

    def sentence(self) -> str:
        return (
            f"The study in `{self.facts['path']}` has no verdict yet."
            f" Put its files there and run `understudy run {self.facts['path']}`."
        )


class EvidenceUnreadable(UnderstudyError):
    """The evidence file is damaged or of another layout."""

    def sentence(self) -> str:
        return (
            f"The evidence `{self.facts['path']}` cannot be read: {self.facts['fault']}."
            " Run `understudy evaluate` to publish it anew."
        )


def stands(folder: StudyFolder, evidence_no: int) -> bool:
    """Return whether that publication is the latest one on disk, and can be read."""
    try:
        return bool(latest_publication(folder)["evidence_no"] == evidence_no)
    except (NothingPublished, EvidenceUnreadable):
        return False


def latest_publication(folder: StudyFolder) -> dict[str, Any]:
    """Return the latest publication: the keys of `understudy status --json`.

    Times are ISO 8601 in UTC. `verdict` is the headline candidate's; `candidates` has each one's.

    Raises
    ------
    NothingPublished, EvidenceUnreadable
        When there is nothing to read, or it cannot be read.
    """
    path = evidence_path(folder.root)
    if path is None or not path.exists():
        raise NothingPublished(path=str(folder.root))
    try:
        with duckdb.connect(str(path), read_only=True) as evidence:
            evidence.execute("SET enable_external_access = false; SET TimeZone = 'UTC'")
            (head,) = _rows(
                evidence,
                """
                SELECT format, study, title, mode, evidence_no,
                       strftime(published_at, '%Y-%m-%dT%H:%M:%SZ') AS published_at,
                       understudy, policy_hash, CAST(first_day AS VARCHAR) AS first_day,
                       CAST(data_to AS VARCHAR) AS data_to, CAST(mature_to AS VARCHAR) AS mature_to,
                       document
                FROM publication""",
            )
            if head["format"] != EVIDENCE_FORMAT:
                fault = f"its layout is version {head['format']}, expected {EVIDENCE_FORMAT}"
                raise EvidenceUnreadable(path=str(path), fault=fault)
            verdicts = _rows(
                evidence,
                """
                SELECT candidate, model_version AS version, state AS verdict, sentence
                FROM verdicts JOIN publication USING (evidence_no) ORDER BY position""",
            )
            gates = _rows(
                evidence,
                """
                SELECT candidate, model_version AS version, gate, kind, family, status, reason,
                       rule, sentence, measured, value, low, high, threshold, n,
                       CAST(since AS VARCHAR) AS since, CAST(earliest AS VARCHAR) AS earliest,
                       CAST(latest AS VARCHAR) AS latest, reachable
                FROM gates ORDER BY position""",
            )
    except duckdb.Error as fault:
        raise EvidenceUnreadable(path=str(path), fault=str(fault).splitlines()[0]) from fault
    for verdict in verdicts:
        key = (verdict["candidate"], verdict["version"])
        verdict["gates"] = [
            {k: v for k, v in gate.items() if k not in ("candidate", "version")}
            for gate in gates
            if (gate["candidate"], gate["version"]) == key
        ]
    del head["format"]
    head["timeless"] = bool(json.loads(head.pop("document")).get("timeless"))
    return {"verdict": verdicts[0]["verdict"], **head, "candidates": verdicts}


def _rows(evidence: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = evidence.execute(query)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
