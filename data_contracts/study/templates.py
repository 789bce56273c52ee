"""The catalogue of study templates, and a template filled in for a new study."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from string import Template

from data_contracts.errors import UnderstudyError
from data_contracts.study.problems import did_you_mean

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


class UnknownTemplate(UnderstudyError):
    """There is no template of that name; the facts are `template` and `known`."""

    def sentence(self) -> str:
        near = did_you_mean(self.facts["template"], self.facts["known"])
        known = ", ".join(f"`{name}`" for name in self.facts["known"])
        return f"No template `{self.facts['template']}`; the templates are {known}." + (
            f" {near[0].upper()}{near[1:]}" if near else ""
        )


class BadStudyName(UnderstudyError):
    """A study cannot have that name; the fact is `name`."""

    def sentence(self) -> str:
        plain = re.sub(r"[^a-z0-9_-]+", "-", self.facts["name"].lower()).strip("-_0123456789")
        advice = f" Try `{plain[:63]}`." if plain else ""
        return (
            f"`{self.facts['name']}` cannot name a study: a name has small letters, digits, `-`"
            f" and `_`, begins with a letter and is at most 63 long.{advice}"
        )


@cache
def all_templates() -> dict[str, str]:
    """Return the text of every template by name, in alphabetical order.

    Examples
    --------
    >>> list(all_templates())
    ['credit', 'documents', 'flights', 'forecast', 'fraud', 'triage']
    """
    found = (files("data_contracts") / "templates").iterdir()
    texts = {
        file.name.removesuffix(".yaml"): file.read_text("utf-8")
        for file in found
        if file.name.endswith(".yaml")
    }
    return dict(sorted(texts.items()))


def about(template: str) -> str:
    """Return the first sentence of a template, which says what it is for.

    Examples
    --------
    >>> about("triage")
    'A desk sorts incoming tickets into urgent and routine; an AI does the same in the shadow.'
    """
    comment = []
    for line in _text_of(template).splitlines():
        if not line.startswith("#"):
            break
        comment.append(line.lstrip("# "))
    return " ".join(comment).split(". ")[0].rstrip(".") + "."


def render_template(template: str, name: str, title: str | None = None) -> str:
    """Return the study file of a template, with the name and title of a new study in it.

    Parameters
    ----------
    template
        Name of the template.
    name
        Short name of the study.
    title
        Its name for readers; made from `name` when it is not given. Any text: it is quoted.

    Raises
    ------
    UnknownTemplate, BadStudyName
        With what would do instead.

    Examples
    --------
    >>> [line for line in render_template("triage", "claims-desk").splitlines() if "claims" in line]
    ['name: claims-desk']
    >>> 'title: "Claims desk"' in render_template("triage", "claims-desk")
    True
    """
    text = _text_of(template)
    if not _NAME.fullmatch(name):
        raise BadStudyName(name=name)
    words = "".join(c if c.isprintable() else " " for c in title or "").split()
    readable = " ".join(words) or re.sub("[-_]+", " ", name).strip().capitalize()
    return Template(text).substitute(
        name=json.dumps(name) if _is_no_text(name) else name,
        title=json.dumps(readable, ensure_ascii=False),
    )


def _is_no_text(name: str) -> bool:
    """Return whether YAML would read a bare name as something else than a text."""
    return name in {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def _text_of(template: str) -> str:
    known = all_templates()
    if template not in known:
        raise UnknownTemplate(template=template, known=tuple(known))
    return known[template]
