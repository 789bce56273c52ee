"""Every command is documented, has help, and every option of it says what it does."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from pipelines.cli.app import GROUPS

ROOT = Path(__file__).parents[2]


def commands() -> dict[str, typer.core.TyperCommand]:
    app = typer.Typer()
    for name in GROUPS:
        import_module(f"pipelines.cli.{name}").add_to(app)
    return dict(every(get_command(app)))


def every(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the commands of a group by their words, those of groups inside it too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_every_module_that_adds_commands_is_in_the_list() -> None:
    folder = ROOT / "pipelines" / "cli"
    found = {path.stem for path in folder.glob("*.py") if "def add_to(" in path.read_text()}
    assert found == set(GROUPS)


@pytest.mark.parametrize("name", commands())
def test_a_command_is_documented(name: str) -> None:
    command = commands()[name]
    assert command.help, f"{name} has no help"
    first, *last = name.split()
    told = [line for line in (ROOT / "README.md").read_text().splitlines() if "understudy" in line]
    assert any(f"understudy {first}" in line and all(w in line for w in last) for line in told)
    for option in command.params:
        if option.name != "help":
            assert getattr(option, "help", None), f"{name}: {option.name} has no help"
