"""Mistakes in the versions of a stream's mapping: names given twice, and names nobody declared."""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.study.positions import Node, written
from data_contracts.study.problems import Place, RawProblem, did_you_mean, one_of, shown


def version_places(tree: Node) -> list[Place]:
    """Return the path of every version of every stream."""
    return [
        ("streams", stream, "versions", position)
        for stream in tree.entries("streams")
        for position in range(len(tree.items("streams", stream, "versions")))
    ]


def version_columns(tree: Node) -> list[Place]:
    """Return the paths of everything in versions that maps a column."""
    return [
        (*place, part, name)
        for place in version_places(tree)
        for part in ("columns", "segments", "features", "clusters")
        for name in tree.entries(*place, part)
    ]


def version_problems(tree: Node) -> Iterator[RawProblem]:
    """Yield versions of one name, and segments, features or clusters that nobody declares."""
    first: dict[tuple[str, str], int] = {}
    for place in version_places(tree):
        stream = str(place[1])
        name = written(tree.at((*place, "version")))
        if name and (stream, name) in first:
            found = f"version {name} again (first on line {first[stream, name]})"
            yield RawProblem((*place, "version"), found, "a name of its own for every version")
        first.setdefault((stream, name), tree.line_of((*place, "version")))
        for part in ("segments", "features", "clusters"):
            declared = list(tree.entries(part))
            for key in tree.entries(*place, part):
                path: Place = (*place, part, key)
                if stream != "decisions":
                    yield RawProblem(path, shown(key), f"{part} with the versions of `decisions`")
                elif key not in declared:
                    expected = one_of(declared) if declared else f"a name declared under `{part}`"
                    yield RawProblem(path, shown(key), expected, did_you_mean(key, declared))
