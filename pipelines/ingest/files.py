"""Finding the source files of a study."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from data_contracts.errors import UnderstudyError
from data_contracts.evidence import RESUBMITTED_FOLDER, STATE_FOLDER
from data_contracts.study.mapping import Source
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.inbox import REVIEWS, inbox_files
from pipelines.ingest.resubmitted import resubmitted_files
from pipelines.ingest.source_file import SourceFile
from pipelines.sources.discovery import known_endings, told_by_name
from pipelines.sources.remote import is_remote, list_remote
from pipelines.sources.source import Compression

_UNFINISHED = (".tmp", ".part")
_WILD = frozenset("*?[")


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
    if study.review.planned:
        for path, state in inbox_files(folder.absolute()):
            file = _file(Stream.REVIEWS, REVIEWS, str(path), state, folder.absolute())
            found.setdefault((Stream.REVIEWS, file.location), file)
    for stream in study.streams_read:
        # After the files they come from: the last attempt with a row is the one that counts.
        for label, path in resubmitted_files(stream, folder.absolute()):
            source = Source(name=label, path=str(path))
            again = _file(stream, source, str(path), path.stat(), folder.absolute())
            found.setdefault((stream, again.location), again)
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
            if (
                source.path is not None
                and next(_files(stream, source, folder.absolute()), None) is None
            ):
                raise NoFilesFound(stream=stream.value, pattern=source.path, folder=str(folder))


def streams_without_files(
    study: Study, folder: Path, found: Iterable[SourceFile]
) -> tuple[NoFilesFound, ...]:
    """Return what to say of every source of those streams for which there is no file at all.

    Outcomes often come later than the rest, so it is no failure; nor is a stream without files
    that is read from a table.

    Parameters
    ----------
    found
        As `find_files` returned them.
    """
    there = {file.stream for file in found}
    return tuple(
        NoFilesFound(stream=stream.value, pattern=source.path, folder=str(folder))
        for stream, mapping in study.streams.mapped().items()
        if stream not in there and all(source.path for source in mapping.sources)
        for source in mapping.sources
    )


def _files(stream: Stream, source: Source, folder: Path) -> Iterator[SourceFile]:
    if source.path is None:
        return
    if is_remote(source.path):
        yield from _remote_files(stream, source, source.path)
        return
    named = Path(os.path.normpath(folder / source.path))
    if named.is_file():
        yield _file(stream, source, str(named), named.stat(), folder)
        return
    if named.is_dir() or not _WILD & set(source.path):
        places = [named]
    else:
        pattern = str(folder / source.path)
        places = [Path(os.path.normpath(p)) for p in sorted(glob.glob(pattern, recursive=True))]
    state, resubmitted = folder / STATE_FOLDER, folder / RESUBMITTED_FOLDER
    for place in places:
        if place.is_relative_to(state) or place.is_relative_to(resubmitted):
            continue
        inside = (
            _walk(str(place), (str(state), str(resubmitted))) if place.is_dir() else _alone(place)
        )
        for path, found in inside:
            name = path.rsplit(os.sep, 1)[-1]
            if name.endswith(_UNFINISHED):
                continue
            if source.format is not None or told_by_name(name)[0] is not None:
                yield _file(stream, source, path, found, folder)


def _walk(top: str, left_out: tuple[str, ...]) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the files inside a folder that are not hidden, in the order of their path's parts."""
    with os.scandir(top) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        with suppress(FileNotFoundError):  # gone since it was listed
            if entry.is_dir(follow_symlinks=False):
                if entry.path not in left_out:
                    yield from _walk(entry.path, left_out)
            elif entry.is_file():
                yield entry.path, entry.stat()


def _alone(path: Path) -> Iterator[tuple[str, os.stat_result]]:
    if path.is_file():
        yield str(path), path.stat()


def _file(
    stream: Stream, source: Source, path: str, found: os.stat_result, folder: Path
) -> SourceFile:
    shown = path.removeprefix(f"{folder}{os.sep}")
    return _described(stream, source, shown, path, found.st_size, found.st_mtime_ns)


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


def _remote_files(stream: Stream, source: Source, path: str) -> Iterator[SourceFile]:
    pattern = path.rstrip("/") + "/**" if path.endswith("/") else path
    for address, size, changed in list_remote(pattern):
        name = address.rsplit("/", 1)[-1]
        if name.startswith(".") or name.endswith(_UNFINISHED):
            continue
        if source.format is None and told_by_name(name)[0] is None:
            continue
        yield _described(stream, source, address, address, size, changed)
