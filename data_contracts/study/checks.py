"""Mistakes in a study file that are about meaning: names, time zones and YAML's own traps."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

from data_contracts.findings import ALL_CASES
from data_contracts.study.column_checks import column_paths, column_problems
from data_contracts.study.positions import Node, written
from data_contracts.study.privacy_checks import privacy_problems
from data_contracts.study.problems import Place, RawProblem, did_you_mean, one_of, shown
from data_contracts.study.schema import forms_of, part_at
from data_contracts.vocabulary import Stream

_LABEL_FIELDS = ("decision", "recommendation", "outcome")
_FALSE_FRIENDS = 'YAML reads it as {read}; put it in quotes: "{text}"'


def problems_in(tree: Node) -> Iterator[RawProblem]:
    """Yield what is wrong in a study file although every value is of the right kind.

    Works on the file as written, so that these mistakes are reported together with those that
    keep the file from being read.
    """
    yield from _scalars(tree, (), part_at(()))
    yield from _labels(tree)
    yield from _classes(tree)
    yield from _combinations(tree)
    yield from _repeats(tree)
    yield from _candidates(tree)
    yield from column_problems(tree)
    yield from _timeless(tree)
    yield from privacy_problems(tree)


def _scalars(node: Node, path: Place, part: dict[str, Any]) -> Iterator[RawProblem]:
    """Yield values that pydantic would bend into another meaning without a word."""
    for key, child in node.entries().items():
        yield from _scalars(child, (*path, key), part_at((*path, key)))
    for position, child in enumerate(node.items()):
        yield from _scalars(child, (*path, position), part_at((*path, position)))
    forms = forms_of(part) if part and node.text is not None else []
    kinds = {form["type"] for form in forms}
    if isinstance(node.content, bool) and kinds and kinds <= {"number", "integer"}:
        yield RawProblem(path, shown(node.content), "a number")
    if isinstance(node.content, float) and not math.isfinite(node.content):
        yield RawProblem(path, node.text or "", "a finite number")
    is_date = len(forms) == 1 and forms[0].get("format") == "date"
    if is_date and isinstance(node.content, int | float):
        yield RawProblem(path, node.text or "", "a date such as 2013-05-01")


def _labels(tree: Node) -> Iterator[RawProblem]:
    """Yield class labels and versions that YAML reads as something else than is written."""
    for position in range(len(tree.items("decision", "classes"))):
        yield from _trap(tree, ("decision", "classes", position))
    yield from _trap(tree, ("decision", "positive"))
    for position in range(len(tree.items("candidates"))):
        yield from _trap(tree, ("candidates", position, "version"), floats=True)
    for stream in tree.entries("checks"):
        for field in tree.entries("checks", stream, "fields"):
            where: Place = ("checks", stream, "fields", field, "allowed")
            for position in range(len(tree.items(*where))):
                yield from _trap(tree, (*where, position))
    for path in column_paths(tree):
        if not _iswritten(tree, path):
            continue
        yield from _trap(tree, (*path, "constant"), floats=path[-1] == "model_version")
        for key in tree.entries(*path, "values"):
            yield from _trap(tree, (*path, "values", key), nulls=True)


def _trap(
    tree: Node, path: Place, floats: bool = False, nulls: bool = False
) -> Iterator[RawProblem]:
    node = tree.at(path)
    if node is None or (nulls and node.content is None):
        return
    value, text = node.content, node.text
    if text is None:
        if path[-1] != "constant" and path[-2] != "values":
            yield RawProblem(path, shown(value), "a text")
        return
    if isinstance(value, str) and text:
        return
    if value is None or text == "":
        yield RawProblem(path, "nothing", "a text")
    elif isinstance(value, bool) or str(value) != text or (floats and isinstance(value, float)):
        hint = _FALSE_FRIENDS.format(read=_read_as(value), text=text)
        yield RawProblem(path, text, "a text", hint)


def _read_as(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"the date {value}" if isinstance(value, date) else f"the number {value}"


def _classes(tree: Node) -> Iterator[RawProblem]:
    """Yield names of classes that are not among the decision's classes."""
    classes = [written(node) for node in tree.items("decision", "classes")]
    if not classes or _numeric(tree):
        return
    named: list[tuple[Place, Node | None]] = [
        (("outcome", "selective", "observed_when", i), node)
        for i, node in enumerate(tree.items("outcome", "selective", "observed_when"))
    ]
    named.append((("decision", "positive"), tree.at(("decision", "positive"))))
    for name, row in tree.entries("value", "costs").items():
        named.append((("value", "costs", name), Node(0, name, name)))
        named += [(("value", "costs", name, key), Node(0, key, key)) for key in row.entries()]
    for path in column_paths(tree):
        if path[0] == "streams" and path[-1] in _LABEL_FIELDS:
            values = tree.entries(*path, "values")
            named += [((*path, "values", key), node) for key, node in values.items()]
    for path, node in named:
        label = written(node)
        if label and label not in classes:
            hint = did_you_mean(label, classes)
            expected = f"a class of the decision ({one_of(classes)})"
            yield RawProblem(path, shown(label), expected, hint)


