"""What pydantic objects to, said in the words of the study file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from data_contracts.study.positions import Node
from data_contracts.study.problems import Place, RawProblem, did_you_mean, one_of, shown
from data_contracts.study.schema import forms_of, keys_of, part_at

NOBODY_OWNS_IT = (
    "somebody must own the production system: a pilot whose result nobody has to act on dies,"
    " so a study without an owner is refused"
)
_OWNER_PATHS: tuple[Place, ...] = (
    ("production",),
    ("production", "owner"),
    ("production", "owner", "name"),
)


def problems_from(error: ValidationError, tree: Node) -> Iterator[RawProblem]:
    """Yield what a failed validation means, each place once.

    What was expected is told from the JSON Schema of the place, so that no word of pydantic's
    reaches the user.
    """
    seen: set[tuple[Place, bool]] = set()
    unknown = {_path(e["loc"], tree) for e in error.errors() if e["type"] == "extra_forbidden"}
    faults = error.errors(include_url=False)
    for fault in faults:
        kind, path = fault["type"], _path(fault["loc"], tree)
        if kind == "too_short" and any(_is_inside(f["loc"], fault["loc"]) for f in faults):
            continue  # short only because items in it were refused
        about_key = fault["loc"][-1:] == ("[key]",)
        if kind == "missing":
            path = (*path, str(fault["loc"][-1]))
            if not _only_misspelt(path, unknown):
                yield missing(path)
        elif (path, about_key) in seen:
            continue
        elif kind == "extra_forbidden":
            yield unknown_key(path)
        elif about_key:
            yield _bad_key(path)
        elif kind == "value_error":
            yield RawProblem(path, "", fault["msg"].removeprefix("Value error, "))
        else:
            yield misfit(path, tree)
        seen.add((path, about_key))


def unknown_key(path: Place) -> RawProblem:
    """Return the problem of a key that does not belong where it stands."""
    known = list(keys_of(part_at(path[:-1])))
    near = did_you_mean(path[-1], known)
    expected = "a known key" if near and len(known) > 12 else one_of(known)
    return RawProblem(path, "an unknown key", expected, near or "take it out")


def missing(path: Place) -> RawProblem:
    """Return the problem of a required key that is not there."""
    part = part_at(path)
    text = re.split(r"(?<!e\.g)\. ", str(part.get("description", "")))[0].rstrip(".")
    if not text or any("enum" in form for form in forms_of(part)):
        text = expected_at(part)
    text = text if text.startswith("AI") else text[:1].lower() + text[1:]
    return RawProblem(path, "nothing", text, NOBODY_OWNS_IT if path in _OWNER_PATHS else "")


def misfit(path: Place, tree: Node) -> RawProblem:
    """Return the problem of a value of the wrong kind or size."""
    node, part = tree.at(path), part_at(path)
    value = node.content if node else None
    if path in _OWNER_PATHS and value in (None, ""):
        return missing(path)
    return RawProblem(path, shown(value), expected_at(part), _hint(node, part))


def expected_at(part: dict[str, Any]) -> str:
    """Return in words what the schema allows at a place.

    Examples
    --------
    >>> expected_at(part_at(("policy", "alpha")))
    'a number above 0 and below 0.5'
    >>> expected_at(part_at(("streams", "decisions", "sources", 0)))
    'a text or a mapping with any of name, path, format, delimiter, postgres'
    """
    said = [_expected(form) for form in forms_of(part)]
    return " or ".join(dict.fromkeys(said)) or "another value"


def _expected(form: dict[str, Any]) -> str:
    if "enum" in form:
        return one_of(map(str, form["enum"]))
    match form["type"]:
        case "string":
            return _expected_text(form)
        case "integer" | "number" as kind:
            noun = "a whole number" if kind == "integer" else "a number"
            return f"{noun} {_limits(form)}".strip()
        case "boolean":
            return "true or false"
        case "array":
            least = form.get("minItems", 0)
            return "a list with at least one item" if least else "a list"
        case _:
            return _expected_mapping(form)


def _expected_text(form: dict[str, Any]) -> str:
    if form.get("format") == "date":
        return "a date such as 2013-05-01"
    if "pattern" in form:
        return "a short name (small letters, digits, `-` and `_`, a letter first)"
    return "a text of 1 character" if form.get("maxLength") == 1 else "a text"


def _limits(form: dict[str, Any]) -> str:
    words = {
        "minimum": "of at least",
        "exclusiveMinimum": "above",
        "maximum": "up to",
        "exclusiveMaximum": "below",
    }
    return " and ".join(f"{word} {form[key]:g}" for key, word in words.items() if key in form)


def _expected_mapping(form: dict[str, Any]) -> str:
    keys, needed = form.get("properties", {}), form.get("required", [])
    if not keys:
        return "a mapping (`key: value` lines)"
    perhaps = [key for key in keys if key not in needed]
    if not needed:
        return f"a mapping with any of {', '.join(perhaps)}"
    more = f" (and perhaps {', '.join(perhaps)})" if perhaps else ""
    return f"a mapping with {', '.join(needed)}{more}"


def _hint(node: Node | None, part: dict[str, Any]) -> str:
    if node is None or node.text is None or node.text == "":
        return ""
    forms = forms_of(part)
    for form in forms:
        if "enum" in form:
            return did_you_mean(node.text, form["enum"])
        if form["type"] == "string" and "pattern" in form:
            name = re.sub(r"[^a-z0-9_-]+", "-", node.text.lower()).strip("-_0123456789")[:63]
            return f"for example {name}" if name else ""
        if form["type"] == "string" and "format" not in form and not node.quoted:
            return f'put it in quotes: "{node.text[:60]}"'
        if form["type"] == "object" and form.get("required") == ["name"]:
            return f'write {{name: "{node.text[:60]}"}}'
        if form["type"] == "array" and len(forms) == 1:
            return f"write [{node.text[:60]}]"
    return ""


def _is_inside(loc: tuple[int | str, ...], other: tuple[int | str, ...]) -> bool:
    return len(loc) > len(other) and loc[: len(other)] == other


def _bad_key(path: Place) -> RawProblem:
    name = {"type": "string", "pattern": "name"}
    text = str(path[-1])
    return RawProblem(path, shown(text), expected_at(name), _hint(Node(0, text, text), name))


def _only_misspelt(path: Place, unknown: set[Place]) -> bool:
    """Return whether a missing key stands there under a misspelt name, reported on its own."""
    near = f'did you mean "{path[-1]}"?'
    return any(p[:-1] == path[:-1] and unknown_key(p).hint == near for p in unknown)


def _path(loc: tuple[int | str, ...], tree: Node) -> Place:
    """Return the part of pydantic's location that is in the file."""
    path: Place = ()
    node: Node | None = tree
    for step in loc:
        node = node.child(step) if node else None
        if node is None:
            # `columns: [a, b]` written as a short form: pydantic sees the long one
            if step in ("columns", "column", "path") and tree.at(path) is not None:
                node = tree.at(path)
                continue
            break
        path = (*path, step)
    return path
