"""The inbox: the one folder the dashboard may write to; a file of reviews goes in whole or not."""

from __future__ import annotations

import errno
import json
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data_contracts.addresses import same_address
from data_contracts.errors import UnderstudyError
from data_contracts.evidence import INBOX_FOLDER
from data_contracts.reviews import REVIEWS_FOLDER, Judgement, Review

MOST_BYTES = 32 * 1024 * 1024
"""Larger files are not read."""

_ENDING = ".jsonl"
_TEXTS = ("review_id", "decision_id", "candidate", "model_version", "reviewer")
_LONGEST = 4000
"""Longest text of a field that is read, in characters."""


class InboxUnusable(UnderstudyError):
    """The inbox cannot take a file: it is not what it should be, or the disk is full."""

    def sentence(self) -> str:
        """Return where, what was found, what was expected and what to do."""
        return (
            f"The inbox `{self.facts['path']}` cannot take this: {self.facts['found']}, expected "
            "a writable folder inside the study's own. Nothing was saved; mend that and do it "
            "again."
        )


def drop_reviews(study_folder: Path, reviews: Sequence[Review]) -> Path:
    """Write reviews as one new file in the study's inbox; return its path.

    Raises
    ------
    InboxUnusable
        When the inbox is no writable folder inside the study's, or the disk is full.
    """
    if not reviews:
        raise ValueError("there is no review to save")
    return drop_lines(study_folder, REVIEWS_FOLDER, [review.line() for review in reviews])


def drop_lines(study_folder: Path, kind: str, lines: Sequence[str]) -> Path:
    """Write lines as one new file in a folder of the study's inbox; return its path.

    The name is a moment and chance; nothing that somebody typed is part of it. The file appears
    under its name only when it is whole and on disk.

    Raises
    ------
    InboxUnusable
        When the inbox is no writable folder inside the study's, or the disk is full.
    """
    folder = study_folder / INBOX_FOLDER / kind
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(8)}{_ENDING}"
    whole = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
    try:
        with _opened(study_folder, folder) as inside:
            _write(inside, name, whole)
    except OSError as fault:
        found = "the disk is full" if fault.errno in _FULL else (fault.strerror or str(fault))
        raise InboxUnusable(path=folder, found=found) from fault
    return folder / name


def read_reviews(study_folder: Path) -> tuple[Review, ...]:
    """Return the reviews in the study's inbox, of each judgement the latest event."""
    return latest(read_events(study_folder))


def read_events(study_folder: Path) -> Iterator[Review]:
    """Yield every event in the study's inbox, also those that later ones take the place of.

    What cannot be read is skipped: the pipeline sets it aside and says so.
    """
    for path in review_files(study_folder):
        yield from read_review_file(path)


def review_files(study_folder: Path) -> tuple[Path, ...]:
    """Return the regular files of reviews in the inbox, by name; none when there is no inbox."""
    return files_of(study_folder, REVIEWS_FOLDER)


def files_of(study_folder: Path, kind: str) -> tuple[Path, ...]:
    """Return the regular files in a folder of the inbox, by name; none when there is no inbox."""
    folder = study_folder / INBOX_FOLDER / kind
    try:
        if not _is_inside(study_folder, folder):
            return ()
        with os.scandir(folder) as entries:
            names = [
                entry.name
                for entry in entries
                if entry.name.endswith(_ENDING)
                and not entry.name.startswith(".")
                and entry.is_file(follow_symlinks=False)
            ]
    except OSError:
        return ()
    return tuple(folder / name for name in sorted(names))


def read_review_file(path: Path) -> tuple[Review, ...]:
    """Return the reviews of one file; lines that hold none are skipped."""
    return tuple(review for review in map(_review, read_lines(path)) if review is not None)


def read_lines(path: Path) -> list[bytes]:
    """Return the lines of one file; none when it is not a regular one of a sane size."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return []
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > MOST_BYTES:
            return []
        return file.read(MOST_BYTES).split(b"\n")


def latest(reviews: Iterable[Review]) -> tuple[Review, ...]:
    """Return of each judgement the event recorded last; of two at once the one that came later."""
    found: dict[str, Review] = {}
    for review in reviews:
        known = found.get(review.review_id)
        if known is None or _recorded(review) >= _recorded(known):
            found[review.review_id] = review
    return tuple(found.values())


_FULL = (errno.ENOSPC, errno.EDQUOT)


def _recorded(review: Review) -> datetime:
    return review.recorded_at or review.reviewed_at


def _is_inside(study_folder: Path, folder: Path) -> bool:
    return folder.resolve().is_relative_to(study_folder.resolve())


@contextmanager
def _opened(study_folder: Path, folder: Path) -> Iterator[int]:
    """Open the folder, made where it is missing; what is written goes there whatever is renamed."""
    if not _is_inside(study_folder, folder):
        raise InboxUnusable(path=folder, found="it leads out of the study's folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        inside = os.open(folder.resolve(), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except (FileExistsError, NotADirectoryError) as fault:
        raise InboxUnusable(path=folder, found="it is not a folder") from fault
    try:
        yield inside
    finally:
        os.close(inside)


def _write(inside: int, name: str, whole: bytes) -> None:
    hidden = f".{name}.part"
    new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    handle = os.open(hidden, new, 0o660, dir_fd=inside)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(whole)
            file.flush()
            os.fsync(handle)
        os.replace(hidden, name, src_dir_fd=inside, dst_dir_fd=inside)
        os.fsync(inside)
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(hidden, dir_fd=inside)
        raise


def _review(line: bytes) -> Review | None:
    try:
        facts = json.loads(line)
        return _made(facts) if isinstance(facts, dict) else None
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None


def _made(facts: dict[str, Any]) -> Review:
    texts = {name: _text(facts[name]) for name in _TEXTS}
    # An empty text is none, as it is for whatever takes the files in.
    given = {name: facts.get(name) for name in ("reason", "note")}
    optional = {name: _text(value) for name, value in given.items() if value not in (None, "")}
    texts["reviewer"] = same_address(texts["reviewer"])
    recorded = facts.get("recorded_at") or None
    return Review(
        **texts,
        **optional,
        reviewed_at=_moment(facts["reviewed_at"]),
        judgement=Judgement(facts["judgement"]),
        recorded_at=None if recorded is None else _moment(recorded),
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > _LONGEST:
        raise ValueError("not a text of this length")
    return value


def _moment(value: object) -> datetime:
    at = datetime.fromisoformat(_text(value))
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
