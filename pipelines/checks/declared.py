"""Mistakes in what a study expects of its data, found before anything runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import duckdb

from data_contracts.stream_contracts import (
    Field,
    FieldType,
    StreamContract,
    contract_for,
)
from data_contracts.study.expectations import FieldChecks
from data_contracts.study.model import Study
from data_contracts.study.privacy import PREFIXES
from data_contracts.study.problems import Place, RawProblem, did_you_mean, one_of, shown
from data_contracts.vocabulary import Stream
from pipelines.checks.suite import field_named

_TYPES = {
    FieldType.TEXT: "a text",
    FieldType.TIME: "a time",
    FieldType.NUMBER: "a number",
    FieldType.INTEGER: "a whole number",
}


def declared_problems(study: Study) -> Iterator[RawProblem]:
    """Yield what is wrong in the study's `checks`: unknown fields, patterns, queries."""
    mapped = study.streams.mapped()
    for name in type(study.checks).model_fields:
        stream = Stream(name)
        declared = study.checks.of(stream)
        path: Place = ("checks", name)
        if stream not in mapped:
            if name in study.checks.model_fields_set:
                found = f"checks of {name}"
                yield RawProblem(path, found, f"none, since the study has no stream {name}")
            continue
        contract = contract_for(study, stream)
        for written, wanted in declared.fields.items():
            yield from _field((*path, "fields", written), contract, written, wanted)
        names = Counter(custom.name for custom in declared.sql)
        for position, custom in enumerate(declared.sql):
            here: Place = (*path, "sql", position)
            if names[custom.name] > 1:
                yield RawProblem((*here, "name"), shown(custom.name), "a name used once")
            fault = query_fault(custom.query)
            if fault:
                yield RawProblem((*here, "query"), fault, "one SELECT that finds the wrong rows")


def query_fault(query: str) -> str:
    """Return why a text is not one SELECT, or an empty text.

    Examples
    --------
    >>> query_fault("SELECT * FROM decisions WHERE decided_by = 'nobody'")
    ''
    >>> query_fault("DROP TABLE decisions")
    'a DROP statement'
    >>> query_fault("SELECT 1; SELECT 2")
    '2 statements'
    """
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as fault:
        return f"no SQL ({str(fault).strip().splitlines()[0].rstrip('.')})"
    if len(statements) != 1:
        return f"{len(statements)} statements"
    kind = statements[0].type.name
    return "" if kind == "SELECT" else f"a {kind} statement"


def _field(
    path: Place, contract: StreamContract, written: str, wanted: FieldChecks
) -> Iterator[RawProblem]:
    field = field_named(contract, written)
    if field is None:
        known = [_written(one) for one in contract.fields]
        yield RawProblem(path, "an unknown field", one_of(known), did_you_mean(written, known))
        return
    holds = _TYPES[field.type]
    if field.type is not FieldType.TEXT:
        for key in ("allowed", "pattern"):
            if getattr(wanted, key):
                expected = f"no `{key}`, since `{written}` holds {holds}"
                yield RawProblem((*path, key), shown(getattr(wanted, key)), expected)
    if field.type is FieldType.TIME:
        for key in ("minimum", "maximum"):
            if getattr(wanted, key) is not None:
                expected = f"no `{key}`, since `{written}` holds {holds}"
                yield RawProblem((*path, key), shown(getattr(wanted, key)), expected)
    if wanted.pattern is not None and field.type is FieldType.TEXT:
        try:
            with duckdb.connect() as connection:
                connection.execute("SELECT regexp_matches('', ?)", [wanted.pattern]).fetchall()
        except duckdb.Error as fault:
            told = str(fault).strip().splitlines()[0].removeprefix("Invalid Input Error: ")
            found = f"{shown(wanted.pattern)} ({told})"
            yield RawProblem((*path, "pattern"), found, "a regular expression that RE2 reads")


def _written(field: Field) -> str:
    name = field.name
    return next((name.removeprefix(p) for p in PREFIXES if name.startswith(p)), name)
