"""The catalogue of templates: each is a valid study, whatever it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_contracts.study.loader import load_study
from data_contracts.study.problems import StudyInvalid
from data_contracts.study.templates import (
    BadStudyName,
    UnknownTemplate,
    about,
    all_templates,
    render_template,
)


def load(text: str, folder: Path) -> object:
    path = folder / "study.yaml"
    path.write_text(text, "utf-8")
    return load_study(path)


@pytest.mark.parametrize("template", all_templates())
def test_every_template_is_a_study_that_teaches(template: str, tmp_path: Path) -> None:
    text = render_template(template, "first-study")
    study = load(text, tmp_path)
    assert getattr(study, "name", None) == "first-study"
    assert getattr(study, "title", None) == "First study"
    assert sum("#" in line for line in text.splitlines()) >= 8
    assert about(template).endswith(".")


@pytest.mark.parametrize("template", all_templates())
def test_every_template_needs_its_owner(template: str, tmp_path: Path) -> None:
    lines = render_template(template, "x").splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.startswith("  owner:"))
    with pytest.raises(StudyInvalid, match="somebody must own the production system"):
        load("".join(lines[:start] + lines[start + 3 :]), tmp_path)


@pytest.mark.parametrize(
    "title", ['Ask: "why"', "a # b", "$name", "\\", "née 😀", "- [x]", "yes", "line\nbreak"]
)
@pytest.mark.parametrize("name", ["a", "no", "null", "x" * 63, "a-1_b"])
def test_any_title_and_name_stay_what_they_are(name: str, title: str, tmp_path: Path) -> None:
    study = load(render_template("triage", name, title), tmp_path)
    assert getattr(study, "name", None) == name
    assert getattr(study, "title", None) == " ".join(title.split())


@pytest.mark.parametrize("name", ["", "My Study", "9lives", "a/b", "x" * 64, "é", "a\n"])
def test_a_name_that_cannot_be_a_folder_is_refused(name: str) -> None:
    with pytest.raises(BadStudyName):
        render_template("triage", name)


def test_an_unknown_template_names_the_known_ones() -> None:
    with pytest.raises(UnknownTemplate) as caught:
        render_template("triag", "x")
    assert str(caught.value) == (
        "No template `triag`; the templates are `credit`, `documents`, `flights`, `forecast`,"
        ' `fraud`, `triage`. Did you mean "triage"?'
    )
