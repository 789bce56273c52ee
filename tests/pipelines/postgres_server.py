"""A real PostgreSQL server for the tests: started in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "s3cr3t:p@ss/word"
WRITTEN = "s3cr3t%3Ap%40ss%2Fword"


class Server:
    """A running server that a test can stop and start."""

    def __init__(self, folder: Path, programs: Path, before: list[str]) -> None:
        self.folder, self.programs, self.before = folder, programs, before
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def address(self, user: str = "owner", password: str = WRITTEN, base: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{base}"

    def program(self, name: str, *words: str) -> None:
        """Run one of PostgreSQL's programs as its user."""
        command = [*self.before, str(self.programs / name), "-D", str(self.folder / "data"), *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(self.folder / "log")
        # pg_ctl's child would keep our pipes open: it writes to the log.
        self.program("pg_ctl", "-o", options, "-l", log, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it; `immediate` is what a crash looks like to those connected."""
        self.program("pg_ctl", "-m", how, "-w", "stop")

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as the owner and return the last one's rows."""
        from adbc_driver_postgresql import dbapi

        with dbapi.connect(self.address(), autocommit=True) as link, link.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []


def started() -> Iterator[Server]:
    """Yield a server, or skip with the reason where there is none to start."""
    pytest.importorskip("adbc_driver_postgresql", reason="the driver for PostgreSQL is missing")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = shutil.which("initdb")
    program = Path(named) if named else (found[-1] if found else None)
    if program is None:
        pytest.skip("no PostgreSQL server is installed on this machine")
    before = []
    if os.geteuid() == 0:  # initdb refuses root
        if not shutil.which("runuser") or subprocess.run(["id", "postgres"]).returncode:
            pytest.skip("PostgreSQL does not run as root, and there is no user `postgres`")
        before = ["runuser", "-u", "postgres", "--"]
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if before:
            shutil.chown(folder, "postgres")
            shutil.chown(secret, "postgres")
        server = Server(folder, program.parent, before)
        words = ("-A", "scram-sha-256", "-U", "owner", "-E", "UTF8", "--no-sync")
        server.program("initdb", *words, "--locale=C", f"--pwfile={secret}")
        server.start()
        try:
            yield server
        finally:
            try:
                server.stop("immediate")
            except AssertionError:
                assert not (folder / "data" / "postmaster.pid").exists()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
