"""Rules of the house that no linter knows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("data_contracts", "evaluators", "pipelines", "dashboard")
MODULES = sorted(
    path.relative_to(ROOT)
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if path.name != "__init__.py"
)
FILES = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=False,
).stdout.splitlines()


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_is_one_idea(module: Path) -> None:
    lines = (ROOT / module).read_text().splitlines()
    assert len(lines) <= 300, "more than one idea? split it"
    assert lines[0].startswith('"""'), "the first line says what the module is"


def test_status_and_help_load_nothing_heavy() -> None:
    program = (
        "import sys, pipelines.cli.app, pipelines.cli.status, pipelines.cli.checking;"
        "import pipelines.assessment.latest;"
        "heavy = {'apache_beam', 'pandas', 'scipy', 'streamlit', 'pyarrow', 'sklearn',"
        "'great_expectations', 'sqlalchemy'};"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, f"loaded: {done.stderr}"


def test_judging_loads_only_the_light_part_of_scipy() -> None:
    program = (
        "import sys, pipelines.assessment.evaluate;"
        "from evaluators.kinds import all_evaluators, all_gate_kinds, all_reports;"
        "all_evaluators(), all_gate_kinds(), all_reports();"
        "sys.exit(' '.join({'scipy.stats', 'scipy.optimize', 'pandas'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, f"loaded: {done.stderr}"


def test_great_expectations_is_loaded_only_when_there_is_something_to_judge() -> None:
    program = (
        "import sys, pipelines.runs, pipelines.check, pipelines.checks.store;"
        "import pipelines.checks.declared, pipelines.cli.checking;"
        "sys.exit(' '.join({'great_expectations', 'sqlalchemy'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, f"loaded: {done.stderr}"


def test_no_dashboard_module_hides_another() -> None:
    # Streamlit puts the entry script's folder first on the path.
    names = {path.stem for path in (ROOT / "dashboard").glob("*.py")} | {
        path.name for path in (ROOT / "dashboard").iterdir() if path.is_dir()
    }
    assert not names & (set(sys.stdlib_module_names) | set(ROOMS))
    assert "pages" not in names, "Streamlit would serve a folder called pages by itself"


def test_nothing_names_a_download_host_or_a_machine() -> None:
    trace = re.compile(r"files\.pythonhosted|pypi\.org|/root/|/work/|index-url")
    found = [
        name
        for name in FILES
        if (ROOT / name).is_file()
        and (ROOT / name).suffix in {".py", ".md", ".toml", ".txt", ".yaml", ".sql", ""}
        and name != "tests/repository/test_house.py"
        and trace.search((ROOT / name).read_text("utf-8", "replace"))
    ]
    assert not found


def test_tests_have_no_packages() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))
