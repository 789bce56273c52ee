"""What `understudy dashboard` serves: a study, several, or a folder in which studies lie."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipelines.cli import serving

app = typer.Typer()
serving.add_to(app)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the arguments the dashboard would be started with."""
    given: list[str] = []
    monkeypatch.setattr(serving, "_serve", lambda arguments: given.extend(arguments) or 0)
    return given


def made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "study.yaml").touch()
    return folder


def test_a_folder_of_studies_is_passed_on_so_that_new_ones_appear(
    tmp_path: Path, served: list[str]
) -> None:
    made(tmp_path / "a")
    made(tmp_path / "b")
    assert CliRunner().invoke(app, ["dashboard", str(tmp_path)]).exit_code == 0
    assert served[served.index("--") + 1 :] == [str(tmp_path)]


def test_studies_are_passed_on_by_their_folders(tmp_path: Path, served: list[str]) -> None:
    a, b = made(tmp_path / "a"), made(tmp_path / "b")
    assert CliRunner().invoke(app, ["dashboard", str(a), str(b / "study.yaml")]).exit_code == 0
    assert served[served.index("--") + 1 :] == [str(a), str(b)]


def test_a_folder_without_studies_is_refused_in_words(tmp_path: Path, served: list[str]) -> None:
    result = CliRunner().invoke(app, ["dashboard", str(tmp_path)])
    assert result.exit_code != 0
    assert not served
