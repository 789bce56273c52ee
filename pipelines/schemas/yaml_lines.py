"""Words and values of the YAML that is written from what was told from files."""

from __future__ import annotations

import json

from pipelines.schemas.infer import Inferred
from pipelines.schemas.shapes import ColumnShape

MOST_FEW = 20
"""Different values a column may have to be listed, or to be offered as a segment."""


def counted(found: Inferred) -> str:
    """Return which files were looked at, and how many rows."""
    paths = ", ".join(path for path, _ in found.files[:3])
    more = f" and {len(found.files) - 3} more" if len(found.files) > 3 else ""
    return f"{paths}{more} ({found.rows:,} rows)".replace("\n", " ")


def pattern(shape: ColumnShape) -> str:
    """Return the format a study has to declare; empty where none is needed."""
    if not shape.form or shape.form[0].startswith("iso8601"):
        return ""
    return shape.form[0]


def doubt(shape: ColumnShape) -> str:
    """Return how else the dates could be read, or nothing."""
    others = shape.form[1:] if shape.form and shape.form[0].startswith("%") else ()
    return f"unsure: these rows could also be {others[0]}" if others else ""


def comment(why: str) -> str:
    """Return a remark as a comment at the end of a line."""
    return f"  # {' '.join(why.split())}" if why else ""


def as_yaml(value: str) -> str:
    """Return a text as YAML: in quotes, as JSON writes it.

    Examples
    --------
    >>> as_yaml("a: b # c")
    '"a: b # c"'
    """
    return json.dumps(value, ensure_ascii=False)
