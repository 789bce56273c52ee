"""Secrets in sensitive columns reach nothing that is written, whatever state their rows are in."""

from __future__ import annotations

import hmac
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_contracts.study.loader import load_study
from data_contracts.study.problems import StudyInvalid
from pipelines.privacy.key import KEY_FILE_VARIABLE, KEY_VARIABLE, Key
from pipelines.privacy.pseudonyms import DIGITS, pseudonyms

KEY = "0123456789abcdef" * 4
SOURCES = ("data", "study.yaml", "pseudonym.key")
PRIVACY = {
    "fields": {
        "decision_id": "pseudonymise",
        "decided_by": "pseudonymise",
        "segment_ward": "pseudonymise",
        "age": "drop",
        "trace_id": "drop",
    }
}
SECRETS = tuple(f"{word}Qzx7" for word in ("Idno", "Clerk", "Ward", "Aged", "Trace", "Loose"))
ID, CLERK, WARD, AGE, TRACE, LOOSE = SECRETS

MULTI = """
import functools, sys
from pathlib import Path
import pipelines.ingest.pipeline as pipeline
from pipelines.ingest.job import RunningMode
pipeline.run_pipeline = functools.partial(pipeline.run_pipeline, mode=RunningMode.MULTI_PROCESSING)
from pipelines.cli.app import main
sys.argv = ["understudy", *sys.argv[1:]]
main()
"""


@pytest.fixture(autouse=True)
def no_key_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.delenv(KEY_FILE_VARIABLE, raising=False)


