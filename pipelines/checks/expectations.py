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
from dataclasses import dataclass
from typing import Any

import duckdb

from data_contracts.vocabulary import CheckKind
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
    from great_expectations.validator.metric_configuration import MetricConfiguration
    from great_expectations.validator.metrics_calculator import MetricsCalculator

logging.getLogger("great_expectations").setLevel(logging.CRITICAL)

gxe: Any = expectations
"""The kinds of expectations; the package does not say which names it exports."""
SQL_TYPES = {"text": "VARCHAR", "time": "TIMESTAMP", "number": "DOUBLE", "integer": "BIGINT"}
"""Names of the types of fields, as the dialect reports them."""
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
    for view in dict.fromkeys(one.view for one in asked):
        data = SqlAlchemyBatchData(engine, table_name=view, create_temp_table=False)
        engine.load_batch_data(view, data)
    return judge_with(engine, [(expectation_of(one), one.view, _counts(one)) for one in asked])


def judge_with(
    engine: ExecutionEngine[Any],
    expectations: Sequence[tuple[Expectation, str, Mapping[str, MetricConfiguration]]],
) -> list[Judged]:
    """Return what each expectation came to on the batch of that name, with its counts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        placed = [(_placed(one, batch), extra) for one, batch, extra in expectations]
        needed = [
            {
                **one.get_validation_dependencies(engine, dict(_RESULTS)).metric_configurations,
                **extra,
            }
            for one, extra in placed
        ]
        calculator = MetricsCalculator(execution_engine=engine, show_progress_bars=False)
        graph = calculator.build_metric_dependency_graph(
            [metric for one in needed for metric in one.values()], dict(_RESULTS)
        )
        metrics, aborted = calculator.resolve_validation_graph(graph, dict(_RESULTS))
        return [
            _judged(engine, one, wanted, metrics, aborted)
            for (one, _), wanted in zip(placed, needed, strict=True)
        ]


def expectation_of(asked: Asked) -> Expectation:
    """Return the expectation that a check is, without its batch."""
    check, column = asked.check, asked.column
    mostly = 1 - float(check.setting("tolerance", 0))
    match check.kind:
        case CheckKind.REQUIRED | CheckKind.MISSING:
            made = gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=mostly)
        case CheckKind.TYPE:
            kind = SQL_TYPES[str(check.setting("type"))]
            made = gxe.ExpectColumnValuesToBeOfType(column=column, type_=kind)
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


def _counts(asked: Asked) -> dict[str, MetricConfiguration]:
    """Return what is to be counted besides, by the name it is read under."""
    domain = {"batch_id": asked.view}
    if asked.check.kind in OF_ROWS:
        return {"n": MetricConfiguration("table.row_count", domain, {})}
    return {
        name: MetricConfiguration("column.max", {**domain, "column": f"{asked.column}_{name}"}, {})
        for name in ("unexpected", "n", "detail")
    }


def _placed(expectation: Expectation, batch: str) -> Expectation:
    configuration = expectation.configuration
    configuration.kwargs["batch_id"] = batch
    return configuration.to_domain_obj()


def _judged(
    engine: ExecutionEngine[Any],
    expectation: Expectation,
    needed: Mapping[str, MetricConfiguration],
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
    success = bool(result.success)
    found = {name: metrics[metric.id] for name, metric in needed.items()}
    n = int(found.get("n") or found.get("table.row_count") or 0)
    unexpected = _unexpected(found)
    if unexpected is None:  # about the column, not about its values
        unexpected = 0 if success else n
    return Judged(success, unexpected, n, str(found.get("detail") or ""))


def _unexpected(found: Mapping[str, Any]) -> int | None:
    if "unexpected" in found:
        return int(found["unexpected"] or 0)
    counts = [name for name in found if name.endswith(".unexpected_count")]
    own = [name for name in counts if name != "column_values.nonnull.unexpected_count"]
    names = own or counts
    return int(found[names[0]] or 0) if names else None


def _told(info: Any) -> str:
    """Return the first line of what DuckDB said, without the names of its classes."""
    try:
        text = str(info["exception_info"]["exception_message"])
    except (KeyError, TypeError):
        text = str(info or "it could not be computed")
    return re.sub(r"^\([\w.]+\)\s*", "", text.strip()).split("\n")[0]
