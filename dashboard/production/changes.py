"""What a policy says that the one before did not: setting by setting, gates by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluators.wording import NO_VALUE


@dataclass(frozen=True, slots=True)
class Change:
    """One setting before and after; a dash where it was not there."""

    what: str
    before: str
    after: str


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what differs between two registered policies, by name.

    Examples
    --------
    >>> gate = {"kind": "noninferiority", "margin": 0.015}
    >>> changes({"gates": [gate]}, {"gates": [{**gate, "margin": 0.01}]})
    (Change(what='gate noninferiority, margin', before='0.015', after='0.01'),)
    """
    old, new = (dict(_flat("", policy)) for policy in (before, after))
    names = [*old, *(name for name in new if name not in old)]
    return tuple(
        Change(name, old.get(name, NO_VALUE), new.get(name, NO_VALUE))
        for name in names
        if old.get(name) != new.get(name)
    )


def _flat(name: str, value: Any) -> list[tuple[str, str]]:
    """Return every setting with its place in words; empty ones are not there."""
    if isinstance(value, Mapping):
        return [pair for key, inner in value.items() for pair in _flat(_below(name, key), inner)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and all(isinstance(item, Mapping) for item in value):
            return [pair for item in value for pair in _item(name, item)]
        return [(name, ", ".join(map(_text, value)))] if value else []
    return [] if value is None else [(name, _text(value))]


def _item(name: str, item: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the settings of one of a list's items, which is told by its name."""
    told = str(item.get("name") or item.get("kind") or "")
    place = f"{name.removesuffix('s')} {told}".strip()
    rest = {key: value for key, value in item.items() if key not in ("name", "kind")}
    return _flat(place, rest) or [(place, "asked for")]


def _below(name: str, key: str) -> str:
    if not name or name == "policy":
        return key.replace("_", " ") if key != "policy" else key
    return f"{name}, {key.replace('_', ' ')}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
