"""Studies and small files for the tests of the pipelines."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_contracts.study.model import Study

DOCUMENT: dict[str, Any] = {
    "name": "small",
    "title": "Small study",
    "risk_tier": "low",
    "production": {"system": "The rule", "owner": {"name": "A. Owner"}},
    "sponsor": {"name": "A. Sponsor"},
    "decision": {"type": "binary", "classes": ["no", "yes"], "positive": "yes"},
    "outcome": {"matures_after_days": 2},
    "candidates": [{"name": "bot", "version": "1"}],
    "streams": {
        "decisions": {
            "sources": ["data/decisions"],
            "columns": {"decided_at": "decided_at"},
        },
        "recommendations": {
            "sources": ["data/recommendations"],
            "columns": {
                "candidate": {"constant": "bot"},
                "model_version": {"constant": "1"},
            },
        },
        "outcomes": {
            "sources": ["data/outcomes"],
            "columns": {"name": {"constant": "outcome"}},
        },
    },
    "segments": {"region": "region"},
    "policy": {
        "gates": [
            {"kind": "books"},
            {"kind": "pairing"},
            {"kind": "duration"},
            {"kind": "noninferiority", "margin": 0.05},
        ]
    },
}
START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def study() -> Study:
    """Return a small binary study with one segment."""
    return Study.model_validate(DOCUMENT)


class Zygote:
    """A process that has imported everything and forks one for each command."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("zygote.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, *words: str, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one command, with more in its environment; return its exit code and output."""
        pipe, answer = self.process.stdin, self.process.stdout
        assert pipe is not None
        assert answer is not None
        with tempfile.TemporaryDirectory() as folder:
            pipe.write(json.dumps([folder, environment or {}, *words]) + "\n")
            pipe.flush()
            code = int(answer.readline())
            out, err = ((Path(folder) / name).read_text() for name in ("out", "err"))
        return subprocess.CompletedProcess(["understudy", *words], code, out, err)

    def close(self) -> None:
        """End the process."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.wait()


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """Return the process that commands are forked from."""
    made = Zygote()
    yield made
    made.close()


