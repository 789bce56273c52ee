"""What a PostgreSQL server objects to, in words and without the password."""

from __future__ import annotations

import re
from urllib.parse import unquote

from pipelines.sources.refusal import FileRefused

_MEND = "Mend that and run again; the run read nothing of it."


def refusal_of(shown: str, address: str, fault: BaseException) -> FileRefused:
    """Return the refusal that tells a fault of the server or of the driver."""
    text = _without_secrets(str(fault), address)
    state = getattr(fault, "sqlstate", None) or _state(text)
    for sign, found, expected, advice in _SIGNS:
        if sign == state or (len(sign) > 5 and re.search(sign, text)):
            return FileRefused(
                path=shown, found=f"{found} ({_short(text)})", expected=expected, advice=advice
            )
    return FileRefused(
        path=shown,
        found=f"a fault of the database ({_short(text)})",
        expected="rows",
        advice=_MEND,
    )


def _state(text: str) -> str | None:
    found = re.search(r"SQLSTATE: ([0-9A-Z]{5})", text)
    return found[1] if found else None


_SIGNS = (
    (
        "password authentication failed|no password supplied|SASL authentication",
        "a user or password that the server does not take",
        "a login that may read the table",
        "Correct the address in the environment variable.",
    ),
    (
        "no pg_hba.conf entry",
        "a server that does not admit this user from this machine",
        "a login that may read the table",
        "Ask who runs the server to admit it.",
    ),
    (
        'database ".*" does not exist',
        "no such database",
        "the database of the study's table",
        "Correct the address in the environment variable.",
    ),
    (
        "could not translate host name|Connection refused|timeout expired|No route to host"
        "|Network is unreachable|No such file or directory|the database system is",
        "no server that answers",
        "a PostgreSQL server",
        "Start it or correct the address in the environment variable, and run again.",
    ),
    (
        "too many clients|too many connections|remaining connection slots",
        "a server that takes no more connections",
        "one connection for each partition, and one more",
        "Lower `partitions` in the study, or run again when the server has fewer users.",
    ),
    (
        "57014",
        "a query that the server cancelled",
        "all its rows",
        "Raise the server's `statement_timeout` for this user, or run again.",
    ),
    (
        "server closed the connection|terminating connection|could not receive data"
        "|connection to server was lost|SSL SYSCALL|no connection to the server"
        "|Failed to prepare query: $|^IO: Failed|snapshot .* does not exist|invalid snapshot",
        "a connection that was lost",
        "all its rows",
        "Nothing of it was kept; run again when the server is well.",
    ),
    ("42P01", "no such table", "a table or view", "Correct `table` or `query` in the study."),
    ("3F000", "no such schema", "a table or view", "Correct `table` or `query` in the study."),
    ("42703", "no such column", "columns that exist", "Correct the study's query."),
    (
        "42501",
        "a table that this user may not read",
        "the right to SELECT from it",
        "Ask its owner: GRANT SELECT ON ... TO ..., and USAGE on its schema.",
    ),
    ("42601", "a query with a mistake", "one SELECT", "Correct `query` in the study."),
    (
        "25006",
        "a query that changes data",
        "one that only reads",
        "Correct `query` in the study.",
    ),
    (
        "22021",
        "text that is not valid in the database's encoding",
        "text that can be turned into UTF-8",
        "Mend the rows in the database.",
    ),
)


def _without_secrets(text: str, address: str) -> str:
    """Return a message without the address and its password.

    Examples
    --------
    >>> _without_secrets("missing = after postgresql://me:p%40w@host/db", "x://me:p%40w@host/db")
    'missing = after …host/db'
    """
    login = re.match(r"[^:]*://(.*)@", address)
    _, _, password = (login[1] if login else "").partition(":")
    given = re.search(r"[?&]password=([^&]*)", address)
    passwords = {word for word in (password, given[1] if given else "") if word}
    text = text.replace(address, "…")
    for word in passwords | {unquote(word) for word in passwords}:
        text = text.replace(word, "…")
    return re.sub(r"[a-z]+://\S*@", "…", text)


def _short(text: str) -> str:
    r"""Return the part of a driver's message that a reader needs, on one line.

    Examples
    --------
    >>> _short('IO: [libpq] Failed: ERROR:  relation "x" does not exist\nLINE 1: select')
    'relation "x" does not exist'
    """
    text = re.split(r"\s+(?:LINE \d+:|Query was:|\. SQLSTATE)", text)[0]
    text = re.split(r"(?:ERROR|FATAL):\s+", text)[-1]
    words = " ".join(text.removeprefix("IO: ").replace("[libpq] ", "").split()).rstrip(". ")
    return words if len(words) <= 200 else f"{words[:199]}…"
