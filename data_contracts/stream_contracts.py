"""The contracts of the five streams, read from their ODCS files into frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml
from open_data_contract_standard.model import OpenDataContractStandard, SchemaProperty

from data_contracts.data_words import ChangeKind, ChangeRule, Treatment
from data_contracts.study.model import Study
from data_contracts.vocabulary import DecisionType, Stream

SEGMENT_PREFIX = "segment_"
"""Column prefix of a declared segment in the decisions table."""
FEATURE_PREFIX = "feature_"
"""Column prefix of a declared feature in the decisions table."""
CLUSTER_PREFIX = "cluster_"
"""Column prefix of a declared cluster in the decisions table."""
RULE_PREFIX = "onChange."
"""Custom property of a contract that says what is done with a kind of schema change."""


class FieldType(StrEnum):
    """What a field holds once it is conformed."""

    TEXT = "text"
    TIME = "time"
    NUMBER = "number"
    INTEGER = "integer"


_TYPES = {
    "string": FieldType.TEXT,
    "timestamp": FieldType.TIME,
    "number": FieldType.NUMBER,
    "integer": FieldType.INTEGER,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a stream.

    Attributes
    ----------
    key
        Whether it is part of what identifies a record.
    allowed
        Values it may take; empty means any.
    minimum, maximum
        Smallest and largest number it may hold.
    sensitive
        Whether the contract classes it as restricted, or the study lists it under `privacy`.
    treatment
        What is done with its values before they are written anywhere.
    address
        Whether it holds e-mail addresses, which are told apart as `same_address` does.
    """

    name: str
    type: FieldType
    required: bool = False
    key: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    sensitive: bool = False
    treatment: Treatment = Treatment.KEEP
    address: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class StreamContract:
    """What a row of one stream is, for one study.

    Attributes
    ----------
    event_time, recorded_time
        Names of the field that says when it happened, and when it was written down.
    on_change
        What is done with a file whose columns have changed, for every kind of change.
    """

    stream: Stream
    version: str
    fields: tuple[Field, ...]
    event_time: str
    recorded_time: str
    on_change: Mapping[ChangeKind, ChangeRule] = field(default_factory=dict)

    def rule(self, kind: ChangeKind) -> ChangeRule:
        """Return what is done with a file that shows a kind of change."""
        return self.on_change.get(kind, ChangeRule.ACCEPT)

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the fields that identify a record."""
        return tuple(found.name for found in self.fields if found.key)

    @property
    def sensitive(self) -> bool:
        """Whether it has a field whose values must not be told."""
        return any(found.sensitive for found in self.fields)

    def field(self, name: str) -> Field:
        """Return the field of that name."""
        return next(found for found in self.fields if found.name == name)


@cache
def base_contract(stream: Stream) -> OpenDataContractStandard:
    """Return the ODCS document of a stream, as other catalogues would read it.

    Examples
    --------
    >>> base_contract(Stream.DECISIONS).name
    'decisions'
    """
    text = (files("data_contracts") / "contracts" / f"{stream}.odcs.yaml").read_text("utf-8")
    # The C loader is ten times faster; every command reads these files.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return OpenDataContractStandard.model_validate(yaml.load(text, Loader=loader))


def contract_for(study: Study, stream: Stream) -> StreamContract:
    """Return the contract of a stream as the study refines it.

    The study's decision type decides what a decision, recommendation and outcome hold; a
    timeless study needs no times; segments, features and clusters become fields of the decisions.

    Examples
    --------
    >>> [stream.value for stream in Stream][:2]
    ['decisions', 'recommendations']
    """
    document = base_contract(stream)
    (schema,) = document.schema_ or []
    roles = {str(p.property): str(p.value) for p in schema.customProperties or []}
    fields = [_field(prop, study) for prop in schema.properties or []]
    if stream is Stream.DECISIONS:
        fields += [
            Field(
                SEGMENT_PREFIX + name,
                FieldType.TEXT,
                allowed=column.bands.labels if column.bands else (),
            )
            for name, column in study.segments.items()
        ]
        fields += [Field(FEATURE_PREFIX + name, FieldType.TEXT) for name in study.features]
        fields += [Field(CLUSTER_PREFIX + name, FieldType.TEXT) for name in study.clusters]
    return StreamContract(
        stream,
        str(document.version),
        tuple(_treated(found, study, stream) for found in fields),
        roles["eventTime"],
        roles["recordedTime"],
        _rules(roles, study, stream),
    )


def _rules(roles: Mapping[str, str], study: Study, stream: Stream) -> dict[ChangeKind, ChangeRule]:
    """Return the contract's rule for each kind of change, as the study refines it."""
    mapping = study.streams.mapped().get(stream)
    rules = {}
    for kind in ChangeKind:
        said = mapping.on_change.rule(kind) if mapping else None
        default = roles.get(f"{RULE_PREFIX}{kind}", ChangeRule.ACCEPT)
        rules[kind] = said or ChangeRule(default)
    return rules


def _field(prop: SchemaProperty, study: Study) -> Field:
    name = str(prop.name)
    kind = _TYPES[str(prop.logicalType)]
    allowed = tuple(str(value.value) for value in prop.enum or [])
    if _is_decision(prop):
        numeric = study.decision.type is DecisionType.NUMERIC
        kind = FieldType.NUMBER if numeric else FieldType.TEXT
        allowed = study.decision.classes
    options = prop.logicalTypeOptions or {}
    minimum, maximum = options.get("minimum"), options.get("maximum")
    return Field(
        name,
        kind,
        required=bool(prop.required) and not (study.timeless and kind is FieldType.TIME),
        key=bool(prop.primaryKey),
        allowed=allowed,
        minimum=None if minimum is None else float(minimum),
        maximum=None if maximum is None else float(maximum),
        sensitive=prop.classification == "restricted",
        treatment=Treatment(_custom(prop).get("treatment", Treatment.KEEP)),
        address=_custom(prop).get("holds") == "address",
        description=str(prop.description or ""),
    )


def _treated(field: Field, study: Study, stream: Stream) -> Field:
    """Return the field as the study's `privacy` section wants it treated.

    A review names its case as the evidence does, where identifiers are pseudonyms already.
    """
    treatment = study.privacy.of(field.name)
    if treatment is None:
        return field
    if stream is Stream.REVIEWS and field.name == "decision_id":
        return replace(field, sensitive=treatment != Treatment.KEEP)
    return replace(field, treatment=treatment, sensitive=field.sensitive or treatment != "keep")


def _is_decision(prop: SchemaProperty) -> bool:
    return "studyType" in _custom(prop)


def _custom(prop: SchemaProperty) -> dict[str, str]:
    return {str(p.property): str(p.value) for p in prop.customProperties or []}
