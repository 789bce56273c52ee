"""The wheel holds the four rooms, every file of theirs, and nothing else."""

from __future__ import annotations

import importlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("data_contracts", "evaluators", "pipelines", "dashboard")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Return the built wheel, opened."""
    folder = tmp_path_factory.mktemp("dist")
    program = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return zipfile.ZipFile(folder / done.stdout.strip().splitlines()[-1])


def test_it_holds_every_file_of_the_rooms_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert inside == expected


def test_it_is_named_understudy_and_has_the_command(wheel: zipfile.ZipFile) -> None:
    points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert points.startswith("understudy-")
    assert "understudy = pipelines.cli.app:main" in wheel.read(points).decode()


@pytest.mark.parametrize("room", ROOMS)
def test_the_rooms_that_are_imported_are_ours(room: str) -> None:
    assert Path(str(importlib.import_module(room).__file__)).parent == ROOT / room
