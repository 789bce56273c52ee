"""What the commands print with: plain when not on a terminal, silent when asked to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape

__all__ = ["Output", "escape"]


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command's words go.

    Attributes
    ----------
    out, err
        Results, and progress or errors. Both leave colour out when not on a terminal.
    quiet
        Leaves out everything but results and errors.
    """

    out: Console
    err: Console
    quiet: bool

    @classmethod
    def make(cls, *, quiet: bool) -> Output:
        """Return the output of this process."""
        # soft_wrap: a line read by a program or in a log must not be broken at 80 columns.
        return cls(
            Console(soft_wrap=True, highlight=False, emoji=False),
            Console(stderr=True, soft_wrap=True, highlight=False, emoji=False),
            quiet,
        )

    def say(self, text: str) -> None:
        """Print a line of comment, unless quiet. Square brackets are Rich's markup."""
        if not self.quiet:
            self.out.print(text)

    def result(self, text: str) -> None:
        """Print a result, also when quiet."""
        self.out.print(text)

    @contextmanager
    def steps(self) -> Iterator[tuple[Callable[[str], None], Callable[[int, int, int], None]]]:
        """Show what is being done: a spinner and counts on a terminal, plain lines elsewhere.

        Yields
        ------
        step, progress
            `step` names what begins; `progress` tells files done, files in all and rows read.
        """
        if self.quiet:
            yield (lambda text: None), (lambda done, files, rows: None)
            return
        if not self.err.is_terminal:
            yield (lambda text: self.err.print(f"{text} …")), (lambda done, files, rows: None)
            return
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns: list[Any] = [
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[detail]}"),
            TimeElapsedColumn(),
        ]
        with Progress(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task("Starting", total=None, detail="")

            def step(text: str) -> None:
                bar.reset(task, description=text, total=None, detail="")

            def progress(done: int, files: int, rows: int) -> None:
                detail = f"{done:,} of {files:,} files, {rows:,} rows"
                bar.update(task, completed=done, total=files, detail=detail)

            yield step, progress