def _combinations(tree: Node) -> Iterator[RawProblem]:
    """Yield combinations that do not cross known, different segments."""
    segments = list(tree.entries("segments"))
    if ALL_CASES in segments:
        expected = f"another name: `{ALL_CASES}` stands for the whole of the cases"
        yield RawProblem(("segments", ALL_CASES), shown(ALL_CASES), expected)
    for position, combination in enumerate(tree.items("combinations")):
        names = [written(node) for node in combination.items()]
        for place, name in enumerate(names):
            if name not in segments:
                known = f"a segment ({one_of(segments)})" if segments else "a declared segment"
                hint = did_you_mean(name, segments) or "declare it under `segments`"
                yield RawProblem(("combinations", position, place), shown(name), known, hint)
        if isinstance(combination.content, list) and (
            len(names) < 2 or len(set(names)) != len(names)
        ):
            found = f"[{', '.join(names)}]"
            yield RawProblem(("combinations", position), found, "two or more different segments")


def _repeats(tree: Node) -> Iterator[RawProblem]:
    """Yield a `repeats` that names no declared cluster."""
    clusters = list(tree.entries("clusters"))
    name = written(tree.at(("repeats",)))
    if name and name not in clusters:
        known = f"a cluster ({one_of(clusters)})" if clusters else "a declared cluster"
        hint = did_you_mean(name, clusters) or "declare it under `clusters`"
        yield RawProblem(("repeats",), shown(name), known, hint)


def _candidates(tree: Node) -> Iterator[RawProblem]:
    """Yield candidates given twice, and constants that name no candidate or outcome."""
    first: dict[tuple[str, str], int] = {}
    for position, node in enumerate(tree.items("candidates")):
        name, version = written(node.child("name")), written(node.child("version"))
        if not (name and version):
            continue
        if (name, version) in first:
            line = tree.line_of(("candidates", first[name, version]))
            found = f"{name} {version} again (first on line {line})"
            yield RawProblem(("candidates", position), found, "another name or version")
        first.setdefault((name, version), position)
    outcome = tree.at(("outcome", "name"))
    for stream, field, known in (
        ("recommendations", "candidate", [one for one, _ in first]),
        ("recommendations", "model_version", [one for _, one in first]),
        ("outcomes", "name", [written(outcome) or "outcome"]),
    ):
        path: Place = ("streams", stream, "columns", field, "constant")
        constant = written(tree.at(path))
        if constant and known and constant not in known:
            what = "`outcome.name`" if stream == "outcomes" else "one of `candidates`"
            expected = f"{what} ({', '.join(dict.fromkeys(known))})"
            yield RawProblem(path, shown(constant), expected, did_you_mean(constant, known))


def _timeless(tree: Node) -> Iterator[RawProblem]:
    """Yield settings that need times, in a study that says it has none."""
    timeless = tree.at(("timeless",))
    if timeless is None or timeless.content is not True:
        return
    for path in (("starts_on",), ("outcome", "matures_after_days")):
        node = tree.at(path)
        if node and node.content:
            expected = "nothing, because a study that is `timeless` has no days"
            yield RawProblem(
                path, node.text or shown(node.content), expected, "take one of the two out"
            )


def _iswritten(tree: Node, path: Place) -> bool:
    """Return whether a mapped field holds texts."""
    if path[0] != "streams" or path[1] not in set(Stream):
        return True
    if path[-1] in _LABEL_FIELDS:
        return not _numeric(tree)
    return path[-1] in ("decision_id", "candidate", "model_version", "name", "decided_by", "answer")


def _numeric(tree: Node) -> bool:
    return written(tree.at(("decision", "type"))) == "numeric"
