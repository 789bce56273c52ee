"""Every reference value of the specification of statistics is held by a test that names it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
DATA = os.environ.get("UNDERSTUDY_REAL_DATA")
FILE = Path(DATA).parent / "reference" / "statistics.json" if DATA else None


@pytest.mark.skipif(
    FILE is None or not FILE.exists(),
    reason="UNDERSTUDY_REAL_DATA names no folder with reference values beside it",
)
def test_no_reference_value_is_left_out() -> None:
    assert FILE is not None
    wanted = {key.strip() for key in json.loads(FILE.read_text("utf-8"))}
    held: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        held |= {key.strip() for key in re.findall(r'"((?:[^"\\\n])+)"', path.read_text("utf-8"))}
    missing = sorted(wanted - held)
    assert not missing, f"{len(missing)} of {len(wanted)} have no test: {'; '.join(missing)}"
