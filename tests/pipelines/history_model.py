"""The rules about what holds, one record at a time, and files that put them to the test.

Plain Python without a line of the product in it: it says what the tables must be when some files
have been read in some runs. `test_history.py` compares.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

START = datetime(2026, 3, 2, tzinfo=UTC)
FIELDS = {
    stream: names.split()
    for stream, names in {
        "decisions": "decision_id decided_at decision decided_by exposed_at recorded_at"
        " segment_region",
        "recommendations": "decision_id candidate model_version recommended_at recommendation"
        " answer score class_scores latency_ms cost input_tokens output_tokens trace_id"
        " recorded_at",
        "outcomes": "decision_id name observed_at outcome recorded_at",
    }.items()
}
KEYS = {
    "decisions": ("decision_id",),
    "recommendations": ("decision_id", "candidate", "model_version"),
    "outcomes": ("decision_id", "name"),
}
EVENT = {"decisions": "decided_at", "recommendations": "recommended_at", "outcomes": "observed_at"}
LABEL = {"decisions": "decision", "recommendations": "recommendation", "outcomes": "outcome"}
CONSTANT = {
    "decisions": {},
    "recommendations": {"candidate": "bot", "model_version": "1"},
    "outcomes": {"name": "outcome"},
}
WRONG = {"label": "not_allowed", "id": "missing_value", "time": "bad_timestamp"}
"""What can be wrong in a row, and the reason it is set aside for."""

Row = dict[str, Any]
Content = tuple[Any, ...]


@dataclass(frozen=True)
class File:
    """A source file: rows as the source's columns, and what is wrong with some of them."""

    stream: str
    source: str
    path: str
    rows: tuple[Row, ...]
    wrong: tuple[str | None, ...]
    extra: bool

    def content(self) -> bytes:
        """Return its bytes."""
        rows = [dict(row) for row in self.rows]
        for row, wrong in zip(rows, self.wrong, strict=True):
            if wrong == "label":
                row[LABEL[self.stream]] = "perhaps"
            if wrong == "id":
                row["decision_id"] = None
            if self.extra:
                row["remark"] = "said in passing"
        write = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}[self.path.rsplit(".")[-1]]
        return write(rows, self)

    def records(self) -> list[Row]:
        """Return the records that are accepted, every field of the contract in its place."""
        good = [row for row, wrong in zip(self.rows, self.wrong, strict=True) if wrong is None]
        return [_conformed(self.stream, row) for row in good]

    def set_aside(self) -> Counter[tuple[str, str]]:
        """Return how many rows are not accepted, by path and reason."""
        reasons = [WRONG.get(wrong, "malformed_row") for wrong in self.wrong if wrong is not None]
        return Counter((self.path, reason) for reason in reasons)


def _conformed(stream: str, row: Row) -> Row:
    record: Row = dict.fromkeys(FIELDS[stream])
    record |= CONSTANT[stream]
    record |= {"segment_region" if k == "region" else k: v for k, v in row.items()}
    if stream == "recommendations" and record["recommendation"] is not None:
        record["answer"] = "answered"
    return record


def _text(value: Any) -> Any:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value


def _csv(rows: list[Row], file: File) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    for row, wrong in zip(rows, file.wrong, strict=True):
        values = ["" if v is None else _text(v) for v in row.values()]
        if wrong == "time":
            values[list(row).index(EVENT[file.stream])] = "soon"
        writer.writerow([*values, "too", "many"] if wrong == "broken" else values)
    return text.getvalue().encode()


def _jsonl(rows: list[Row], file: File) -> bytes:
    lines = []
    for row, wrong in zip(rows, file.wrong, strict=True):
        values = {name: _text(value) for name, value in row.items()}
        if wrong == "time":
            values[EVENT[file.stream]] = "soon"
        line = json.dumps(values)
        lines.append("{half a row" if wrong == "broken" else line)
    return ("\n".join(lines) + "\n").encode()


def _parquet(rows: list[Row], file: File) -> bytes:
    times = {"decided_at", "recommended_at", "observed_at", "recorded_at"}
    kinds = {name: pa.timestamp("us", "UTC") if name in times else pa.string() for name in rows[0]}
    kinds |= {"score": pa.float64()} if "score" in rows[0] else {}
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, pa.schema(list(kinds.items()))), out)
    return out.getvalue()


