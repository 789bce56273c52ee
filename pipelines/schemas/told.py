"""Pieces of the YAML that is written from files: texts, comments, doubts."""

from __future__ import annotations

import json

from pipelines.schemas.infer import Inferred
from pipelines.schemas.shapes import ColumnShape


def counted(found: Inferred) -> str:
    paths = ", ".join(path for path, _ in found.files[:3])
    more = f" and {len(found.files) - 3} more" if len(found.files) > 3 else ""
    return f"{paths}{more} ({found.rows:,} rows)".replace("\n", " ")


def time_format(shape: ColumnShape) -> str:
    """Return the format a study has to declare; empty where none is needed."""
    if not shape.form or shape.form[0].startswith("iso8601"):
        return ""
    return shape.form[0]


def doubt(shape: ColumnShape) -> str:
    others = shape.form[1:] if shape.form and shape.form[0].startswith("%") else ()
    return f"unsure: these rows could also be {others[0]}" if others else ""


def comment(why: str) -> str:
    return f"  # {' '.join(why.split())}" if why else ""


def as_yaml(value: str) -> str:
    """Return a text as YAML: in quotes, as JSON writes it.

    Examples
    --------
    >>> as_yaml("a: b # c")
    '"a: b # c"'
    """
    return json.dumps(value, ensure_ascii=False)
