"""The study file, read and checked by all who know what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.study.loader import load_study
from data_contracts.study.model import Study
from data_contracts.study.problems import RawProblem
from evaluators.mandatory import missing_families
from evaluators.policy import check_policy
from pipelines.checks.declared import declared_problems
from pipelines.study_folder import StudyFolder


def read_study(folder: StudyFolder) -> Study:
    """Return the study, its policy checked by the gate kinds and its checks by the contracts.

    Raises
    ------
    StudyInvalid
        With every mistake at once.
    """
    return load_study(folder.file, study_problems)


def study_problems(study: Study) -> Iterator[RawProblem]:
    """Yield the mistakes that only gates, contracts and the database can find in a study."""
    yield from policy_problems(study)
    yield from declared_problems(study)


def policy_problems(study: Study) -> Iterator[RawProblem]:
    """Yield the mistakes in the study's gates: their settings, and families that are left out."""
    mistakes = check_policy(study.policy.gates, tuple(study.cuts))
    for problem in mistakes:
        yield RawProblem(problem.path, problem.found, problem.expected, problem.hint)
    if any(problem.key is None for problem in mistakes):
        return  # a kind that is misspelt may be the one that is missed
    missing = missing_families(study.policy.gates, study.risk_tier)
    if missing:
        wanted = "; ".join(f"about {family}: {' or '.join(kinds)}" for family, kinds in missing)
        yield RawProblem(
            ("policy", "gates"),
            f"no gate about {' or '.join(family for family, _ in missing)}",
            f"one of each, since the risk tier is {study.risk_tier} ({wanted})",
        )
