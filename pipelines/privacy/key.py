"""The key behind pseudonyms: where it comes from, and when it is refused.

It is read where it is used and never handed on: not in a job, a log, a message or the warehouse.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from data_contracts.data_words import Treatment
from data_contracts.errors import UnderstudyError
from data_contracts.evidence import STATE_FOLDER
from data_contracts.stream_contracts import contract_for
from data_contracts.study.model import Study

KEY_VARIABLE = "UNDERSTUDY_PSEUDONYM_KEY"
"""Environment variable that holds the key itself."""
KEY_FILE_VARIABLE = "UNDERSTUDY_PSEUDONYM_KEY_FILE"
"""Environment variable that names a file with the key."""
KEY_FILE = "pseudonym.key"
"""File beside the study that holds the key, where neither variable is set."""
SHORTEST = 32
"""Bytes a key must have; `openssl rand -hex 32` makes 64."""
_BLOCK = 64
"""Bytes of one block of SHA-256."""
_SUBJECT = b"understudy: fingerprint of the pseudonym key"
_MAKE = "`openssl rand -hex 32`"


class KeyMissing(UnderstudyError):
    """Fields are to be pseudonymised and there is no key."""

    def sentence(self) -> str:
        fields = ", ".join(f"`{name}`" for name in self.facts["fields"])
        return (
            f"The study pseudonymises {fields}, but there is no key; nothing was read. Make one"
            f" with `(umask 077; openssl rand -hex 32 > {self.facts['path']})`, or put one into the"
            f" environment as {KEY_VARIABLE}, or name its file in {KEY_FILE_VARIABLE}. Keep a copy"
            " in a safe place: without it, new records match no old ones."
        )


class KeyUnusable(UnderstudyError):
    """There is a key, but it cannot be used."""

    def sentence(self) -> str:
        return (
            f"The key for pseudonyms in {self.facts['where']} cannot be used:"
            f" {self.facts['found']}, expected {self.facts['expected']}; nothing was read."
            f" {self.facts['advice']}"
        )


@dataclass(frozen=True, slots=True)
class Key:
    """A secret key; it shows itself nowhere and does not pickle.

    Examples
    --------
    >>> Key(b"k" * 32)
    Key()
    """

    secret: bytes = field(repr=False)

    def pads(self) -> tuple[bytes, bytes]:
        """Return the inner and the outer pad of RFC 2104 for SHA-256."""
        long = len(self.secret) > _BLOCK
        block = (hashlib.sha256(self.secret).digest() if long else self.secret).ljust(_BLOCK, b"\0")
        return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)

    def fingerprint(self) -> str:
        """Return what tells this key from others without telling anything about it."""
        return hmac.new(self.secret, _SUBJECT, "sha256").hexdigest()[:32]

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: whoever needs the key reads it."""
        raise TypeError("a key is never pickled")


def pseudonymised(study: Study, *, reviewers: bool = True) -> tuple[str, ...]:
    """Return the names of the fields that need a key, in the streams the study reads.

    Parameters
    ----------
    reviewers
        Whether to count those who review among them.
    """
    names = {
        found.name: None
        for stream in (study.streams_read if reviewers else study.streams.mapped())
        for found in contract_for(study, stream).fields
        if found.treatment is Treatment.PSEUDONYMISE
    }
    return tuple(names)


def own_key(root: Path) -> Path:
    """Return the file of a key made here, which is enough where only reviewers are pseudonymised.

    It need not outlive the state folder: reviews are read anew from the inbox, and nothing else has
    to match them.
    """
    path = root / STATE_FOLDER / KEY_FILE
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(SHORTEST))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    return path


def key_for(study: Study, root: Path, *, make: bool = True) -> Key | None:
    """Return the key that a study needs; None where it needs none.

    Parameters
    ----------
    root
        The study's folder.
    make
        Whether to keep a key that has to be made here (`own_key`); else it is forgotten again.

    Raises
    ------
    KeyMissing
        When fields are pseudonymised and there is no key.
    KeyUnusable
        When others may read it, it is too short or cannot be read.
    """
    fields = pseudonymised(study)
    if not fields:
        return None
    if KEY_VARIABLE in os.environ:
        return _checked(os.environ[KEY_VARIABLE].encode(), f"the variable {KEY_VARIABLE}")
    named = os.environ.get(KEY_FILE_VARIABLE)
    path = Path(named) if named else root / KEY_FILE
    if not named and not path.exists() and not pseudonymised(study, reviewers=False):
        if not make and not (root / STATE_FOLDER / KEY_FILE).exists():
            return Key(secrets.token_bytes(SHORTEST))
        return _checked(_read(own_key(root)), f"`{own_key(root)}`")
    if not named and not path.exists():
        raise KeyMissing(fields=fields, path=str(path))
    return _checked(_read(path), f"`{path}`")


def _read(path: Path) -> bytes:
    """Return what a key file holds, if nobody but its owner may read it."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise _unusable(
                    path,
                    f"others than its owner may read or write it (mode {mode:04o})",
                    "mode 0600",
                    f"Run `chmod 600 {path}`; if others may have seen it, make a new one and run"
                    " `understudy ingest --rebuild`.",
                )
            return file.read(4096)
    except OSError as fault:
        raise _unusable(
            path,
            f"the file cannot be read ({fault.strerror})",
            "a file that the user who runs Understudy can read",
            "Put it there, or correct its owner.",
        ) from None


def _checked(raw: bytes, where: str) -> Key:
    secret = raw.strip()
    if len(secret) < SHORTEST:
        raise KeyUnusable(
            where=where,
            found=f"it has {len(secret)} characters",
            expected=f"at least {SHORTEST}, chosen at random",
            advice=f"Make one with {_MAKE}.",
        )
    return Key(secret)


def _unusable(path: Path, found: str, expected: str, advice: str) -> KeyUnusable:
    facts: dict[str, Any] = {"found": found, "expected": expected, "advice": advice}
    return KeyUnusable(where=f"`{path}`", **facts)