@pytest.fixture
def make_secret(make_place: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes a study whose files hold secrets in every sensitive column."""

    def make(**changes: Any) -> Any:
        place = make_place(
            days=2,
            features={"age": "age"},
            segments={"region": "region", "ward": "ward"},
            **{"privacy": PRIVACY, **changes},
        )
        _plant(place.root / "data")
        _write_key(place.root / "pseudonym.key")
        return place

    return make


def _write_key(path: Path, key: str = KEY) -> None:
    path.write_text(key + "\n")
    path.chmod(0o600)


def _plant(data: Path) -> None:
    """Rewrite the files with secrets in good, bad and malformed rows and in refused files."""
    for path in (data / "decisions").iterdir():
        head, *rows = path.read_text().splitlines()
        lines = [f"{head},decided_by,ward,age"]
        lines += [f"{ID}{row},{CLERK},{WARD},{AGE}" for row in rows]
        lines += [f"{ID}bad,soon,yes,north,{CLERK},{WARD},{AGE}"]
        lines += [f"{ID}worse,2026-03-02T00:00:00Z,perhaps,north,{CLERK},{WARD},{AGE}"]
        lines += [f"{ID}long,2026-03-02T00:00:00Z,yes,north,{CLERK},{WARD},{AGE},{LOOSE}"]
        path.write_text("\n".join(lines) + "\n")
    for path in (data / "recommendations").iterdir():
        records = [json.loads(line) for line in path.read_text().splitlines()]
        for record in records:
            record["decision_id"] = ID + record["decision_id"]
            record["trace_id"] = TRACE
        bad = {**records[0], "recommended_at": "never"}
        lines = [json.dumps(record) for record in [*records, bad]]
        lines.append(f'{{"decision_id": "{ID}", "trace_id": "{TRACE}", {LOOSE}')
        path.write_text("\n".join(lines) + "\n")
    for path in (data / "outcomes").iterdir():
        table = pq.read_table(path)
        ids = pa.array([ID + name for name in table["decision_id"].to_pylist()])
        pq.write_table(table.set_column(0, "decision_id", ids), path)
    _spoilt(data)


def _spoilt(data: Path) -> None:
    """Write files that are refused, or whose columns have types of no use."""
    decisions, outcomes = data / "decisions", data / "outcomes"
    row = f"{ID}1,2026-03-02T00:00:00Z,yes,north,{CLERK},{WARD},{AGE}\n"
    (decisions / "no-header.csv").write_text(row * 3)
    (decisions / "twice.csv").write_text(f"{CLERK},{CLERK},{ID}\n" + row)
    head = "decision_id,decided_at,decision,region,decided_by,ward,age\n"
    (decisions / "latin.csv").write_bytes((head + row).encode() + f"{CLERK}\xe9".encode("latin-1"))
    (decisions / "open-quote.csv").write_text(head + row + f'{ID},"{CLERK},{row}')
    (data / "recommendations" / "array.jsonl").write_text(json.dumps([{"trace_id": TRACE}]))
    typed = pa.table(
        {
            "decision_id": pa.array([[{"id": ID}]]),
            "observed_at": pa.array(["soon"]),
            "outcome": pa.array(["yes"]),
        }
    )
    pq.write_table(typed, outcomes / "typed.parquet")
    binary = typed.set_column(0, "decision_id", pa.array([ID.encode() + b"\xff"]))
    pq.write_table(binary, outcomes / "binary.parquet")
    whole = (outcomes / "typed.parquet").read_bytes()
    (outcomes / "cut.parquet").write_bytes(whole[: len(whole) // 2])


def _multi(place: Any, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", MULTI, *words, str(place.root)],
        capture_output=True,
        text=True,
        timeout=180,
    )


@pytest.mark.parametrize("mode", ["in_memory", "multi_processing"])
def test_no_secret_is_written_anywhere(
    make_secret: Callable[..., Any], secrets_search: Any, mode: str
) -> None:
    place = make_secret()
    if mode == "in_memory":
        said = [place.understudy(word, check=None) for word in ("check", "ingest", "evaluate")]
    else:
        said = [_multi(place, "ingest"), place.understudy("evaluate", check=None)]
    # The 41st is the whole row of the file with an open quote.
    assert place.query("SELECT count(*) FROM decisions") == [(41,)]
    assert not secrets_search.in_folder(place.root, [*SECRETS, KEY], SOURCES)
    words = "".join(done.stdout + done.stderr for done in said).encode()
    assert not secrets_search.in_bytes(words, [*SECRETS, KEY])
    assert b"no-header.csv" in words
    assert b"typed.parquet" in words or place.query(
        "SELECT 1 FROM quarantine q JOIN sources USING (source_no) WHERE path LIKE '%typed.parquet'"
    )
    paired = place.query(
        "SELECT count(*) FROM decisions JOIN recommendations USING (decision_id)"
        " JOIN outcomes USING (decision_id)"
    )
    assert paired == [(40,)], "pseudonyms of one case are the same in every stream"


def test_without_the_section_the_secrets_are_found(
    make_secret: Callable[..., Any], secrets_search: Any
) -> None:
    place = make_secret(privacy={})
    place.understudy("ingest", check=None)
    found = secrets_search.in_folder(place.root, SECRETS, SOURCES)
    assert {secret for secret, _ in found} == set(SECRETS)


def test_killed_in_mid_run_leaves_no_secret(
    make_secret: Callable[..., Any], secrets_search: Any
) -> None:
    place = make_secret()
    staging = place.root / "state" / "staging"
    run = subprocess.Popen(
        [sys.executable, "-c", MULTI, "ingest", str(place.root)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(400):
        if list(staging.glob("progress/*")) or run.poll() is not None:
            break
        time.sleep(0.05)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert staging.exists()
    time.sleep(1)  # its children notice that they are orphans
    assert not secrets_search.in_folder(place.root, [*SECRETS, KEY], SOURCES)


def test_a_pseudonym_is_an_hmac() -> None:
    texts = ["case-1", "", "ü" * 90, "x\0y", None, "case-1"]
    for secret in (b"k" * 32, os.urandom(64), os.urandom(200)):
        expected = [
            None if t is None else hmac.new(secret, t.encode(), "sha256").hexdigest()[:DIGITS]
            for t in texts
        ]
        assert pseudonyms(pa.array(texts), Key(secret)).to_pylist() == expected
        assert pseudonyms(pa.array(texts * 9), Key(secret)).to_pylist() == expected * 9


def test_a_key_tells_nothing_of_itself() -> None:
    import pickle

    key = Key(b"secret" * 6)
    assert "secret" not in repr(key) + key.fingerprint()
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), "there is no key"),
        (lambda path: path.chmod(0o644), "chmod 600"),
        (lambda path: path.write_text("short"), "at least 32"),
    ],
)
def test_an_unusable_key_is_told_before_anything_is_read(
    make_secret: Callable[..., Any], spoil: Callable[[Path], Any], said: str
) -> None:
    place = make_secret()
    spoil(place.root / "pseudonym.key")
    for command in ("check", "ingest", "run"):
        done = place.understudy(command, check=1)
        assert said in done.stderr
        assert "short" not in done.stderr.replace("too short", "")
    assert place.query("SELECT count(*) FROM sources") == [(0,)]


def test_another_key_is_refused_until_a_rebuild(make_secret: Callable[..., Any]) -> None:
    place = make_secret()
    place.understudy("ingest", check=None)
    before = place.query("SELECT min(decision_id) FROM decisions")
    _write_key(place.root / "pseudonym.key", "f" * 64)
    done = place.understudy("ingest", check=1)
    assert "--rebuild" in done.stderr
    place.understudy("ingest", "--rebuild", check=None)
    assert place.query("SELECT min(decision_id) FROM decisions") != before


def test_another_treatment_asks_for_a_rebuild(make_secret: Callable[..., Any]) -> None:
    place = make_secret()
    place.understudy("ingest", check=None)
    study = place.root / "study.yaml"
    study.write_text(study.read_text().replace("decided_by: pseudonymise", "decided_by: drop"))
    done = place.understudy("ingest", check=1)
    assert "`decided_by` of decisions was pseudonymised and is now to be dropped" in done.stderr
    assert "--rebuild" in done.stderr
    place.understudy("ingest", "--rebuild", check=None)
    assert place.query("SELECT count(decided_by) FROM decisions") == [(0,)]


@pytest.mark.parametrize(
    ("field", "treatment", "said"),
    [
        ("decided_bye", "drop", "decided_by"),
        ("decision", "pseudonymise", "the comparison rests on"),
        ("decision_id", "drop", "it can be pseudonymised"),
        ("decided_at", "pseudonymise", "only free texts"),
        ("segment_region", "drop", "cut by segments"),
        ("region", "hash", "pseudonymise"),
    ],
)
def test_mistakes_in_the_section_are_told(
    make_place: Callable[..., Any], field: str, treatment: str, said: str
) -> None:
    place = make_place(days=0, privacy={"fields": {field: treatment}})
    with pytest.raises(StudyInvalid) as caught:
        load_study(place.root / "study.yaml")
    assert field in str(caught.value)
    assert said in str(caught.value)
