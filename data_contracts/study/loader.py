"""The study file read into a `Study`, or every mistake in it reported at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from data_contracts.study.checks import problems_in
from data_contracts.study.model import Study
from data_contracts.study.positions import Node
from data_contracts.study.problems import Place, Problem, RawProblem, StudyInvalid
from data_contracts.study.translate import problems_from
from data_contracts.study.yaml_tree import NotReadable, read_tree

MOST_BYTES = 1_000_000
"""Size beyond which a study file is refused."""

ExtraChecks = Callable[[Study], Iterable[RawProblem]]
"""Checks of a caller that knows more than the contracts do, e.g. the settings of gates."""


def no_extra_checks(study: Study) -> Iterable[RawProblem]:
    """Return nothing: the checks of a caller that has none."""
    return ()


def load_study(path: Path, extra_checks: ExtraChecks = no_extra_checks) -> Study:
    """Return the study that a study file describes.

    Parameters
    ----------
    path
        The file.
    extra_checks
        Given the study, yields further problems by path; they get their lines and are reported
        together with the others. When parts of the file cannot be read, it is given a study in
        which stand-ins replace them, and is heard only on the policy.

    Raises
    ------
    StudyInvalid
        With every mistake in the file.
    """
    file = _shown(path)
    try:
        tree = read_tree(_text_of(path))
        _refuse_empty(tree)
    except NotReadable as fault:
        problem = Problem("", fault.line, "", fault.why)
        raise StudyInvalid(file=file, problems=(problem,)) from None
    study, problems = _checked(tree, extra_checks)
    if study is None or problems:
        raise StudyInvalid(file=file, problems=_placed(problems, tree))
    return study


def _checked(tree: Node, extra_checks: ExtraChecks) -> tuple[Study | None, list[RawProblem]]:
    raw = tree.plain()
    meant = list(problems_in(tree))
    try:
        study = Study.model_validate(raw)
    except ValidationError as error:
        read = list(problems_from(error, tree))
        kept = [problem for problem in read if not _said_better(problem, meant)]
        return None, kept + meant + list(_heard_on_policy(raw, read, extra_checks))
    return study, meant + list(extra_checks(study))


def _said_better(problem: RawProblem, meant: list[RawProblem]) -> bool:
    """Return whether a check of meaning says the same about the same place."""
    paths = [other.path for other in meant]
    if problem.found or problem.path:
        depth = len(problem.path)
        return problem.path in paths or (
            not problem.found and any(path[:depth] == problem.path for path in paths)
        )
    rules = ("combinations", "repeats", "timeless", "starts_on", "candidates")
    return any(path[:1] and path[0] in rules for path in paths)


def _heard_on_policy(
    raw: dict[str, Any], read: list[RawProblem], extra_checks: ExtraChecks
) -> Iterator[RawProblem]:
    """Yield what the caller objects to in the policy of a study that could not be read whole."""
    faulty = {str(problem.path[0]) if problem.path else "combinations" for problem in read}
    if not isinstance(raw.get("policy"), dict):
        return
    policy, kept = _readable_policy(raw["policy"], [p.path for p in read])
    whole = {**raw, "policy": policy}
    for key in faulty - {"policy"}:
        whole.pop(key, None)
    if "segments" in faulty:
        whole.pop("combinations", None)
    try:
        study = Study.model_validate({**_STAND_INS, **whole})
    except ValidationError:
        return
    guessed = bool(faulty & {"segments", "combinations"})
    for problem in extra_checks(study):
        path = problem.path
        if path[:1] != ("policy",) or (guessed and path[-1] == "cut"):
            continue
        if path[1:2] == ("gates",) and len(path) > 2:
            path = ("policy", "gates", kept[int(path[2])], *path[3:])
        yield RawProblem(path, problem.found, problem.expected, problem.hint)


def _readable_policy(
    policy: dict[str, Any], faults: list[Place]
) -> tuple[dict[str, Any], list[int]]:
    """Return the policy without its unreadable parts, and the positions of the gates kept."""
    inside = [path for path in faults if path[:1] == ("policy",) and len(path) > 1]
    gates = policy.get("gates")
    bad = {path[2] for path in inside if path[1] == "gates" and len(path) > 2}
    kept = [i for i in range(len(gates)) if i not in bad] if isinstance(gates, list) else []
    cut = {str(path[1]) for path in inside if path[1] != "gates"}
    whole = {key: value for key, value in policy.items() if key not in cut}
    return {**whole, "gates": [gates[i] for i in kept] if isinstance(gates, list) else gates}, kept


_PERSON = {"name": "nobody"}
_STREAM = {"sources": ["nowhere"]}
_STAND_INS: dict[str, Any] = {
    "name": "unnamed",
    "title": "unnamed",
    "risk_tier": "low",
    "production": {"system": "unknown", "owner": _PERSON},
    "sponsor": _PERSON,
    "decision": {"type": "categorical", "classes": ["one", "other"]},
    "candidates": [{"name": "unknown", "version": "0"}],
    "streams": {"decisions": _STREAM, "recommendations": _STREAM},
}


def _placed(problems: list[RawProblem], tree: Node) -> tuple[Problem, ...]:
    """Return the problems with their lines, in the order of the file, one for each place."""
    first: dict[Place, RawProblem] = {}
    for problem in problems:
        first.setdefault(problem.path, problem)
    placed = (
        Problem(
            ".".join(map(str, path)),
            tree.line_of(path),
            problem.found,
            problem.expected,
            problem.hint,
        )
        for path, problem in first.items()
    )
    return tuple(sorted(placed, key=lambda problem: problem.line))


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotReadable(1, f"the file cannot be read ({error.strerror})") from None
    if len(data) > MOST_BYTES:
        raise NotReadable(1, f"more than {MOST_BYTES:,} bytes; this is no study file")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotReadable(1, "the file is in UTF-16; save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotReadable(line, "a character that is not UTF-8; save the file as UTF-8") from None


def _refuse_empty(tree: Node) -> None:
    if tree.content is None:
        raise NotReadable(1, "the file is empty; make one with `understudy init NAME`")
    if not isinstance(tree.content, dict):
        raise NotReadable(tree.line, "the file must hold `key: value` lines, `name: ...` first")


def _shown(path: Path) -> str:
    """Return the path as the user would write it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
