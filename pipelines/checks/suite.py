"""The suites of a study: what its contracts, and the study itself, expect of every stream."""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.data_words import CheckKind, Severity
from data_contracts.stream_contracts import (
    CLUSTER_PREFIX,
    FEATURE_PREFIX,
    SEGMENT_PREFIX,
    Field,
    FieldType,
    StreamContract,
    contract_for,
)
from data_contracts.study.expectations import FieldChecks, StreamChecks
from data_contracts.study.model import Study
from data_contracts.study.privacy import PREFIXES
from data_contracts.vocabulary import Stream
from pipelines.checks.check import Check, Suite

CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO
MISSING_IN_SEGMENT = 0.05
"""Share of cases without a value in a segment that is worth a warning."""
MISSING_IN_FEATURE = 0.2
"""Share of cases without a value in a feature that is worth a note."""
PATIENCE_DAYS = 1
"""Days before the newest decision from which on a case must be known."""
WEEKS = 4
"""Weeks of history that a day's volume is compared with."""


def suites_of(study: Study) -> tuple[Suite, ...]:
    """Return the suite of every stream that the study has sources for.

    Pure: the same study always gives the same suites. What ingest enforces row by row (required,
    type, allowed, minimum of the contract) is checked again on what was stored, and is critical;
    so are keys. Everything that may have an innocent reason is a warning.
    """
    found = []
    for stream in study.streams.mapped():
        contract = contract_for(study, stream)
        declared = study.checks.of(stream)
        checks = (
            *_of_contract(contract),
            *_of_declared(contract, declared),
            *_of_stream(study, contract, declared),
        )
        found.append(Suite(stream, contract.version, checks))
    return tuple(found)


def field_named(contract: StreamContract, name: str) -> Field | None:
    """Return the field a study means by a name: of the contract, or one of its own."""
    for known in (name, *(prefix + name for prefix in PREFIXES)):
        for field in contract.fields:
            if field.name == known:
                return field
    return None


def _of_contract(contract: StreamContract) -> Iterator[Check]:
    stream = contract.stream
    for field in contract.fields:
        name = field.name
        if field.required:
            yield Check(f"{name}.required", stream, CheckKind.REQUIRED, name, CRITICAL)
        if field.allowed:
            settings = (("allowed", field.allowed),)
            yield Check(f"{name}.allowed", stream, CheckKind.ALLOWED, name, CRITICAL, settings)
        ends = (("minimum", field.minimum), ("maximum", field.maximum))
        limits = tuple((end, limit) for end, limit in ends if limit is not None)
        if limits:
            yield Check(f"{name}.range", stream, CheckKind.RANGE, name, CRITICAL, limits)


def _of_declared(contract: StreamContract, declared: StreamChecks) -> Iterator[Check]:
    stream = contract.stream
    asked: dict[str, FieldChecks] = {}
    for written, wanted in declared.fields.items():
        field = field_named(contract, written)
        if field is not None:
            asked[field.name] = wanted
            yield from _of_field(stream, field, wanted)
    for field in contract.fields:
        if field.name in asked and asked[field.name].missing_at_most is not None:
            continue
        if field.name.startswith((SEGMENT_PREFIX, CLUSTER_PREFIX)):
            most, severity = MISSING_IN_SEGMENT, WARNING
        elif field.name.startswith(FEATURE_PREFIX):
            most, severity = MISSING_IN_FEATURE, INFO
        else:
            continue
        yield _missing(stream, field.name, most, severity)
    for custom in declared.sql:
        settings = (("query", custom.query), ("sentence", custom.sentence))
        yield Check(f"sql.{custom.name}", stream, CheckKind.SQL, "", custom.severity, settings)


def _of_field(stream: Stream, field: Field, wanted: FieldChecks) -> Iterator[Check]:
    name, severity = field.name, wanted.severity
    tolerance = (("tolerance", wanted.tolerance),) if wanted.tolerance else ()
    if wanted.allowed:
        settings = (("allowed", wanted.allowed), *tolerance)
        yield Check(f"{name}.allowed.declared", stream, CheckKind.ALLOWED, name, severity, settings)
    if wanted.minimum is not None or wanted.maximum is not None:
        limits = [("minimum", wanted.minimum), ("maximum", wanted.maximum)]
        text = (("from_text", True),) if field.type is FieldType.TEXT else ()
        settings = (*(limit for limit in limits if limit[1] is not None), *text, *tolerance)
        yield Check(f"{name}.range.declared", stream, CheckKind.RANGE, name, severity, settings)
    if wanted.pattern is not None:
        settings = (("pattern", wanted.pattern), *tolerance)
        yield Check(f"{name}.pattern", stream, CheckKind.PATTERN, name, severity, settings)
    if wanted.missing_at_most is not None:
        yield _missing(stream, name, wanted.missing_at_most, severity)


def _missing(stream: Stream, field: str, most: float, severity: Severity) -> Check:
    settings = (("tolerance", most),)
    return Check(f"{field}.missing", stream, CheckKind.MISSING, field, severity, settings)


def _of_stream(study: Study, contract: StreamContract, declared: StreamChecks) -> Iterator[Check]:
    stream = contract.stream
    types = (("types", tuple(f"{field.name}: {field.type}" for field in contract.fields)),)
    yield Check("types", stream, CheckKind.TYPE, "", CRITICAL, types)
    keys = (("key", contract.keys),)
    yield Check("unique", stream, CheckKind.UNIQUE, "", CRITICAL, keys)
    if stream is not Stream.DECISIONS:
        settings = (("patience_days", PATIENCE_DAYS), ("tolerance", declared.unpaired_at_most))
        yield Check("reference", stream, CheckKind.REFERENCE, "decision_id", WARNING, settings)
    most = (("tolerance", declared.set_aside_at_most),)
    yield Check("set_aside", stream, CheckKind.SET_ASIDE, "", WARNING, most)
    for field in contract.fields:
        if field.required:
            name = f"{field.name}.set_aside"
            yield Check(name, stream, CheckKind.SET_ASIDE, field.name, WARNING, most)
    if study.timeless:
        return
    volume, fresh = declared.volume, declared.freshness
    limits = (("at_least", volume.at_least), ("at_most", volume.at_most), ("weeks", WEEKS))
    yield Check("volume", stream, CheckKind.VOLUME, "", volume.severity, limits)
    if fresh is not None:
        hours = (("hours", fresh.hours),)
        yield Check("freshness", stream, CheckKind.FRESHNESS, "", fresh.severity, hours)
