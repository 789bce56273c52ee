"""The JSON Schema of the study file: for editors, for the reference page and for hints."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from data_contracts.stream_contracts import base_contract
from data_contracts.study.mapping import Column, Source
from data_contracts.study.model import Study
from data_contracts.study.problems import Place
from data_contracts.vocabulary import Stream

SCHEMA_FILE = "study.schema.json"
"""Name of the schema beside a study file."""

_TEXT = {"type": "string", "minLength": 1}
_LABEL = {"type": ["string", "integer"], "minLength": 1}
_SHORT_FORMS: dict[str, list[dict[str, Any]]] = {
    Column.__name__: [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}],
    Source.__name__: [_TEXT],
}


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a study file, short forms included.

    Examples
    --------
    >>> study_schema()["properties"]["risk_tier"]["enum"]
    ['low', 'medium', 'high']
    """
    return copy.deepcopy(_schema())


@cache
def _schema() -> dict[str, Any]:
    schema = Study.model_json_schema(by_alias=True)
    parts = schema.pop("$defs")
    for part in (schema, *parts.values()):
        part.pop("title", None)
        for prop in part.get("properties", {}).values():
            prop.pop("title", None)
    parts["Decision"]["properties"]["classes"]["items"] = _LABEL
    parts["Decision"]["properties"]["positive"] |= _LABEL
    parts["Decision"]["properties"]["positive"].pop("anyOf")
    parts["Candidate"]["properties"]["version"] |= _LABEL
    streams = parts["Streams"]["properties"]
    for stream in Stream:
        if stream in streams:
            name = f"{stream.capitalize()}Mapping"
            parts[name] = _stream_part(parts["StreamMapping"], stream)
            text = streams[stream].get("description", "")
            streams[stream] = {"$ref": f"#/$defs/{name}", "description": text}
    del parts["StreamMapping"]
    tidy: dict[str, Any] = _tidy({**schema, "$defs": parts}, parts)
    for name in [name for name, part in parts.items() if "enum" in part]:
        del tidy["$defs"][name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Understudy study file",
        **tidy,
    }


def _stream_part(mapping: dict[str, Any], stream: Stream) -> dict[str, Any]:
    """Return the mapping of one stream, with the fields of its contract as known keys."""
    part = copy.deepcopy(mapping)
    (table,) = base_contract(stream).schema_ or []
    part["properties"]["columns"] = {
        "description": mapping["properties"]["columns"]["description"],
        "type": "object",
        "additionalProperties": False,
        "properties": {
            str(prop.name): {
                "$ref": f"#/$defs/{Column.__name__}",
                "description": str(prop.description or ""),
            }
            for prop in table.properties or []
        },
    }
    return part


def _tidy(value: Any, parts: dict[str, Any]) -> Any:
    """Return the schema with enums in place, short forms allowed and nulls folded in."""
    if isinstance(value, list):
        return [_tidy(item, parts) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[1]
        rest = {key: item for key, item in value.items() if key not in ("$ref", "default")}
        if "enum" in parts.get(name, {}):
            return {**parts[name], **{k: v for k, v in value.items() if k != "$ref"}}
        if name in _SHORT_FORMS:
            return {**rest, "anyOf": [*_SHORT_FORMS[name], {"$ref": value["$ref"]}]}
        return {**rest, "$ref": value["$ref"]}
    folded = {key: _tidy(item, parts) for key, item in value.items()}
    if "patternProperties" in folded:
        folded["additionalProperties"] = False
    options = [option for option in folded.get("anyOf", []) if option != {"type": "null"}]
    if "anyOf" in folded and len(options) == 1 and len(folded["anyOf"]) == 2:
        del folded["anyOf"]
        (option,) = options
        if folded.get("default", 0) is None:
            del folded["default"]
        if isinstance(option.get("type"), str):
            option = {**option, "type": [option["type"], "null"]}
        elif "$ref" in option:
            option = {"anyOf": [option, {"type": "null"}]}
        folded |= option
    return folded


def part_at(path: Place) -> dict[str, Any]:
    """Return what the schema says about a path; empty where it says nothing.

    Examples
    --------
    >>> part_at(("candidates", 0, "version"))["description"]
    'Version as in the recommendations stream.'
    >>> part_at(("candidates", "version"))
    {}
    """
    part = _schema()
    for step in path:
        part = _items(part) if isinstance(step, int) else _property(part, step)
    return part


def forms_of(part: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the forms a value may take, references followed; null is left out."""
    if "anyOf" in part:
        return [form for option in part["anyOf"] for form in forms_of(option)]
    if "$ref" in part:
        target: dict[str, Any] = _schema()["$defs"][part["$ref"].rsplit("/", 1)[1]]
        return forms_of(target)
    kinds = part.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return [{**part, "type": kind} for kind in kinds if kind != "null"]


def keys_of(part: dict[str, Any]) -> dict[str, Any]:
    """Return the keys that a mapping may have, with what the schema says about each."""
    for form in forms_of(part):
        if "properties" in form:
            keys: dict[str, Any] = form["properties"]
            return keys
    return {}


def _items(part: dict[str, Any]) -> dict[str, Any]:
    found = (form["items"] for form in forms_of(part) if "items" in form)
    return next(found, {})


def _property(part: dict[str, Any], key: str) -> dict[str, Any]:
    for form in forms_of(part):
        more = [form.get("additionalProperties"), *form.get("patternProperties", {}).values()]
        for found in (form.get("properties", {}).get(key), *more):
            if isinstance(found, dict):
                return found
    return {}
