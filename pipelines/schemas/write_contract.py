"""Writing a first ODCS contract of files as they come: a text with comments, to be edited."""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.vocabulary import ValueKind
from pipelines.schemas.forms import ISO_DAY
from pipelines.schemas.guesses import Guess, looks_personal
from pipelines.schemas.infer import Inferred
from pipelines.schemas.shapes import ColumnShape
from pipelines.schemas.yaml_lines import MOST_FEW, as_yaml, comment, counted, doubt, pattern

_TYPES = {
    ValueKind.INTEGER: "integer",
    ValueKind.NUMBER: "number",
    ValueKind.TRUTH: "boolean",
    ValueKind.TIME: "timestamp",
}


def contract_text(found: Inferred) -> str:
    """Return a first ODCS contract of the files as they come, as YAML."""
    return "\n".join([*_contract_head(found), *_properties(found)]) + "\n"


def _contract_head(found: Inferred) -> Iterator[str]:
    stream = found.stream.value
    yield f"# First contract of the files of `{stream}`, told from {counted(found)}."
    yield "# Check every line: those marked `unsure` are guesses from these rows alone."
    yield "apiVersion: v3.1.0"
    yield "kind: DataContract"
    yield f"id: {stream}-files"
    yield f"name: {stream}"
    yield "version: 1.0.0"
    yield "status: draft"
    yield "description:"
    yield f"  purpose: {as_yaml(f'The files that {stream} are read from, as they come.')}"
    yield "schema:"
    yield f"  - name: {stream}"
    yield "    logicalType: object"
    event = next((g for name, g in found.guesses.made.items() if name.endswith("_at")), None)
    if event is not None:
        yield "    customProperties:"
        yield "      - property: eventTime"
        yield f"        value: {as_yaml(event.columns[0])}{comment(event.why)}"
    yield "    properties:"


def _properties(found: Inferred) -> Iterator[str]:
    key = found.guesses.made.get("decision_id", Guess((), ""))
    for name, shape in found.columns.items():
        if not name.strip():
            yield "      # a column without a name cannot be described or read: name it in the file"
            continue
        yield f"      - name: {as_yaml(name)}"
        unsure = comment("unsure: no row has a value") if shape.kind is ValueKind.EMPTY else ""
        yield f"        logicalType: {_logical(shape)}{unsure}"
        everywhere = name in found.everywhere and not shape.missing and shape.values
        yield f"        required: {'true' if everywhere else 'false'}"
        if name in key.columns:
            yield f"        primaryKey: true{comment(key.why)}"
            yield f"        primaryKeyPosition: {key.columns.index(name) + 1}"
        if looks_personal(name):
            yield "        classification: restricted  # unsure: sounds like a person's data"
        if shape.kind is ValueKind.TIME and pattern(shape):
            yield "        customProperties:"
            yield "          - property: writtenAs"
            yield f"            value: {as_yaml(pattern(shape))}{comment(doubt(shape))}"
        elif _is_enum(name, shape):
            yield "        enum:  # unsure: the values seen so far"
            for value in sorted(shape.vocabulary or ()):
                yield f"          - value: {as_yaml(value)}"


def _logical(shape: ColumnShape) -> str:
    form = shape.form[0] if shape.form else ""
    day_only = form == ISO_DAY or (form.startswith("%") and "%H" not in form and "%I" not in form)
    if shape.kind is ValueKind.TIME and day_only:
        return "date"
    return _TYPES.get(shape.kind, "string")


def _is_enum(name: str, shape: ColumnShape) -> bool:
    different = len(shape.vocabulary or ())
    return (
        shape.kind is ValueKind.TEXT
        and 2 <= different <= MOST_FEW
        and shape.values >= 5 * different
        and not looks_personal(name)
    )
