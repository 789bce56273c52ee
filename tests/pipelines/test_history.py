"""Random histories through the real pipeline, against a plain model of the rules.

An example is a study with ten histories side by side: cases of their own, told in files of their
own, in three formats, by one or two sources, over one to three runs with one to three workers. Rows
are repeated, revised, late, contradicted by another source, wrong or broken; files lack optional
columns, have columns too many, are refused, mended, taken away. After each run the counts are those
of the model; in the end every table is, the books balance and another run does nothing.

A failing example is shrunk and printed with a seed: `pytest tests/pipelines/test_history.py
--hypothesis-seed=N` runs it again. `UNDERSTUDY_HISTORIES=3000` runs more of them.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections import Counter
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from pipelines.as_of import evaluate_as_of
from pipelines.assessment.publish import gate_rows
from pipelines.runs import ingest_study, run_study
from pipelines.study_file import read_study
from pipelines.study_folder import StudyFolder

_SPEC = importlib.util.spec_from_file_location(
    "history_model", Path(__file__).with_name("history_model.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
model: Any = importlib.util.module_from_spec(_SPEC)
sys.modules["history_model"] = model
_SPEC.loader.exec_module(model)

SIDE_BY_SIDE = 10
HISTORIES = int(os.environ.get("UNDERSTUDY_HISTORIES", "300"))
SOURCES = {
    "decisions": ("desk", "phone"),
    "recommendations": ("bot",),
    "outcomes": ("registry", "ward"),
}
RULES = ("latest", "source_priority", "quarantine")
DOCUMENT: dict[str, Any] = {
    "name": "history",
    "title": "A history",
    "risk_tier": "low",
    "production": {"system": "The rule", "owner": {"name": "A. Owner"}},
    "sponsor": {"name": "A. Sponsor"},
    "decision": {"type": "binary", "classes": ["no", "yes"], "positive": "yes"},
    "candidates": [{"name": "bot", "version": "1"}],
    "segments": {"region": "region"},
    "policy": {
        "gates": [
            {"kind": "books"},
            {"kind": "conflicts"},
            {"kind": "pairing"},
            {"kind": "noninferiority", "margin": 0.05},
        ]
    },
}


@st.composite
def files(draw: Any, history: int, number: int, last_run: int) -> tuple[int, Any]:
    """Return a file, and the run that finds it."""
    stream = draw(st.sampled_from(["outcomes", "outcomes", "decisions", "recommendations"]))
    source = draw(st.sampled_from(SOURCES[stream]))
    form = draw(st.sampled_from(["csv", "jsonl", "parquet"]))
    has_recorded = draw(st.booleans())
    faults = [None] * 6 + ["label", "id"] + (["time", "broken"] if form != "parquet" else [])
    rows, wrong = [], []
    for _ in range(draw(st.integers(1, 4))):
        row = {
            "decision_id": f"case-{history}-{draw(st.sampled_from('ab'))}",
            model.EVENT[stream]: model.moment(draw(st.sampled_from([1, 2, 25, 49, 73]))),
            model.LABEL[stream]: draw(st.sampled_from(["no", "yes"])),
        }
        if stream == "decisions":
            row["region"] = draw(st.sampled_from(["north", "south"]))
        if stream == "recommendations":
            row["score"] = draw(st.sampled_from([None, 0.25, 0.5]))
        if has_recorded:
            row["recorded_at"] = model.moment(draw(st.sampled_from([None, 3, 27, 80])))
        rows.append(row)
        wrong.append(draw(st.sampled_from(faults)))
    if set(wrong) == {"broken"}:  # such a file is refused whole
        wrong[0] = None
    if draw(st.booleans()):
        rows.append(rows[0])
        wrong.append(wrong[0])
    path = f"data/{source}/{draw(st.integers(0, 9))}-{history}-{number}.{form}"
    run = draw(st.integers(1, last_run))
    return run, model.File(stream, source, path, tuple(rows), tuple(wrong), draw(st.booleans()))


@st.composite
def plans(draw: Any) -> dict[str, Any]:
    """Return files with their runs, the rules, and what happens besides."""
    last_run = draw(st.sampled_from([2, 3, 1, 2]))
    found = [
        draw(files(history, number, last_run))
        for history in range(SIDE_BY_SIDE)
        for number in range(draw(st.integers(1, 4)))
    ]
    rules = {s: draw(st.sampled_from(RULES)) for s in ("decisions", "outcomes")}
    was = rules["outcomes"]
    return {
        "files": found,
        "last_run": last_run,
        "rules": rules,
        "rules_then": {**rules, "outcomes": draw(st.none() | st.sampled_from(RULES)) or was},
        "order": {stream: draw(st.permutations(names)) for stream, names in SOURCES.items()},
        "refused": draw(st.none() | st.integers(1, last_run)),
        "evaluated": draw(st.sampled_from([1, 2, 1])),
        "workers": draw(st.integers(1, 3)),
    }


def write_study(root: Path, plan: dict[str, Any], rules: dict[str, str]) -> None:
    columns = {
        "recommendations": {"candidate": {"constant": "bot"}, "model_version": {"constant": "1"}},
        "outcomes": {"name": {"constant": "outcome"}},
    }
    streams = {
        stream: {
            "sources": [{"name": name, "path": f"data/{name}"} for name in plan["order"][stream]],
            "columns": columns.get(stream, {}),
            "conflicts": rules.get(stream, "latest"),
        }
        for stream in SOURCES
    }
    (root / "study.yaml").write_text(yaml.safe_dump({**DOCUMENT, "streams": streams}))


@settings(
    max_examples=max(1, HISTORIES // SIDE_BY_SIDE),
    deadline=None,
    print_blob=True,
    suppress_health_check=[*HealthCheck],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(plan=plans())
def test_any_history_ends_as_the_model_says(plan: dict[str, Any]) -> None:
    import pipelines.ingest.pipeline as ingest

    memory = Path("/dev/shm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "run_pipeline", partial(ingest.run_pipeline, workers=plan["workers"]))
        root = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        try:
            live_through(root, plan)
        finally:
            shutil.rmtree(root)


def live_through(root: Path, plan: dict[str, Any]) -> None:
    told: Any = model.Told({})
    aside: Counter[tuple[str, str]] = Counter()
    known: set[tuple[str, str, bytes]] = set()
    refused, run, past = root / "data/desk/refused.csv", 0, None
    for folder in {name for names in SOURCES.values() for name in names}:
        (root / "data" / folder).mkdir(parents=True)
    for step in range(1, plan["last_run"] + 1):
        rules = plan["rules"] if step == 1 else plan["rules_then"]
        told.rules = {s: (rules.get(s, "latest"), list(plan["order"][s])) for s in SOURCES}
        write_study(root, plan, rules)
        if refused.exists():
            refused.unlink()
        if plan["refused"] == step:
            refused.write_bytes(b"")
        new = [file for when, file in plan["files"] if when == step]
        for file in new:
            model.write(root, file)
        read = [f for f in new if (f.stream, f.source, f.content()) not in known]
        known |= {(f.stream, f.source, f.content()) for f in read}
        before = {stream: dict(told.current(stream)) for stream in SOURCES}
        keys = {stream: set(told.versions[stream]) for stream in SOURCES}
        run += bool(read or refused.exists())
        contents = distinct_contents(told)
        for file in read:
            aside += file.set_aside()
            for record in file.records():
                told.hear(file.stream, file.source, record, run)
        place = StudyFolder.at(root)
        study = read_study(place)
        if step < plan["last_run"] and step != plan["evaluated"]:
            done = ingest_study(place, study)
        else:
            done, evaluation = run_study(place, study)
            if evaluation.evidence_no:  # none before the first decision
                past = past or (step, evaluation)
        assert (done.committed is None) == (not read and not refused.exists())
        if done.committed is not None:
            check_counts(done.committed, told, read, before, keys, contents)
    event(f"{plan['last_run']} runs")
    if refused.exists():
        refused.unlink()
        run_study(place, study)
    check_tables(root, told, aside, study)
    done, evaluation = run_study(place, study)
    assert done.committed is None
    assert not evaluation.published
    if past is not None and past[0] < plan["last_run"]:
        check_past(root, place, study, past[1])


def distinct_contents(told: Any) -> dict[str, int]:
    return {
        stream: len({(key, v.content) for key, said in keyed.items() for v in said})
        for stream, keyed in told.versions.items()
    }


def check_counts(
    committed: Any, told: Any, read: Any, before: Any, keys: Any, contents: Any
) -> None:
    after = distinct_contents(told)
    for merged in committed.merged:
        if merged.stream not in SOURCES:
            continue
        accepted = sum(len(f.records()) for f in read if f.stream == merged.stream)
        then, now = before[merged.stream], told.current(merged.stream)
        fresh = set(told.versions[merged.stream]) - keys[merged.stream]
        first_told = after[merged.stream] - contents[merged.stream]
        assert merged.staged == accepted
        assert merged.new == len(fresh)
        assert merged.revision == first_told - len(fresh)
        assert merged.duplicate == accepted - first_told
        assert merged.contested == len((set(then) | fresh) - set(now))
        assert merged.settled == len(set(now) - set(then) - fresh)
        assert (merged.before, merged.after) == (len(then), len(now))


def check_tables(root: Path, told: Any, aside: Counter[tuple[str, str]], study: Any) -> None:
    with duckdb.connect(str(root / "state" / "warehouse.duckdb"), read_only=True) as warehouse:
        warehouse.execute("SET TimeZone = 'UTC'")
        for stream, fields in model.FIELDS.items():
            now = told.current(stream)
            every = [v for said in told.versions[stream].values() for v in said]
            held = {id(v) for v in now.values()}
            rest = [v for v in every if id(v) not in held]
            for table, versions in ((stream, now.values()), (f"{stream}_history", rest)):
                expected = Counter((*v.record.values(), v.run, v.source) for v in versions)
                assert stored(warehouse, table, fields) == expected, table
        found = warehouse.execute(
            "SELECT path, reason, count(*) FROM quarantine JOIN sources USING (source_no)"
            " GROUP BY ALL"
        ).fetchall()
        assert Counter({(path, reason): n for path, reason, n in found}) == aside
        assert warehouse.execute("FROM books WHERE NOT balanced").fetchall() == []
    disputes = Counter(
        (stream, *dispute)
        for stream in SOURCES
        for key in told.versions[stream]
        for dispute in told.disagreements(stream, key)
    )
    cases = told.cases()
    file = (root / "state" / "evidence.duckdb").resolve()
    if not file.exists():
        assert not told.current("decisions"), "published as soon as there is a case"
        return
    with duckdb.connect(str(file), read_only=True) as evidence:
        found = evidence.execute(
            "SELECT stream, field, source, other_source, n FROM conflicts"
        ).fetchall()
        assert Counter({tuple(row[:-1]): row[-1] for row in found}) == disputes
        examples = evidence.execute("SELECT count(*) FROM conflict_examples").fetchall()
        assert examples == [(min(50, disputes.total()),)]
        for cut in ("all", "region"):
            found = evidence.execute(
                "SELECT cohort_day, segment, answer, decision, recommendation, outcome, n"
                " FROM outcome_counts WHERE cut = ?",
                [cut],
            ).fetchall()
            expected: Counter[tuple[Any, ...]] = Counter()
            for (day, region, *rest), n in cases.items():
                expected[day, region if cut == "region" else "all", *rest] += n
            assert Counter({tuple(row[:-1]): row[-1] for row in found}) == expected
        found = evidence.execute(
            "SELECT cohort_day, decisions, recommendations, outcomes FROM stream_counts"
        ).fetchall()
        days: dict[Any, list[int]] = {}
        for (day, _, answer, _, _, outcome), n in cases.items():
            row = days.setdefault(day, [0, 0, 0])
            row[0] += n
            row[1] += n * (answer != "missing")
            row[2] += n * (outcome is not None)
        assert {day: counts for day, *counts in found} == days


def stored(
    warehouse: duckdb.DuckDBPyConnection, table: str, fields: list[str]
) -> Counter[tuple[Any, ...]]:
    columns = ", ".join(f"t.{name}" for name in fields)
    rows = warehouse.execute(
        f"SELECT {columns}, t.run, s.source FROM {table} t LEFT JOIN sources s USING (source_no)"
    ).fetchall()
    return Counter(
        tuple(v.astimezone(UTC) if hasattr(v, "astimezone") else v for v in row) for row in rows
    )


def check_past(root: Path, place: StudyFolder, study: Any, evaluation: Any) -> None:
    with duckdb.connect(str(place.warehouse), read_only=True) as warehouse:
        ((when,),) = warehouse.execute(
            "SELECT DISTINCT published_at FROM verdicts WHERE evidence_no = ?",
            [evaluation.evidence_no],
        ).fetchall()
    event("looked back")
    found = evaluate_as_of(place, study, when.astimezone(UTC))
    assert [gate_rows(a) for a in found.assessments] == [
        gate_rows(a) for a in evaluation.assessments
    ]
    assert found.comparable
