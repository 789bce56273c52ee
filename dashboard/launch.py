"""Starts the dashboard: `python -P -m dashboard.launch [options] [study folder ...]`.

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

from dashboard.access.serving import Doors, named_roles, named_secrets, settle
from dashboard.theme import theme_options
from data_contracts.errors import UnderstudyError

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
    """Return how to serve the dashboard of these study folders on this computer, without a login.

    Examples
    --------
    >>> launch([Path("/tmp/flights")]).address
    'http://localhost:8501'
    """
    return launch_with(studies, settle(host, port, None, None))


def launch_with(studies: Sequence[Path], doors: Doors) -> Launch:
    """Return how to serve the dashboard of these study folders to whom the doors let in."""
    options = (
        *doors.options(),
        ("server.headless", "true"),
        ("server.fileWatcherType", "none"),
        ("server.runOnSave", "false"),
        ("browser.gatherUsageStats", "false"),
        ("runner.magicEnabled", "false"),
        ("client.toolbarMode", "viewer"),
        ("client.showErrorDetails", "none"),
        *theme_options(),
    )
    flags = (f"--{name}={value}" for name, value in options)
    folders = os.pathsep.join(str(folder.resolve()) for folder in studies)
    return Launch(
        ("run", str(APP), *flags),
        {STUDIES_VARIABLE: folders, **doors.environment()},
        doors.address,
    )


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
    given = _parser().parse_args(arguments)
    named = os.environ.get(STUDIES_VARIABLE, "").split(os.pathsep)
    folders = given.folders or [Path(name) for name in named if name]
    try:
        secrets = named_secrets(given.secrets)
        # With a login the provider knows the port; it cannot be another one.
        port = given.port if secrets else free_port(given.port, HOST)
        plan = launch_with(
            folders, settle(given.host, port, secrets, named_roles(given.roles), folders)
        )
    except UnderstudyError as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(fault.exit_code)
    os.environ.update(plan.environment)
    sys.stdout.write(f"Dashboard: {plan.address}  (Ctrl-C ends it)\n")
    sys.stdout.flush()
    from streamlit.web import cli

    cli.main(list(plan.arguments), prog_name="streamlit")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dashboard.launch", description=main.__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="study folders")
    parser.add_argument("--port", type=int, default=PORT, help="without a login, or the next free")
    parser.add_argument("--host", default=HOST, help="address to listen on; others need a login")
    parser.add_argument("--secrets", type=Path, help="TOML file with the `[auth]` section")
    parser.add_argument("--roles", type=Path, help="TOML file that says who has which role")
    return parser


if __name__ == "__main__":
    main()
