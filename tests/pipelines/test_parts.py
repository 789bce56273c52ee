"""Parts between being written and being committed: any damage is named, and nothing is kept.

And what may be read on the warehouse's own connection: nothing from outside.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import pipelines.warehouse.commit as committing
from pipelines.runs import run_study
from pipelines.study_file import read_study
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.verify import PartDamaged

Spoil = Callable[[Path, Path], None]


def flip(share: float) -> Spoil:
    def spoil(part: Path, other: Path) -> None:
        data = bytearray(part.read_bytes())
        data[min(int(share * len(data)), len(data) - 1)] ^= 1
        part.write_bytes(data)

    return spoil


def cut(share: float) -> Spoil:
    return lambda part, other: os.truncate(part, int(share * part.stat().st_size))


def swap(part: Path, other: Path) -> None:
    shutil.move(part, part.with_suffix(".aside"))
    shutil.move(other, part)
    shutil.move(part.with_suffix(".aside"), other)


SHARES = (0.0, 0.0005, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.999, 1.0)
DAMAGE = [
    *[pytest.param(flip(share), id=f"flip-{share}") for share in SHARES],
    *[pytest.param(cut(share), id=f"cut-{share}") for share in (0.0, 0.2, 0.8, 0.99, 0.9999)],
    pytest.param(lambda part, other: part.unlink(), id="gone"),
    pytest.param(swap, id="swapped"),
    pytest.param(lambda part, other: shutil.copy(other, part), id="another"),
]


def run(place: Any) -> None:
    folder = StudyFolder.at(place.root)
    run_study(folder, read_study(folder))


def two_parts(result: Any) -> tuple[Path, Path]:
    first, second = sorted(part.path for part in result.parts if part.accepted)[:2]
    return first, second


@pytest.mark.parametrize("spoil", DAMAGE)
def test_damage_before_the_commit(
    judged: Any, monkeypatch: pytest.MonkeyPatch, spoil: Spoil
) -> None:
    import pipelines.ingest.pipeline as pipeline

    real = pipeline.run_pipeline

    def spoiling(*args: Any, **how: Any) -> Any:
        result = real(*args, **how)
        spoil(*two_parts(result))
        return result

    judged.write_day(3)
    monkeypatch.setattr("pipelines.ingest.pipeline.run_pipeline", spoiling)
    with pytest.raises(PartDamaged, match=r"\.parquet` is (changed|missing).*nothing of the run"):
        run(judged)
    assert judged.counts() == (60, 60, 60, 0)
    monkeypatch.undo()
    run(judged)
    assert judged.counts() == (80, 80, 80, 0)


@pytest.mark.parametrize("spoil", [DAMAGE[i] for i in (0, 4, 9, 10, 12, 15, 16, 17)])
@pytest.mark.parametrize("after", [False, True], ids=["before-loading", "after-loading"])
def test_damage_between_the_check_and_the_end(
    judged: Any, monkeypatch: pytest.MonkeyPatch, spoil: Spoil, after: bool
) -> None:
    real_verify, real_merge = committing.verify_parts, committing.merge
    parts: list[Any] = []

    def verify(given: Any) -> Any:
        parts[:] = given
        return real_verify(given)

    merged = 0

    def merge(*args: Any, **how: Any) -> Any:
        nonlocal merged
        first, second = sorted(part.path for part in parts if part.accepted)[:2]
        merged += 1
        if not after and merged == 1:
            spoil(first, second)
        done = real_merge(*args, **how)
        if after and merged == 3:
            spoil(first, second)
        return done

    judged.write_day(3)
    with monkeypatch.context() as patched:
        patched.setattr(committing, "verify_parts", verify)
        patched.setattr(committing, "merge", merge)
        with pytest.raises(PartDamaged, match="since it was checked"):
            run(judged)
    assert judged.counts() == (60, 60, 60, 0)
    run(judged)
    assert judged.counts() == (80, 80, 80, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "FROM read_csv('{outside}/data/decisions/2026-03-02.csv')",
        "FROM read_text('{outside}/data/decisions/2026-03-02.csv')",
        "FROM read_json('{outside}/data/recommendations/2026-03-02.jsonl')",
        "FROM read_parquet('{outside}/data/outcomes/2026-03-02.parquet')",
        "FROM '{outside}/data/outcomes/2026-03-02.parquet'",
        "FROM glob('{outside}/data/*')",
        "COPY (SELECT 1) TO '{outside}/data/out.csv'",
        "ATTACH '{outside}/data/other.duckdb'",
        "EXPORT DATABASE '{outside}/data/dump'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "FROM read_parquet('{outside}/state/../data/outcomes/2026-03-02.parquet')",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
    ],
)
def test_the_connection_reaches_nothing_outside(place: Any, statement: str) -> None:
    (place.root / "state").mkdir()
    query = statement.format(outside=place.root)
    with (
        open_warehouse(place.root / "state" / "warehouse.duckdb") as connection,
        pytest.raises(duckdb.Error),
    ):
        connection.execute(query)


def test_a_run_names_no_file_but_its_parts_to_the_connection(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = duckdb.connect

    class Heard:
        """A connection that notes what it is asked."""

        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __enter__(self) -> Any:
            return self.inner.__enter__()

        def __exit__(self, *fault: Any) -> None:
            self.inner.__exit__(*fault)

        def __getattr__(self, name: str) -> Any:
            found = getattr(self.inner, name)
            if name not in ("execute", "sql", "executemany"):
                return found

            def noted(query: str, *rest: Any, **more: Any) -> Any:
                asked.append(query)
                return found(query, *rest, **more)

            return noted

    monkeypatch.setattr(
        "pipelines.warehouse.connection.duckdb.connect",
        lambda *args, **how: Heard(real(*args, **how)),
    )
    run(place)
    named = [path for query in asked for path in re.findall(r"'([^']*[/\\][^']*)'", query)]
    parts = [path for path in named if path.endswith(".parquet")]
    assert parts
    assert all(Path(path).parent == place.root / "state" / "staging" for path in parts)
    assert not [path for path in named if path.startswith(str(place.root / "data"))]
    assert not [query for query in asked if re.search(r"read_(csv|json|text|blob)", query)]
