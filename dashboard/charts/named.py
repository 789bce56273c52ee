"""Layers read aloud always have something to say: one without a mark is kept silent.

Vega gives a layer without a mark the role of a picture, and a picture without a name is a riddle to
whoever listens. Which layers come out empty is known once the rows are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_TERM = re.compile(
    r"(?P<valid>isValid\(datum\.(?P<field>\w+)\))"
    r"|(?P<not>!?)datum\.(?P<name>\w+)(?: ?(?P<sign>[=!])==? ?(?P<value>'[^']*'|true|false))?"
)


def silence_empty(spec: dict[str, Any]) -> None:
    """Keep every layer of a chart silent that no row passes the filters of."""
    datasets = spec.get("datasets", {})
    for layer in _layers(spec):
        mark = layer.get("mark")
        rows = datasets.get(layer.get("data", spec.get("data", {})).get("name"))
        if rows is None or not isinstance(mark, dict) or mark.get("aria") is False:
            continue
        filters = [one.get("filter") for one in layer.get("transform", ())]
        if not any(all(passes(row, one) for one in filters) for row in rows):
            mark["aria"] = False


def _layers(spec: dict[str, Any]) -> Sequence[dict[str, Any]]:
    parts = [part for name in ("layer", "vconcat") for part in spec.get(name, ())]
    return [one for part in parts for one in (part, *_layers(part))]


def passes(row: Mapping[str, Any], condition: object) -> bool:
    """Return whether a row passes a filter; one that is not understood lets every row pass.

    Examples
    --------
    >>> row = {"low": None, "box": True, "shape": "circle"}
    >>> passes(row, "isValid(datum.low)"), passes(row, "datum.box && datum.shape == 'circle'")
    (False, True)
    >>> passes(row, "!datum.box"), passes(row, "datum.low > 3 || datum.box")
    (False, True)
    """
    if not isinstance(condition, str):
        return True
    terms = [_TERM.fullmatch(term.strip()) for term in condition.split("&&")]
    if not all(terms):
        return True
    return all(_holds(row, term) for term in terms if term)


def _holds(row: Mapping[str, Any], term: re.Match[str]) -> bool:
    if term["valid"]:
        return row.get(term["field"]) is not None
    found = row.get(term["name"])
    if term["sign"] is None:
        return bool(found) is not bool(term["not"])
    words = {"true": True, "false": False}
    same = bool(found == words.get(term["value"], term["value"].strip("'")))
    return same is (term["sign"] == "=")
