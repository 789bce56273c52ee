"""The exported schema and the reference page: made from the model, never behind it.

Run with UNDERSTUDY_UPDATE_DOCS=1 to write them anew.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data_contracts.study.model import Study
from data_contracts.study.reference import study_reference
from data_contracts.study.schema import SCHEMA_FILE, part_at, study_schema
from data_contracts.study.templates import all_templates, render_template
from data_contracts.study.yaml_tree import read_tree

DOCS = Path(__file__).parents[2] / "docs"


def up_to_date(path: Path, text: str) -> None:
    if os.environ.get("UNDERSTUDY_UPDATE_DOCS"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, f"{path.name}: see the top of this file"


def test_the_exported_schema_is_up_to_date() -> None:
    text = json.dumps(study_schema(), indent=2, ensure_ascii=False) + "\n"
    up_to_date(DOCS / SCHEMA_FILE, text)


def test_the_reference_page_is_up_to_date() -> None:
    up_to_date(DOCS / "study-file.md", study_reference())


def test_the_reference_page_tells_every_key_and_its_meaning() -> None:
    page = study_reference()
    parts = [study_schema(), *study_schema()["$defs"].values()]
    keys = [(key, value) for part in parts for key, value in part.get("properties", {}).items()]
    assert len(keys) > 80
    for key, value in keys:
        assert f"| `{key}` |" in page
        assert value.get("description", "") in page
    assert len(study_schema()["properties"]) == len(Study.model_fields)


@pytest.mark.parametrize("template", all_templates())
def test_every_template_fits_the_schema(template: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    document = as_json(read_tree(render_template(template, "tried")).plain())
    jsonschema.Draft202012Validator.check_schema(study_schema())
    jsonschema.validate(document, study_schema())


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("risk_tier",), "hihg"),
        (("unknown",), 1),
        (("production",), {"system": "x"}),
        (("streams", "decisions", "columns", "decison_id"), "x"),
        (("segments", "Upper"), "x"),
        (("candidates", 0, "version"), 1.1),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(place: Any, value: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    document = as_json(read_tree(render_template("triage", "tried")).plain())
    inner = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, study_schema())


def test_short_forms_of_columns_are_in_the_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    part = {**part_at(("streams", "decisions", "columns", "decision_id"))}
    schema = {"$defs": study_schema()["$defs"], **part}
    for value in ("ticket", ["shop", "day"], {"column": "ticket"}, {"constant": 1}):
        jsonschema.validate(value, schema)
    for value in (3, [], {"colum": "x"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(value, schema)


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
