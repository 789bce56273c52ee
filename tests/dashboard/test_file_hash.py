"""The hash that binds every download to the evidence it came from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dashboard.file_hash import sha256_of


def test_it_is_what_sha256sum_prints_and_follows_a_file_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "evidence-000001.duckdb"
    file.write_bytes(b"one")
    assert sha256_of(file) == hashlib.sha256(b"one").hexdigest()
    file.write_bytes(b"another")
    assert sha256_of(file) == hashlib.sha256(b"another").hexdigest()


def test_a_file_that_is_gone_has_none(tmp_path: Path) -> None:
    file = tmp_path / "evidence-000001.duckdb"
    file.write_bytes(b"one")
    assert sha256_of(file)
    file.unlink()
    assert sha256_of(file) == ""
