"""Files kept open: cheap to ask again, closed in time, opened anew when replaced."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from dashboard import kept_open
from dashboard.kept_open import MOST, close_all, connect


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    close_all()
    yield
    close_all()


def made(path: Path, number: int) -> Path:
    """Write a file that holds one number, beside the name and then moved there."""
    draft = path.with_suffix(".draft")
    with duckdb.connect(str(draft)) as db:
        db.execute(f"CREATE TABLE one AS SELECT {number} AS n")
    draft.replace(path)
    return path


def read(path: Path) -> int:
    connection = connect(path)
    try:
        ((number,),) = connection.execute("SELECT n FROM one").fetchall()
        return int(number)
    finally:
        connection.close()


def test_a_file_that_is_replaced_is_opened_anew(tmp_path: Path) -> None:
    path = made(tmp_path / "evidence.duckdb", 1)
    assert read(path) == 1
    assert read(made(path, 2)) == 2


def test_no_more_files_stay_open_than_are_kept(tmp_path: Path) -> None:
    paths = [made(tmp_path / f"{i}.duckdb", i) for i in range(MOST + 3)]
    assert [read(path) for path in paths] == list(range(MOST + 3))
    assert list(kept_open._open) == [str(path) for path in paths[3:]]
    read(paths[3])
    assert list(kept_open._open)[-1] == str(paths[3]), "asked for last, closed last"


def test_readers_side_by_side_have_connections_of_their_own(tmp_path: Path) -> None:
    paths = [made(tmp_path / f"{i}.duckdb", i) for i in range(MOST + 4)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(read, paths * 20))
    assert found == list(range(MOST + 4)) * 20


def test_nothing_can_be_written_and_no_file_outside_read(tmp_path: Path) -> None:
    connection = connect(made(tmp_path / "evidence.duckdb", 1))
    with pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("DELETE FROM one")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(duckdb.Error):
        connection.execute(f"FROM '{tmp_path / 'other.csv'}'").fetchall()
    connection.close()


def test_a_file_that_is_gone_is_an_error_and_leaves_nothing_open(tmp_path: Path) -> None:
    with pytest.raises(duckdb.Error):
        connect(tmp_path / "gone.duckdb")
    assert not kept_open._open
