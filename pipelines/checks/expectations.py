"""The one module that knows Great Expectations: checks become expectations, judged in DuckDB.

Importing it takes seconds and a quarter of a gigabyte: import it only when there is something to
judge. No context is made, so that nothing is written, sent or fetched; every count is computed
once, all of one view in one query.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from data_contracts.data_words import CheckKind
from pipelines.checks.check import OF_ROWS, Check
from pipelines.checks.dialect import engine_on

os.environ["GX_ANALYTICS_ENABLED"] = "false"
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import great_expectations.expectations.core as expectations
    from great_expectations.execution_engine.execution_engine import ExecutionEngine
    from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
    from great_expectations.execution_engine.sqlalchemy_execution_engine import (
        SqlAlchemyExecutionEngine,
    )
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.validator.metrics_calculator import MetricsCalculator

logging.getLogger("great_expectations").setLevel(logging.CRITICAL)

gxe: Any = expectations
"""The kinds of expectations; the package does not say which names it exports."""
_RESULTS = {"result_format": {"result_format": "BOOLEAN_ONLY"}}


@dataclass(frozen=True, slots=True)
class Asked:
    """A check and the view it is made on.

    Attributes
    ----------
    column
        The column to look at; of a check about a whole stream, what its other columns begin with.
    """

    check: Check
    view: str
    column: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What Great Expectations found; `success` is None where a fault kept it from judging."""

    success: bool | None
    unexpected: int = 0
    n: int = 0
    detail: str = ""
    fault: str = ""


def judge(connection: duckdb.DuckDBPyConnection, asked: Sequence[Asked]) -> list[Judged]:
    """Return what each check came to, in the same order.

    Parameters
    ----------
    connection
        Where the views are; used by nothing else meanwhile.
    """
    engine = SqlAlchemyExecutionEngine(engine=engine_on(connection), create_temp_table=False)
    told: dict[str, dict[str, Any]] = {}
    for one in asked:
        if one.view in told:
            continue
        data = SqlAlchemyBatchData(engine, table_name=one.view, create_temp_table=False)
        engine.load_batch_data(one.view, data)
        if one.check.kind in OF_ROWS:
            told[one.view] = {}
            continue
        found = connection.execute(f"FROM {one.view}")
        names = [column[0] for column in found.description or []]
        told[one.view] = dict(zip(names, found.fetchall()[0], strict=True))
    judged = judge_with(engine, [(expectation_of(one), one.view) for one in asked])
    return [
        _with_counts(one, found, told[one.view]) for one, found in zip(asked, judged, strict=True)
    ]


def judge_with(
    engine: ExecutionEngine[Any], expectations: Sequence[tuple[Expectation, str]]
) -> list[Judged]:
    """Return what each expectation came to on the batch of that name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        placed = [_placed(one, batch) for one, batch in expectations]
        needed = [
            one.get_validation_dependencies(engine, dict(_RESULTS)).metric_configurations
            for one in placed
        ]
        calculator = MetricsCalculator(execution_engine=engine, show_progress_bars=False)
        graph = calculator.build_metric_dependency_graph(
            [metric for one in needed for metric in one.values()], dict(_RESULTS)
        )
        metrics, aborted = calculator.resolve_validation_graph(graph, dict(_RESULTS))
        return [
            _judged(engine, one, wanted, metrics, aborted)
            for one, wanted in zip(placed, needed, strict=True)
        ]


def expectation_of(asked: Asked) -> Expectation:
    """Return the expectation that a check is, without its batch."""
    check, column = asked.check, asked.column
    mostly = 1 - float(check.setting("tolerance", 0))
    match check.kind:
        case CheckKind.REQUIRED | CheckKind.MISSING:
            made = gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=mostly)
        case CheckKind.ALLOWED:
            values = list(check.setting("allowed"))
            made = gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values, mostly=mostly)
        case CheckKind.RANGE:
            made = gxe.ExpectColumnValuesToBeBetween(
                column=column,
                min_value=check.setting("minimum"),
                max_value=check.setting("maximum"),
                mostly=mostly,
            )
        case CheckKind.PATTERN:
            pattern = str(check.setting("pattern"))
            made = gxe.ExpectColumnValuesToMatchRegex(column=column, regex=pattern, mostly=mostly)
        case _:
            most = float(check.setting("tolerance", 0))
            made = gxe.ExpectColumnMaxToBeBetween(column=f"{column}_share", max_value=most)
    expectation: Expectation = made
    return expectation


def _with_counts(asked: Asked, judged: Judged, told: Mapping[str, Any]) -> Judged:
    """Return the judgement with what was counted of its view."""
    if judged.success is None or asked.check.kind in OF_ROWS:
        return judged
    counts = {name: told[f"{asked.column}_{name}"] for name in ("unexpected", "n", "detail")}
    return replace(judged, **{**counts, "detail": str(counts["detail"] or "")})


def _placed(expectation: Expectation, batch: str) -> Expectation:
    configuration = expectation.configuration
    configuration.kwargs["batch_id"] = batch
    return configuration.to_domain_obj()


def _judged(
    engine: ExecutionEngine[Any],
    expectation: Expectation,
    needed: Mapping[str, Any],
    metrics: dict[Any, Any],
    aborted: Mapping[Any, Any],
) -> Judged:
    for metric in needed.values():
        if metric.id not in metrics:
            return Judged(None, fault=_told(aborted.get(metric.id)))
    try:
        result = expectation.metrics_validate(
            metrics=metrics, execution_engine=engine, runtime_configuration=dict(_RESULTS)
        )
    except Exception as fault:  # of whatever kind: one check must not stop the others
        return Judged(None, fault=str(fault).strip().split("\n")[0])
    found = {name: metrics[metric.id] for name, metric in needed.items()}
    counts = [name for name in found if name.endswith(".unexpected_count")]
    # Every map expectation counts missing values too; its own count is the other one.
    own = [name for name in counts if name != "column_values.nonnull.unexpected_count"] or counts
    unexpected = int(found[own[0]] or 0) if own else 0
    return Judged(bool(result.success), unexpected, int(found.get("table.row_count") or 0))


def _told(info: Any) -> str:
    """Return the first line of what DuckDB said, without the names of its classes."""
    try:
        text = str(info["exception_info"]["exception_message"])
    except (KeyError, TypeError):
        text = str(info or "it could not be computed")
    return re.sub(r"^\([\w.]+\)\s*", "", text.strip()).split("\n")[0]
