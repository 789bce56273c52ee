"""What `understudy plan` refuses: a study that is not there, and what cannot be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data_contracts.study.policy import Plan
from pipelines.assessment.guesses import Guesses, PlanImpossible
from pipelines.assessment.planning import (
    plan_from_guesses,
    plan_from_study,
)

GIVEN = ("--disagreement", "0.1", "--cases-per-day", "100")


@pytest.mark.parametrize("made", [False, True], ids=["no folder", "an empty folder"])
def test_a_folder_that_holds_no_study_is_an_error(tmp_path: Path, zygote: Any, made: bool) -> None:
    folder = tmp_path / "my-stduy"
    if made:
        folder.mkdir()
    done = zygote.run("plan", str(folder), *GIVEN)
    assert done.returncode == 1
    assert "No study at" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("value", ["inf", "nan"])
def test_numbers_that_are_not_finite_are_refused(zygote: Any, value: str) -> None:
    done = zygote.run("plan", "--disagreement", "0.1", "--cases-per-day", value)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_extremes_that_are_taken_give_a_plan(zygote: Any) -> None:
    given = ("--cases-per-day", "1e9", "--wait", "3650", "--disagreement", "1", "--json")
    done = zygote.run("plan", *given)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["plans"]


@pytest.mark.parametrize("difference", [0.5, -0.11])
def test_a_difference_larger_than_the_disagreement_cannot_be(difference: float) -> None:
    with pytest.raises(PlanImpossible, match="at most the disagreement"):
        Guesses(disagreement=0.1, difference=difference)


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_every_guess_is_finite(value: float) -> None:
    with pytest.raises(PlanImpossible, match="finite"):
        Guesses(effect=value)


@pytest.mark.parametrize("difference", [0.1, -0.1, None])
def test_a_difference_as_large_as_the_disagreement_can_be(difference: float | None) -> None:
    found = plan_from_guesses(Guesses(disagreement=0.1, difference=difference, cases_per_day=9))
    assert len(found) == 1


def test_a_guess_is_held_against_what_the_study_expects(study: Any) -> None:
    plan = Plan(margin=0.05, disagreement=0.1)
    policy = study.policy.model_copy(update={"plan": plan})
    expected = study.model_copy(update={"policy": policy})
    guesses = Guesses(cases_per_day=100)
    assert plan_from_study(expected, guesses)
    with pytest.raises(PlanImpossible):
        plan_from_study(expected, replace(guesses, difference=0.3))
