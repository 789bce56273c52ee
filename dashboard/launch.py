"""Starts the dashboard: `python -P -m dashboard.launch [--port N] [study folder ...]`.

Run as a process of its own, because the pipelines never import the dashboard. Everything is
passed as options, so neither the working folder nor an installed wheel makes a difference.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.theme import theme_options

STUDIES_VARIABLE = "UNDERSTUDY_STUDIES"
"""Environment variable with the study folders, separated by `os.pathsep`."""

HOST = "localhost"
PORT = 8501
APP = Path(__file__).with_name("app.py")


@dataclass(frozen=True, slots=True)
class Launch:
    """What to run: a command line, what to add to the environment, and the page's address."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    address: str

    @property
    def command(self) -> tuple[str, ...]:
        """The arguments as a command of this Python."""
        return (sys.executable, "-P", "-m", "streamlit", *self.arguments)


def launch(studies: Sequence[Path], port: int = PORT, host: str = HOST) -> Launch:
    """Return how to serve the dashboard of these study folders.

    Examples
    --------
    >>> launch([Path("/tmp/flights")]).address
    'http://localhost:8501'
    """
    options = {
        "server.address": host,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.runOnSave": "false",
        "browser.serverAddress": host,
        "browser.serverPort": str(port),
        "browser.gatherUsageStats": "false",
        "runner.magicEnabled": "false",
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
        **dict(theme_options()),
    }
    flags = (f"--{name}={value}" for name, value in options.items())
    folders = os.pathsep.join(str(folder.resolve()) for folder in studies)
    return Launch(("run", str(APP), *flags), {STUDIES_VARIABLE: folders}, f"http://{host}:{port}")


def free_port(preferred: int = PORT, host: str = HOST) -> int:
    """Return the preferred port, or the next one that nothing answers on."""
    for port in range(preferred, min(preferred + 50, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    return preferred


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="dashboard.launch", description=main.__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="study folders")
    parser.add_argument("--port", type=int, default=None, help="default: the next free from 8501")
    given = parser.parse_args(arguments)
    named = os.environ.get(STUDIES_VARIABLE, "").split(os.pathsep)
    folders = given.folders or [Path(name) for name in named if name]
    plan = launch(folders, free_port() if given.port is None else given.port)
    os.environ.update(plan.environment)
    from streamlit.web import cli

    cli.main(list(plan.arguments), prog_name="streamlit")


if __name__ == "__main__":
    main()
