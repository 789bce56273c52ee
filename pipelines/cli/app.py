"""The commands, and the edge where every error becomes one clear message and an exit code."""

from __future__ import annotations

import importlib
import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from data_contracts.errors import UnderstudyError
from pipelines.cli.console import Output, escape
from pipelines.interrupts import interruptible

GROUPS = (
    "starting",
    "ingesting",
    "quarantining",
    "running",
    "watching",
    "status",
    "planning",
    "checking",
    "profiling",
    "reviewing",
    "purging",
    "contracts",
    "serving",
)
"""Modules of this folder that add commands, in the order `--help` shows them."""
STOPPED = 130
"""Exit code after Ctrl-C, as shells expect."""

app = typer.Typer(
    name="understudy",
    help="Tells whether an AI may go live: real decisions, paired with the AI's, judged by what"
    " turned out to be true.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Folder = Annotated[
    Path, typer.Argument(help="The study's folder, or its study.yaml.", show_default="this folder")
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print results and errors only, no progress.")
]


def main() -> None:
    """Run the command line: exit 0 done, 1 failed, 2 usage, 3 BLOCKED or unbalanced books."""
    printable()
    try:
        for name in GROUPS:
            importlib.import_module(f"pipelines.cli.{name}").add_to(app)
        with interruptible():
            code = app(standalone_mode=False)
    except UnderstudyError as error:
        fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        code = STOPPED
    except typer.Abort:  # Ctrl-C or Ctrl-D at a question, whose line is still open
        typer.echo(err=True)
        code = STOPPED
    except OSError as error:
        where = f" `{error.filename}`" if error.filename else ""
        fail(f"The system refused{where}: {error.strerror or error}.", 1)
    except Exception as error:
        # Typer's own usage errors know how to show themselves; anything else is our fault.
        if not hasattr(error, "show"):
            raise
        error.show()
        code = getattr(error, "exit_code", 2)
    if code == STOPPED:
        fail("Stopped. What was committed before holds; nothing was half kept.", STOPPED)
    sys.exit(code or 0)


def printable() -> None:
    """Let signs that a terminal or file cannot show be a question mark, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def fail(message: str, code: int) -> None:
    """Print one message on standard error and end the process with a code."""
    Output.make(quiet=False).err.print(escape(message), style="red" if code != 3 else "yellow")
    sys.exit(code)