@dataclass(frozen=True)
class Version:
    """What one source said about a key, and the run that first brought it."""

    record: Row
    source: str
    run: int
    stream: str

    @property
    def content(self) -> Content:
        """What is compared, column by column; nothing is less than anything."""
        return tuple((0, 0) if v is None else (1, v) for v in self.record.values())

    @property
    def time(self) -> datetime:
        """What decides between versions."""
        return self.record["recorded_at"] or self.record[EVENT[self.stream]]


@dataclass
class Told:
    """Everything that was said, by stream and key; versions are never forgotten."""

    rules: dict[str, tuple[str, list[str]]]
    versions: dict[str, dict[Content, list[Version]]] = field(
        default_factory=lambda: {stream: defaultdict(list) for stream in FIELDS}
    )

    def hear(self, stream: str, source: str, record: Row, run: int) -> None:
        """Take in one record."""
        key = tuple(record[name] for name in KEYS[stream])
        said = self.versions[stream][key]
        if not any(v.record == record and v.source == source for v in said):
            said.append(Version(record, source, run, stream))

    def holds(self, stream: str, key: Content) -> Version | None:
        """Return the version that is current, or None while the key is contested."""
        rule, order = self.rules[stream]
        said = self.versions[stream][key]
        if not said:
            return None
        words = self.last_words(stream, key)
        if rule == "quarantine":
            if self.disagreements(stream, key):
                return None
            said = list(words.values())
        if rule == "source_priority":
            first = min(words, key=lambda s: order.index(s) if s in order else len(order))
            return words[first]
        every = self.versions[stream][key]
        first_told = {v.content: min(w.run for w in every if w.content == v.content) for v in said}
        best = max(said, key=lambda v: (v.time, first_told[v.content], v.content))
        # Of sources that say the same, the one that said it first; then the first by name.
        return min((v for v in said if v.content == best.content), key=lambda v: (v.run, v.source))

    def last_words(self, stream: str, key: Content) -> dict[str, Version]:
        """Return the latest version of each source."""
        words: dict[str, Version] = {}
        for version in sorted(self.versions[stream][key], key=lambda v: (v.time, v.run, v.content)):
            words[version.source] = version
        return words

    def disagreements(self, stream: str, key: Content) -> set[tuple[str, str, str]]:
        """Return (field, source, other source) of what the last words differ in."""
        rule, order = self.rules[stream]
        words = self.last_words(stream, key)
        ranked = sorted(words, key=lambda s: (order.index(s) if rule[0] == "s" else 0, s))
        silent = {*KEYS[stream], "recorded_at"}
        found = set()
        for one, other in combinations(ranked, 2):
            for name in FIELDS[stream]:
                values = words[one].record[name], words[other].record[name]
                if name not in silent and None not in values and values[0] != values[1]:
                    found.add((name, one, other))
        return found

    def current(self, stream: str) -> dict[Content, Version]:
        """Return what holds, by key."""
        found = {key: self.holds(stream, key) for key in self.versions[stream]}
        return {key: version for key, version in found.items() if version is not None}

    def cases(self) -> Counter[tuple[Any, ...]]:
        """Return the cases counted by day, region, answer, decision, recommendation, outcome."""
        decisions = {key[0]: v.record for key, v in self.current("decisions").items()}
        answers = {key[0]: v.record for key, v in self.current("recommendations").items()}
        outcomes = {key[0]: v.record for key, v in self.current("outcomes").items()}
        counted: Counter[tuple[Any, ...]] = Counter()
        for case, decision in decisions.items():
            given, truth = answers.get(case), outcomes.get(case)
            answer = given["answer"] if given else "missing"
            if given and truth and given["recommended_at"] > truth["observed_at"]:
                answer = "hindsight"
            counted[
                decision["decided_at"].date(),
                decision["segment_region"],
                answer,
                decision["decision"],
                given and given["recommendation"],
                truth and truth["outcome"],
            ] += 1
        return counted


def write(root: Path, file: File) -> None:
    """Write a file into a study folder."""
    path = root / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.content())


def moment(hours: int | None) -> datetime | None:
    """Return a time some hours after the first day began."""
    return None if hours is None else START + timedelta(hours=hours)


__all__ = ["File", "Told", "Version", "date", "moment", "replace", "write"]
