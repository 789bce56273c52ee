"""The reference page of the study file, made from the model so that it cannot drift."""

from __future__ import annotations

from typing import Any

from data_contracts.study.schema import forms_of, study_schema
from data_contracts.study.templates import about, all_templates
from data_contracts.study.translate import expected_at

_INTRODUCTION = """\
# The study file

<!-- Made by `data_contracts/study/reference.py`; change the docstrings there, not this page. -->

A study is one YAML file, `study.yaml`. It is read as a whole before anything runs: every mistake
is reported at once, with its line, what was found, what was expected and the nearest known name.
A key that is not on this page is a mistake.

`understudy init NAME --template TEMPLATE` writes a commented one that runs. Editors that know
JSON Schema complete and check it with `study.schema.json`, which is written beside it.

Good to know:

- Put class labels and versions in quotes. YAML reads a bare `yes` as true and a bare `1.10` as
  the number 1.1; both are refused rather than guessed at.
- A column may be written short: `decision_id: ticket` means `decision_id: {column: ticket}`, and
  `decision_id: [shop, day]` joins two columns.
- A path is relative to the study file and may be a file, a folder or a pattern.
- `policy` is frozen and hashed when results are first published. A later change is a new
  registration that everybody can see.
- A file of more than one study, with the same key twice, nested more than 32 levels deep or above
  1 MB is refused.
"""

_NAMES = {
    "Column": "column",
    "DecisionsMapping": "streams.decisions",
    "RecommendationsMapping": "streams.recommendations",
    "OutcomesMapping": "streams.outcomes",
}


def study_reference() -> str:
    """Return the reference page as Markdown: every key, what it holds and what it means."""
    schema = study_schema()
    parts = [_INTRODUCTION, _templates(), _section("The study", schema)]
    parts += [
        _section(_heading(name), part)
        for name, part in schema["$defs"].items()
        if name not in ("Streams", *_NAMES)
    ]
    parts.append(_section("Streams", schema["$defs"]["Streams"]))
    for name, place in _NAMES.items():
        part = schema["$defs"][name]
        if name == "Column":
            parts.append(_section("Column", part))
            continue
        parts.append(_section(f"`{place}`", part))
        parts.append(f"Fields of `{place}.columns`:\n\n" + _table(part["properties"]["columns"]))
    return "\n".join(parts)


def _templates() -> str:
    lines = [f"| `{name}` | {about(name)} |" for name in all_templates()]
    return "\n".join(["## Templates", "", "| template | for |", "|---|---|", *lines, ""])


def _section(title: str, part: dict[str, Any]) -> str:
    return "\n".join([f"## {title}", "", part.get("description", ""), "", _table(part)])


def _heading(name: str) -> str:
    """Return the name of a part as words.

    Examples
    --------
    >>> _heading("ServiceLevels")
    'Service levels'
    """
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
    return words[0].upper() + words[1:]


def _table(part: dict[str, Any]) -> str:
    needed = part.get("required", [])
    lines = ["| key | holds | meaning |", "|---|---|---|"]
    for key, value in part.get("properties", {}).items():
        meaning = value.get("description") or _described_elsewhere(value)
        default = value.get("default")
        note = " **Required.**" if key in needed else ""
        if default not in (None, [], {}, ""):
            note = f" Default: `{str(default).lower() if default is False else default}`."
        lines.append(f"| `{key}` | {_holds(value)} | {meaning}{note} |".replace("\n", " "))
    return "\n".join([*lines, ""])


def _holds(value: dict[str, Any]) -> str:
    """Return what a key holds, in words; parts are named by their section."""
    if "$ref" in value:
        return _heading(value["$ref"].rsplit("/", 1)[1]).lower()
    options = [option for option in value.get("anyOf", []) if "$ref" in option]
    if options:
        return _holds(options[0])
    for form in forms_of(value):
        if form["type"] == "array" and form.get("items"):
            return f"list: {_holds(form['items'])}"
        inner = [form.get("additionalProperties"), *form.get("patternProperties", {}).values()]
        for item in inner:
            if isinstance(item, dict):
                return f"names, each with {_holds(item)}"
    return expected_at(value).replace(" (small letters, digits, `-` and `_`, a letter first)", "")


def _described_elsewhere(value: dict[str, Any]) -> str:
    found = (form.get("description", "") for form in forms_of(value))
    return next((text for text in found if text), "")
