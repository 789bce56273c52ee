"""The arrows between the rooms hold, and each contract notices when one is crossed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("data_contracts", "evaluators", "pipelines", "dashboard")

VIOLATIONS = {
    "Arrows point down": ("dashboard/planted.py", "import pipelines.study_folder"),
    "Statistics know nothing": ("evaluators/planted.py", "import duckdb"),
    "Great Expectations is known": ("pipelines/checks/planted.py", "import great_expectations"),
    "Nothing that runs on a worker": ("pipelines/ingest/planted.py", "import streamlit"),
    "Pages read evidence": ("dashboard/planted.py", "import apache_beam"),
    "An evaluator never leans": (
        "evaluators/metrics/planted.py",
        "import evaluators.metrics.accuracy",
    ),
    "A report never leans": ("evaluators/reports/planted.py", "import evaluators.reports.drift"),
    "Formulas lean on nothing": (
        "evaluators/statistics/planted.py",
        "import evaluators.pairs.cases",
    ),
    "A gate kind never leans": ("evaluators/gates/planted.py", "import evaluators.gates.books"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the rooms in which a violation can be planted."""
    folder = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; sys.path.insert(0, '.');"
        "from importlinter.cli import lint_imports_command as lint; lint()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True
    )


def test_the_house_keeps_its_contracts(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_violation_is_found(copy: Path, contract: str) -> None:
    place, line = VIOLATIONS[contract]
    planted = copy / place
    planted.write_text(f'"""Planted."""\n\n{line}\n')
    try:
        done = lint(copy)
    finally:
        planted.unlink()
    broken = [text for text in done.stdout.splitlines() if " BROKEN" in text]
    assert done.returncode != 0
    assert any(text.startswith(contract) for text in broken), done.stdout


def test_every_contract_is_proven_by_a_violation() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    names = [c["name"] for c in settings["tool"]["importlinter"]["contracts"]]
    assert all(any(name.startswith(v) for v in VIOLATIONS) for name in names)
    assert len(names) == len(VIOLATIONS)
