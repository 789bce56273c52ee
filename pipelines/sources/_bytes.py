"""Opening the bytes of a file: local or remote, plain or packed, and what they look like."""

from __future__ import annotations

import pyarrow as pa

from pipelines.sources.refusal import FileRefused, refusing
from pipelines.sources.remote import is_remote, remote_stream
from pipelines.sources.source import Compression, Place

_LOOKS = (
    (b"PAR1", "Parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"ARROW1", "an Arrow file"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%PDF", "a PDF"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
)
HEAD_BYTES = 128 << 10
"""Bytes of a text file that are enough to see what its columns look like."""
_TRIES = 100
"""Line ends that are tried until one is found that lies outside of quotes."""
_PACKING = {Compression.GZIP: "gzip", Compression.ZSTD: "zstd"}


def looks_like(head: bytes) -> str | None:
    """Return what the first bytes of a file tell, or None for what may be plain text.

    Examples
    --------
    >>> looks_like(b"PAR1...."), looks_like(b"a,b")
    ('Parquet', None)
    """
    for magic, name in _LOOKS:
        if head.startswith(magic):
            return name
    return "binary data" if b"\x00" in head[:4096] else None


def open_raw(place: Place) -> pa.NativeFile:
    """Return the file's own bytes, opened for random access.

    Local files are opened directly, others through Beam's file systems.

    Raises
    ------
    FileRefused
        When it is empty or cannot be opened.
    """
    with refusing(place.path, "a file that can be opened"):
        if is_remote(place.location):
            raw = pa.PythonFile(remote_stream(place.location), mode="r")
        else:
            raw = pa.OSFile(place.location, "rb")
        if raw.size() == 0:
            raise FileRefused(
                path=place.path,
                found="an empty file (0 bytes)",
                expected="at least a header or one row",
                advice="Write the file anew, or delete it if there was nothing to write.",
            )
        return raw


def open_text(place: Place, kind: str) -> tuple[pa.NativeFile, bytes]:
    """Return the unpacked bytes of a text file, and a first piece of them already read.

    Parameters
    ----------
    kind
        Name of the format, for messages.

    Raises
    ------
    FileRefused
        When the bytes are not what the name says.
    """
    raw = open_raw(place)
    with refusing(place.path, f"a {kind} file"):
        head = raw.read(64)
        raw.seek(0)
        _check_packing(place, head, kind)
        packing = _PACKING.get(place.compression)
        stream = pa.CompressedInputStream(raw, packing) if packing else raw
        first = stream.read(1 << 20)
    if not first:
        raise FileRefused(
            path=place.path,
            found="a packed file that holds nothing",
            expected="at least a header or one row",
            advice="Write the file anew, or delete it if there was nothing to write.",
        )
    look = looks_like(first)
    if look:
        raise mistaken(place, look, f"{kind} in UTF-8")
    return stream, first


def whole_lines(first: bytes, most: int, quote: bytes = b"") -> bytes:
    r"""Return the lines that lie in the first so many bytes, or all of it if none ends there.

    Parameters
    ----------
    quote
        Sign between two of which a line end does not count.

    Examples
    --------
    >>> whole_lines(b'a,b\n1,"x\ny"\n2,z\n', 9, b'"')
    b'a,b\n'
    """
    if len(first) <= most:
        return first
    end = b"\n" if b"\n" in first[:most] else b"\r"
    cut = most
    for _ in range(_TRIES):
        cut = first.rfind(end, 0, cut)
        if cut < 0:
            break
        if not quote or first.count(quote, 0, cut) % 2 == 0:
            return first[: cut + 1]
    return first


def _check_packing(place: Place, head: bytes, kind: str) -> None:
    look = looks_like(head)
    packing = _PACKING.get(place.compression)
    if packing and look != packing:
        raise mistaken(place, look or "plain text", f"{packing}-packed {kind}")


def mistaken(place: Place, look: str, kind: str) -> FileRefused:
    """Return the refusal of a file that holds something else than its name says."""
    return FileRefused(
        path=place.path,
        found=look,
        expected=f"{kind}, as its ending or the study's `format` says",
        advice="Rename the file to what it is, or write it in the format its name promises.",
    )
