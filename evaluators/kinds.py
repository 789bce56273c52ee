"""What evaluators, reports and gate kinds are, and how they are found: a file each, not a list."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from data_contracts.findings import GateResult
from data_contracts.vocabulary import DecisionType, GateFamily
from evaluators.columns import Measures
from evaluators.results import Findings
from evaluators.scope import Scope

LABELS = (DecisionType.BINARY, DecisionType.CATEGORICAL, DecisionType.ORDINAL)
"""Decision types whose values are classes."""


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Counts in, findings out; a file in `evaluators/metrics` exports one as `EVALUATOR`.

    Attributes
    ----------
    name
        Same as the file's.
    title
        What it tells, in a few plain words.
    needs
        Names of the measures it reads.
    decision_types
        Kinds of decision it can judge; others are skipped.
    evaluate
        Pure function from measures and scope to one table per metric.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    evaluate: Callable[[Measures, Scope], tuple[Findings, ...]]
    decision_types: tuple[DecisionType, ...] = tuple(DecisionType)


Rows = Mapping[str, Sequence[Any]]
"""Columns of a published table by name, equally long; without candidate and version."""


@dataclass(frozen=True, slots=True)
class Report:
    """Counts in, rows of one published table out; a file in `evaluators/reports` exports `REPORT`.

    What is more than one number with its interval: a curve, a table by week, a list of bins.

    Attributes
    ----------
    name
        Same as the file's, and the name of the published table in `data_contracts/published`,
        whose first two columns are `candidate` and `model_version`.
    title
        What it tells, in a few plain words.
    needs
        Names of the measures it reads.
    tabulate
        Pure function from measures and scope to the table's other columns; without anything to
        tell, columns of length 0 or no columns at all.
    decision_types
        Kinds of decision it can tell of; it is skipped for others.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    tabulate: Callable[[Measures, Scope], Rows]
    decision_types: tuple[DecisionType, ...] = tuple(DecisionType)


@dataclass(frozen=True, slots=True)
class GateKind:
    """One criterion a policy can name; a file in `evaluators/gates` exports one as `GATE`.

    Attributes
    ----------
    name
        Same as the file's; what a policy writes after `kind:`.
    settings
        Frozen dataclass of the kind's own settings, with defaults where there is a sensible one;
        its `__post_init__` raises ValueError for a value that makes no sense, in the words
        "`setting` must be ...".
    judge
        Pure function from (name of the gate, settings, measures, scope) to the result.
    always
        Whether it is judged even where the policy does not name it, with its default settings.
    quiet
        Of a kind that is always judged: whether, where the policy does not name it, it is told
        only when it fails.
    """

    name: str
    family: GateFamily
    settings: type[Any]
    judge: Callable[[str, Any, Measures, Scope], GateResult]
    needs: tuple[str, ...] = ()
    always: bool = False
    quiet: bool = False


@cache
def all_evaluators() -> dict[str, Evaluator]:
    """Return every evaluator by name, in alphabetical order.

    Examples
    --------
    >>> list(all_evaluators()) == sorted(all_evaluators())
    True
    """
    return {name: module.EVALUATOR for name, module in _modules("evaluators.metrics")}


@cache
def all_reports() -> dict[str, Report]:
    """Return every report by name, in alphabetical order."""
    return {name: module.REPORT for name, module in _modules("evaluators.reports")}


@cache
def all_gate_kinds() -> dict[str, GateKind]:
    """Return every gate kind by name, in alphabetical order."""
    return {name: module.GATE for name, module in _modules("evaluators.gates")}


def _modules(package: str) -> list[tuple[str, Any]]:
    folder = importlib.import_module(package)
    names = sorted(found.name for found in pkgutil.iter_modules(folder.__path__))
    return [
        (name, importlib.import_module(f"{package}.{name}"))
        for name in names
        if not name.startswith("_")
    ]
