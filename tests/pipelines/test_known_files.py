"""A run with nothing new costs little, however many files are known."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from data_contracts.study.model import Study
from pipelines.ingest.files import find_files
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.ledger import select_new
from pipelines.warehouse.tables import ensure_tables

PROGRAM = """
import sys
from pipelines.cli.app import main
sys.argv = ["understudy", "run", sys.argv[1]]
try:
    main()
except SystemExit as end:
    heavy = {"apache_beam", "pandas", "great_expectations", "streamlit", "boto3"}
    heavy |= {"adbc_driver_postgresql", "adbc_driver_manager"}
    sys.exit(" ".join(sorted(heavy & set(sys.modules))) or end.code)
"""


def test_a_run_with_nothing_new_loads_nothing_heavy(place: Any) -> None:
    place.understudy("run")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(place.root)], capture_output=True, text=True
    )
    assert done.returncode == 0, f"loaded: {done.stderr}"
    assert "Nothing new: 9 files found" in done.stdout


def test_ten_thousand_known_files_are_found_in_a_moment(study: Study, tmp_path: Path) -> None:
    for stream in ("decisions", "recommendations"):
        folder = tmp_path / "data" / stream
        folder.mkdir(parents=True)
        for number in range(5_000):
            (folder / f"{number:05}.csv").write_bytes(b"")
    with open_warehouse(tmp_path / "warehouse.duckdb") as connection:
        ensure_tables(connection, study)
        rows = [
            f"({f.source_no}, 1, '{f.stream}', 's', '{f.path}', {f.bytes}, {f.modified_ns},"
            f" 'hash', 'ingested', 0, 0, 0, '', '')"
            for f in find_files(study, tmp_path)
        ]
        connection.execute(f"INSERT INTO sources VALUES {', '.join(rows)}")
        started = time.process_time()
        selection = select_new(connection, find_files(study, tmp_path))
        taken = time.process_time() - started
    assert (selection.known, selection.new) == (10_000, ())
    assert taken < 2.5, f"{taken:.2f} s"
