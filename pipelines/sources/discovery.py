"""Finding the source formats: every module of this folder named ``*_files``."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

import pipelines.sources
from pipelines.sources.source import Compression, SourceFormat

_PACKED = {".gz": Compression.GZIP, ".zst": Compression.ZSTD, ".zstd": Compression.ZSTD}


@cache
def all_sources() -> tuple[SourceFormat, ...]:
    """Return every source format, by name.

    Examples
    --------
    >>> [source.name for source in all_sources()]
    ['csv', 'jsonl', 'parquet']
    """
    package = pipelines.sources
    found = [
        import_module(f"{package.__name__}.{module.name}").SOURCE
        for module in pkgutil.iter_modules(package.__path__)
        if module.name.endswith("_files")
    ]
    return tuple(sorted(found, key=lambda source: str(source.name)))


def source_named(name: str) -> SourceFormat:
    """Return the source format of a name, as in the study file.

    Examples
    --------
    >>> source_named("csv").endings
    ('.csv', '.tsv')
    """
    return next(source for source in all_sources() if source.name == name)


def known_endings() -> tuple[str, ...]:
    """Return the endings that tell a format.

    Examples
    --------
    >>> known_endings()
    ('.csv', '.tsv', '.jsonl', '.ndjson', '.parquet', '.pq')
    """
    return tuple(ending for source in all_sources() for ending in source.endings)


def told_by_name(name: str) -> tuple[SourceFormat | None, Compression]:
    """Return what the ending of a file's name says: its format, if known, and its packing.

    Examples
    --------
    >>> source, packing = told_by_name("2013-01-01.csv.gz")
    >>> source.name, packing.value
    ('csv', 'gzip')
    """
    low = name.lower()
    packing = Compression.NONE
    for ending, compression in _PACKED.items():
        if low.endswith(ending):
            packing, low = compression, low.removesuffix(ending)
            break
    for source in all_sources():
        if low.endswith(source.endings):
            return source, packing
    return None, packing