@dataclass(frozen=True)
class Place:
    """A study folder on disk with files a test can spoil, and the command line run on it."""

    root: Path
    zygote: Zygote
    environment: dict[str, str] = field(default_factory=dict)

    def understudy(self, *words: str, check: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a command on the study; `check` is the exit code it must have (None: any)."""
        done = self.zygote.run(*words, str(self.root), environment=self.environment)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        if check is not None:
            assert done.returncode == check, done.stdout + done.stderr
        return done

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the warehouse."""
        with duckdb.connect(str(self.root / "state" / "warehouse.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()

    def evidence(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the published evidence."""
        file = (self.root / "state" / "evidence.duckdb").resolve()
        with duckdb.connect(str(file), read_only=True) as con:
            return con.execute(sql).fetchall()

    def status(self) -> dict[str, Any]:
        """Return the published verdict as `status --json` gives it."""
        found: dict[str, Any] = json.loads(self.understudy("status", "--json").stdout)
        return found

    def counts(self) -> tuple[int, ...]:
        """Return the number of records of the three streams, and of rows in quarantine."""
        tables = ("decisions", "recommendations", "outcomes", "quarantine")
        return tuple(self.query(f"SELECT count(*) FROM {table}")[0][0] for table in tables)

    def write_day(self, day: int, cases: int = 20) -> None:
        """Write one day's files: decisions as CSV, recommendations JSONL, outcomes Parquet."""
        write_day(self.root / "data", day, cases)


def write_day(data: Path, day: int, cases: int) -> None:
    rng = np.random.default_rng(day)
    truth = rng.random(cases) < 0.4
    decision, candidate = truth ^ (rng.random(cases) < 0.15), truth ^ (rng.random(cases) < 0.1)
    ids = [f"case-{day:03d}-{i:04d}" for i in range(cases)]
    times = [START + timedelta(days=day, minutes=20 * i) for i in range(cases)]
    words = ("no", "yes")
    name = f"{(START + timedelta(days=day)).date()}"
    for stream in ("decisions", "recommendations", "outcomes"):
        (data / stream).mkdir(parents=True, exist_ok=True)
    lines = ["decision_id,decided_at,decision,region"] + [
        f"{i},{t.isoformat()},{words[int(d)]},{'north' if n % 2 else 'south'}"
        for n, (i, t, d) in enumerate(zip(ids, times, decision, strict=True))
    ]
    (data / "decisions" / f"{name}.csv").write_text("\n".join(lines) + "\n")
    records = [
        json.dumps(
            {
                "decision_id": i,
                "recommended_at": (t + timedelta(seconds=1)).isoformat(),
                "recommendation": words[int(c)],
                "score": 0.5,
            }
        )
        for i, t, c in zip(ids, times, candidate, strict=True)
    ]
    (data / "recommendations" / f"{name}.jsonl").write_text("\n".join(records) + "\n")
    pq.write_table(
        pa.table(
            {
                "decision_id": ids,
                "observed_at": pa.array([t + timedelta(hours=30) for t in times]),
                "outcome": [words[int(y)] for y in truth],
            }
        ),
        data / "outcomes" / f"{name}.parquet",
    )


def write_study(root: Path, days: int, cases: int, **changes: Any) -> None:
    """Make a study folder with some days of files."""
    import yaml

    root.mkdir()
    (root / "study.yaml").write_text(yaml.safe_dump({**DOCUMENT, **changes}, sort_keys=False))
    for day in range(days):
        write_day(root / "data", day, cases)


@pytest.fixture
def make_place(tmp_path: Path, zygote: Zygote) -> Callable[..., Place]:
    """Return a function that makes a study folder with some days of files."""

    def make(days: int = 3, cases: int = 20, **changes: Any) -> Place:
        write_study(tmp_path / "small", days, cases, **changes)
        return Place(tmp_path / "small", zygote)

    return make


@pytest.fixture
def place(make_place: Callable[..., Place]) -> Place:
    """Return a study folder with three days of twenty cases."""
    return make_place()


@pytest.fixture(scope="session")
def judged_once(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that gives a study folder that has run; it is copied, never changed."""
    known: dict[str, Path] = {}

    def judge(days: int, cases: int, **changes: Any) -> Path:
        asked = json.dumps([days, cases, changes], sort_keys=True)
        if asked not in known:
            root = tmp_path_factory.mktemp("judged") / "small"
            write_study(root, days, cases, **changes)
            Place(root, zygote).understudy("run", check=None)
            known[asked] = root
        return known[asked]

    return judge


@pytest.fixture
def make_judged(
    judged_once: Callable[..., Path], zygote: Zygote, tmp_path: Path
) -> Callable[..., Place]:
    """Return a function that makes a study folder as `make_place` does, and that has run."""

    def make(days: int = 3, cases: int = 20, **changes: Any) -> Place:
        once = judged_once(days, cases, **changes)
        root = shutil.copytree(once, tmp_path / "small", symlinks=True)
        return Place(root, zygote)

    return make


@pytest.fixture
def judged(make_judged: Callable[..., Place]) -> Place:
    """Return a study folder of three days of twenty cases that has run."""
    return make_judged()


@dataclass(frozen=True)
class SecretsSearch:
    """Looks for secrets in every byte, however they may be written down."""

    @staticmethod
    def in_folder(
        root: Path, secrets: Iterable[str], sources: tuple[str, ...]
    ) -> set[tuple[str, str]]:
        """Return (secret, file) for every secret that shows; the sources are left out."""
        return found_in(root, secrets, sources)

    @staticmethod
    def in_bytes(data: bytes, secrets: Iterable[str]) -> set[str]:
        """Return the secrets that show in some bytes."""
        return {secret for secret in secrets if any(form in data for form in forms(secret))}


@pytest.fixture
def secrets_search() -> SecretsSearch:
    """Return what looks for secrets."""
    return SecretsSearch()


def forms(secret: str) -> set[bytes]:
    """Return the bytes by which a secret shows: plain, UTF-16, and in base64 at any offset."""
    plain = secret.encode()
    encoded = {
        base64.b64encode(b"\0" * offset + plain)[(offset * 8 + 5) // 6 : -4] for offset in range(3)
    }
    return {plain, secret.encode("utf-16-le"), secret.encode("utf-16-be"), plain.hex().encode()} | {
        piece.rstrip(b"=") for piece in encoded
    }


def found_in(root: Path, secrets: Iterable[str], sources: tuple[str, ...]) -> set[tuple[str, str]]:
    """Return (secret, file) for every secret that shows; the sources themselves are left out."""
    shapes = {secret: forms(secret) for secret in secrets}
    return {
        (secret, str(path.relative_to(root)))
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.relative_to(root).parts[0] not in sources
        for data in _contents(path)
        for secret, shown in shapes.items()
        if any(form in data for form in shown)
    }


def _contents(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield data
    if path.suffix == ".duckdb" and not path.is_symlink():
        # Its own bytes may be packed, so what it holds is looked through as well.
        with duckdb.connect(str(path), read_only=True) as con:
            tables = con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
            for schema, table in tables:
                yield repr(con.execute(f'FROM "{schema}"."{table}"').fetchall()).encode()
    if data.startswith(b"PAR1"):
        # A part that was not finished has no footer, and its pages cannot be told apart.
        try:
            table = pq.read_table(path)
        except pa.ArrowException:
            return
        yield repr(table.to_pydict()).encode()
