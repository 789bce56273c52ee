"""Finding the source files of a study, and telling them apart by content."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from data_contracts.errors import UnderstudyError
from data_contracts.evidence import STATE_FOLDER
from data_contracts.study.mapping import Source
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.sources.discovery import known_endings, told_by_name
from pipelines.sources.refusal import FileRefused
from pipelines.sources.source import Compression, Place

_UNFINISHED = (".tmp", ".part")
_WILD = frozenset("*?[")


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
    version: str = ""
    set_aside: str | None = None

    @property
    def place(self) -> Place:
        """Where it is and how it is packed."""
        return Place(self.path, self.location, self.compression, self.delimiter)


class NoFilesFound(UnderstudyError):
    """A source of the study matches no file."""

    def sentence(self) -> str:
        return (
            f"No files for `{self.facts['stream']}`: `{self.facts['pattern']}` in"
            f" `{self.facts['folder']}` matches nothing; expected a file, a folder or a pattern"
            f" that finds files ending in {', '.join(f'`{e}`' for e in known_endings())} (also with"
            " `.gz` or `.zst`). Correct `path` in the study, or put the files there."
        )


class FormatUnknown(UnderstudyError):
    """A file is named whose ending does not tell its format."""

    def sentence(self) -> str:
        return (
            f"The ending of `{self.facts['path']}` does not tell its format; expected one of"
            f" {', '.join(f'`{e}`' for e in known_endings())} (also with `.gz` or `.zst`). Rename"
            " it, or say `format: csv`, `jsonl` or `parquet` at its source in the study."
        )


def find_files(study: Study, folder: Path) -> list[SourceFile]:
    """Return the source files there are now, in the order of streams and sources, then by name.

    Hidden files and those ending in ``.tmp`` or ``.part`` are left alone; a file that two sources
    of one stream find is listed once. They are numbered from 1.

    Parameters
    ----------
    folder
        Of the study file; relative paths start there.

    Raises
    ------
    FormatUnknown
        When a file is named outright and its ending tells no format.
    """
    found: dict[tuple[Stream, str], SourceFile] = {}
    for stream, mapping in study.streams.mapped().items():
        for source in mapping.sources:
            for file in _files(stream, source, folder.absolute()):
                found.setdefault((stream, file.location), file)
    return [replace(file, source_no=number) for number, file in enumerate(found.values(), 1)]


def check_found(study: Study, folder: Path) -> None:
    """Check that every source of the study finds a file.

    Raises
    ------
    NoFilesFound
        Naming the first that does not.
    """
    for stream, mapping in study.streams.mapped().items():
        for source in mapping.sources:
            if next(_files(stream, source, folder.absolute()), None) is None:
                raise NoFilesFound(stream=stream.value, pattern=source.path, folder=str(folder))


def hash_files(files: Sequence[SourceFile], threads: int = 2) -> list[SourceFile]:
    """Return the files with the SHA-256 of their bytes.

    A file that cannot be read gets one that no content has; reading it will say why.
    """
    with ThreadPoolExecutor(threads) as pool:
        hashes = pool.map(_sha256, files)
        return [replace(file, sha256=sha) for file, sha in zip(files, hashes, strict=True)]


def check_unchanged(file: SourceFile) -> None:
    """Check that a local file still has the size and time of change it was found with.

    Raises
    ------
    FileRefused
        When it has not, or is gone.
    """
    if "://" in file.location:
        return
    try:
        now = os.stat(file.location)
        found = (now.st_size, now.st_mtime_ns)
    except OSError:
        found = None
    if found != (file.bytes, file.modified_ns):
        raise FileRefused(
            path=file.path,
            found="a file that is gone" if found is None else "a file that changed while read",
            expected="files that are complete when the run begins",
            advice="Run again when it is written; write under another name and rename at the end.",
        )


def _sha256(file: SourceFile) -> str:
    try:
        if "://" in file.location:
            from apache_beam.io.filesystem import CompressionTypes
            from apache_beam.io.filesystems import FileSystems

            with FileSystems.open(
                file.location, compression_type=CompressionTypes.UNCOMPRESSED
            ) as remote:
                digest = hashlib.sha256()
                while piece := remote.read(1 << 20):
                    digest.update(piece)
                return digest.hexdigest()
        with open(file.location, "rb") as local:
            return hashlib.file_digest(local, "sha256").hexdigest()
    except OSError:
        return f"unreadable {file.location}"


def _files(stream: Stream, source: Source, folder: Path) -> Iterator[SourceFile]:
    if "://" in source.path:
        yield from _remote_files(stream, source)
        return
    named = Path(os.path.normpath(folder / source.path))
    if named.is_file():
        yield _file(stream, source, named, folder)
        return
    if named.is_dir() or not _WILD & set(source.path):
        places = [named]
    else:
        pattern = str(folder / source.path)
        places = [Path(os.path.normpath(p)) for p in sorted(glob.glob(pattern, recursive=True))]
    for place in places:
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in inside:
            hidden = any(part.startswith(".") for part in path.relative_to(place).parts)
            if (
                hidden
                or path.is_relative_to(folder / STATE_FOLDER)
                or not path.is_file()
                or path.name.endswith(_UNFINISHED)
            ):
                continue
            if source.format is not None or told_by_name(path.name)[0] is not None:
                yield _file(stream, source, path, folder)


def _file(stream: Stream, source: Source, path: Path, folder: Path) -> SourceFile:
    shown = str(path.relative_to(folder) if path.is_relative_to(folder) else path)
    state = path.stat()
    return _described(stream, source, shown, str(path), state.st_size, state.st_mtime_ns)


def _described(
    stream: Stream, source: Source, shown: str, location: str, size: int, modified_ns: int
) -> SourceFile:
    told, packing = told_by_name(location)
    name = source.format or (told.name if told else None)
    if name is None:
        raise FormatUnknown(path=shown)
    tabs = location.lower().split(".")[-1 if packing is Compression.NONE else -2] == "tsv"
    delimiter = "\t" if tabs and source.delimiter == "," else source.delimiter
    told_of = (stream, source.label, 0, shown, location, name, packing, delimiter)
    return SourceFile(*told_of, bytes=size, modified_ns=modified_ns)


def _remote_files(stream: Stream, source: Source) -> Iterator[SourceFile]:
    from apache_beam.io.filesystems import FileSystems

    pattern = source.path.rstrip("/") + "/**" if source.path.endswith("/") else source.path
    (match,) = FileSystems.match([pattern])
    for entry in sorted(match.metadata_list, key=lambda entry: str(entry.path)):
        name = str(entry.path).rsplit("/", 1)[-1]
        if name.startswith(".") or name.endswith(_UNFINISHED):
            continue
        if source.format is None and told_by_name(name)[0] is None:
            continue
        changed = int((entry.last_updated_in_seconds or 0) * 1e9)
        path = str(entry.path)
        yield _described(stream, source, path, path, int(entry.size_in_bytes), changed)
