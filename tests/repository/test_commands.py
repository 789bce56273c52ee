"""Every command is documented, has help, and every option of it says what it does."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.main import get_command

from pipelines.cli import checking, ingesting, running, serving, starting, status

ROOT = Path(__file__).parents[2]


def commands() -> dict[str, typer.core.TyperCommand]:
    app = typer.Typer()
    for module in (starting, ingesting, running, status, checking, serving):
        module.add_to(app)
    return dict(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", commands())
def test_a_command_is_documented(name: str) -> None:
    command = commands()[name]
    assert command.help, f"{name} has no help"
    assert f"understudy {name}" in (ROOT / "README.md").read_text()
    for option in command.params:
        if option.name != "help":
            assert getattr(option, "help", None), f"{name}: {option.name} has no help"
