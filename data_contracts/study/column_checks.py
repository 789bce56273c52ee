"""Mistakes in how a study maps its columns: unknown fields, time zones and formats of times."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from data_contracts.study.positions import Node
from data_contracts.study.problems import Place, RawProblem, did_you_mean, one_of, shown
from data_contracts.study.schema import keys_of, part_at
from data_contracts.study.version_checks import version_columns, version_places, version_problems

TIME_FORMATS = ("iso8601", "epoch_s", "epoch_ms")
"""Formats of times that have a name; any other is a strptime pattern."""


def column_problems(tree: Node) -> Iterator[RawProblem]:
    """Yield what is wrong in the mappings of columns, as far as the study file shows it."""
    yield from _fields(tree)
    yield from _times(tree)
    yield from _reporters(tree)
    yield from version_problems(tree)


def column_paths(tree: Node) -> list[Place]:
    """Return the paths of everything that maps a column."""
    paths: list[Place] = [
        ("streams", stream, "columns", field)
        for stream in tree.entries("streams")
        for field in tree.entries("streams", stream, "columns")
    ]
    paths += [
        (kind, name) for kind in ("segments", "features", "clusters") for name in tree.entries(kind)
    ]
    return paths + version_columns(tree)


def _fields(tree: Node) -> Iterator[RawProblem]:
    """Yield mapped fields that the stream's contract does not have."""
    mapped: list[Place] = [("streams", stream) for stream in tree.entries("streams")]
    for place in mapped + version_places(tree):
        known = list(keys_of(part_at(("streams", place[1], "columns"))))
        for field in tree.entries(*place, "columns"):
            if known and field not in known:
                path: Place = (*place, "columns", field)
                hint = did_you_mean(field, known) or (
                    "columns of the study's own are declared under `segments`, `features` or"
                    " `clusters`"
                )
                yield RawProblem(path, "an unknown field", one_of(known), hint)


def _times(tree: Node) -> Iterator[RawProblem]:
    """Yield unknown time zones and unknown formats of times."""
    zones: list[Place] = [("streams", stream, "timezone") for stream in tree.entries("streams")]
    zones += [(*place, "timezone") for place in version_places(tree)]
    for path in column_paths(tree):
        zones.append((*path, "timezone"))
        name = _string(tree.at((*path, "format")))
        if name and "%" not in name and name not in TIME_FORMATS:
            expected = f"{one_of(TIME_FORMATS)}, or a strptime pattern such as %Y-%m-%d %H:%M"
            hint = did_you_mean(name, TIME_FORMATS)
            yield RawProblem((*path, "format"), shown(name), expected, hint)
    for path in zones:
        name = _string(tree.at(path))
        if name and not _is_zone(name):
            expected = "an IANA time zone such as Europe/Vienna or UTC"
            hint = did_you_mean(name, _all_zones())
            yield RawProblem(path, shown(name), expected, hint)


def _reporters(tree: Node) -> Iterator[RawProblem]:
    """Yield reporters that are not a segment of the study."""
    segments = list(tree.entries("segments"))
    for stream in tree.entries("streams"):
        path: Place = ("streams", stream, "arrives", "reported_by")
        name = _string(tree.at(path))
        if name and name not in segments:
            known = f"a segment ({one_of(segments)})" if segments else "a declared segment"
            hint = did_you_mean(name, segments) or "declare it under `segments`"
            yield RawProblem(path, shown(name), known, hint)


def _string(node: Node | None) -> str:
    return node.content if node is not None and isinstance(node.content, str) else ""


@cache
def _all_zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
