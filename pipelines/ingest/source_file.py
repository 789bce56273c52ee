"""One source file: where it is, what it is known by, and how it is opened."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

from data_contracts.vocabulary import Stream
from pipelines.ingest.inbox import check_inbox_file, is_in_inbox
from pipelines.sources.discovery import source_named
from pipelines.sources.refusal import FileRefused
from pipelines.sources.remote import is_remote, remote_state, remote_stream
from pipelines.sources.source import WHOLE_FILE, Compression, OpenFile, Place, Span

_LARGE = 8 << 20
"""Bytes from which a file is worth cutting."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source file of one stream, as it was found.

    Attributes
    ----------
    source
        What the study calls the source it belongs to.
    source_no
        Its number in the ledger.
    path
        As shown to the user: relative to the study's folder where it lies inside.
    location
        Absolute path, or an address such as ``gs://bucket/name``.
    format
        Name of its source format.
    bytes, modified_ns
        Size and time of change when it was found; a file that differs later is refused.
    sha256
        Of its bytes, in hexadecimal; empty until `hash_files`.
    etag
        What an object store calls the bytes that were hashed; empty for local files.
    version
        Version of the stream's mapping that it is read by; empty where there is only one.
    set_aside
        Column for whose change all its rows go to quarantine, or None.
    """

    stream: Stream
    source: str
    source_no: int
    path: str
    location: str
    format: str
    compression: Compression
    delimiter: str
    bytes: int
    modified_ns: int
    sha256: str = ""
    etag: str = ""
    version: str = ""
    set_aside: str | None = None

    @property
    def place(self) -> Place:
        """Where it is and how it is packed."""
        return Place(self.path, self.location, self.compression, self.delimiter)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader should know about it before it is read: nothing."""
        return ()

    @property
    def weight(self) -> float:
        """How much work it is, to share it out."""
        return self.bytes

    def spans(self, rows: int) -> tuple[Span, ...]:
        """Return the parts it is read in, of about so many rows each."""
        if self.bytes >= _LARGE:
            with suppress(FileRefused):  # the worker that reads it will say why
                return source_named(self.format).splitter(self.place, rows)
        return (WHOLE_FILE,)

    def opened(self, span: Span) -> OpenFile:
        """Return a part of it, open.

        Raises
        ------
        FileRefused
            When it is not what its name says.
        """
        if is_in_inbox(self.stream, self.location):
            check_inbox_file(self.path, self.location)
        return source_named(self.format).opener(self.place, span)

    def check_unchanged(self) -> None:
        """Check that it still is what it was when it was found and hashed.

        Raises
        ------
        FileRefused
            When it is not, or is gone.
        """
        try:
            if is_in_inbox(self.stream, self.location):
                check_inbox_file(self.path, self.location)
            if is_remote(self.location):
                size, modified_ns, etag = remote_state(self.location)
                found = (size, modified_ns)
                if self.etag and etag != self.etag:
                    found = (size, -1)
            else:
                state = os.stat(self.location)
                found = (state.st_size, state.st_mtime_ns)
        except OSError:
            found = None
        if found != (self.bytes, self.modified_ns):
            raise FileRefused(
                path=self.path,
                found="a file that is gone" if found is None else "a file that changed while read",
                expected="files that are complete when the run begins",
                advice="Run again when it is written; write under another name and rename at the"
                " end.",
            )


def hash_files(files: Sequence[SourceFile], threads: int = 2) -> list[SourceFile]:
    """Return the files with the SHA-256 of their bytes.

    A file that cannot be read gets one that no content has; reading it will say why.
    """
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(_hashed, files))


def _hashed(file: SourceFile) -> SourceFile:
    try:
        if is_in_inbox(file.stream, file.location):
            check_inbox_file(file.path, file.location)
        if not is_remote(file.location):
            with open(file.location, "rb") as local:
                return replace(file, sha256=hashlib.file_digest(local, "sha256").hexdigest())
        # Asked for before the bytes are: whatever comes after is another version.
        etag = remote_state(file.location)[2]
        digest = hashlib.sha256()
        with remote_stream(file.location) as remote:
            while piece := remote.read(1 << 20):
                digest.update(piece)
        return replace(file, sha256=digest.hexdigest(), etag=etag)
    except (OSError, FileRefused):
        return replace(file, sha256=f"unreadable {file.location}")
