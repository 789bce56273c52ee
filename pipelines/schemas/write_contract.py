"""Writing what was told from files: a first contract, and a first mapping for the study file.

Both are texts with comments, made to be edited; what is a mere guess says `unsure`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

import pyarrow as pa

from data_contracts.study.model import Study
from data_contracts.vocabulary import DecisionType, Stream, ValueKind
from pipelines.ingest.lookups import Lookup
from pipelines.schemas.forms import EPOCH_MS, EPOCH_S, ISO_DAY
from pipelines.schemas.guesses import Guess, looks_personal
from pipelines.schemas.infer import Inferred
from pipelines.schemas.shapes import ColumnShape

_TYPES = {
    ValueKind.INTEGER: "integer",
    ValueKind.NUMBER: "number",
    ValueKind.TRUTH: "boolean",
    ValueKind.TIME: "timestamp",
}
_MOST_ENUM = 20
_YES = frozenset({"1", "true", "y", "yes", "t"})
_NO = frozenset({"0", "false", "n", "no", "f"})
_LABELS = ("decision", "recommendation", "outcome")


def contract_text(found: Inferred) -> str:
    """Return a first ODCS contract of the files as they come, as YAML."""
    return "\n".join([*_contract_head(found), *_properties(found)]) + "\n"


def mapping_text(found: Inferred, study: Study | None = None) -> str:
    """Return the part of a study file that reads the files, as YAML.

    Parameters
    ----------
    study
        The study it is for: its classes and candidates are known then.
    """
    stream = found.stream.value
    lines = [
        f"# First mapping of `{stream}`, told from {_counted(found)}. Copy it into study.yaml, and",
        "# check every line: those marked `unsure` are guesses.",
        "streams:",
        f"  {stream}:",
        "    sources:",
    ]
    for path, delimiter in found.files:
        tabs = delimiter == "\t" and path.endswith(".tsv")
        lines.append(f"      - path: {_text(path)}")
        if delimiter != "," and not tabs:
            lines.append(f"        delimiter: {_text(delimiter)}")
    times = [g for name, g in found.guesses.made.items() if name.endswith("_at")]
    if any(_zoneless(found.columns[name]) for guess in times for name in guess.columns):
        lines.append(
            "    timezone: UTC  # unsure: the times have no zone; say which one they are in"
        )
    lines += ["    columns:", *_columns(found, study)]
    return "\n".join([*lines, *_left_over(found)]) + "\n"


def _contract_head(found: Inferred) -> Iterator[str]:
    stream = found.stream.value
    yield f"# First contract of the files of `{stream}`, told from {_counted(found)}."
    yield "# Check every line: those marked `unsure` are guesses from these rows alone."
    yield "apiVersion: v3.1.0"
    yield "kind: DataContract"
    yield f"id: {stream}-files"
    yield f"name: {stream}"
    yield "version: 1.0.0"
    yield "status: draft"
    yield "description:"
    yield f"  purpose: {_text(f'The files that {stream} are read from, as they come.')}"
    yield "schema:"
    yield f"  - name: {stream}"
    yield "    logicalType: object"
    event = next((g for name, g in found.guesses.made.items() if name.endswith("_at")), None)
    if event is not None:
        yield "    customProperties:"
        yield "      - property: eventTime"
        yield f"        value: {_text(event.columns[0])}{_comment(event.why)}"
    yield "    properties:"


def _properties(found: Inferred) -> Iterator[str]:
    key = found.guesses.made.get("decision_id", Guess((), ""))
    for name, shape in found.columns.items():
        if not name.strip():
            yield "      # a column without a name cannot be described or read: name it in the file"
            continue
        yield f"      - name: {_text(name)}"
        unsure = _comment("unsure: no row has a value") if shape.kind is ValueKind.EMPTY else ""
        yield f"        logicalType: {_logical(shape)}{unsure}"
        everywhere = name in found.everywhere and not shape.missing and shape.values
        yield f"        required: {'true' if everywhere else 'false'}"
        if name in key.columns:
            yield f"        primaryKey: true{_comment(key.why)}"
            yield f"        primaryKeyPosition: {key.columns.index(name) + 1}"
        if looks_personal(name):
            yield "        classification: restricted  # unsure: sounds like a person's data"
        if shape.kind is ValueKind.TIME and _pattern(shape):
            yield "        customProperties:"
            yield "          - property: writtenAs"
            yield f"            value: {_text(_pattern(shape))}{_comment(_doubt(shape))}"
        elif _is_enum(name, shape):
            yield "        enum:  # unsure: the values seen so far"
            for value in sorted(shape.vocabulary or ()):
                yield f"          - value: {_text(value)}"


def _columns(found: Inferred, study: Study | None) -> Iterator[str]:
    made = found.guesses.made
    for name, guess in made.items():
        shape = found.columns[guess.columns[0]]
        if len(guess.columns) > 1:
            columns = ", ".join(map(_text, guess.columns))
            yield f"      {name}: [{columns}]{_comment(guess.why)}"
        elif name.endswith("_at") and _pattern(shape):
            doubts = "; ".join(filter(None, (guess.why, _doubt(shape))))
            yield f"      {name}:{_comment(doubts)}"
            yield f"        column: {_text(guess.columns[0])}"
            yield f"        format: {_text(_pattern(shape))}"
        elif name in _LABELS and _translated(shape, study):
            yield f"      {name}:{_comment(guess.why)}"
            yield f"        column: {_text(guess.columns[0])}"
            yield "        values:  # the file's words, and the study's classes"
            yield from _translated(shape, study)
        else:
            yield f"      {name}: {_text(guess.columns[0])}{_comment(guess.why)}"
    for name in found.required:
        if name not in made:
            yield f"      # {name}: ...  # no column looks like it: say which"
    if found.stream is Stream.RECOMMENDATIONS:
        yield from _candidate(made, study)
    if found.stream is Stream.OUTCOMES and "name" not in made:
        yield f"      name: {{constant: {_text(study.outcome.name if study else 'outcome')}}}"


def _candidate(made: Collection[str], study: Study | None) -> Iterator[str]:
    """Yield the constants that say whose recommendations the files hold."""
    first = study.candidates[0] if study else None
    for name, known in (
        ("candidate", first.name if first else None),
        ("model_version", first.version if first else None),
    ):
        if name in made:
            continue
        if known is None:
            yield f"      # {name}: {{constant: ...}}  # no column tells: say which of `candidates`"
        else:
            yield f"      {name}: {{constant: {_text(known)}}}  # unsure: no column tells"


def _translated(shape: ColumnShape, study: Study | None) -> list[str]:
    """Return the lines that translate a file's words into the study's, where they differ."""
    classes = study.decision.classes if study else ()
    words = sorted(shape.vocabulary or ())
    if study is None or not classes or not words:
        return []
    if Lookup.of(classes).find(pa.array(words, pa.string())).null_count == 0:
        return []
    lines = []
    for word in words:
        meaning = _meaning(word, study)
        said = "null  # unsure: which class is it?" if meaning is None else _text(meaning)
        lines.append(f"          {_text(word)}: {said}")
    return lines


def _meaning(word: str, study: Study) -> str | None:
    """Return the class that a file's word probably stands for."""
    low = word.lower()
    for name in study.decision.classes:
        if name.lower() == low:
            return name
    if study.decision.type is DecisionType.BINARY:
        if low in _YES:
            return study.decision.positive
        if low in _NO:
            return next(c for c in study.decision.classes if c != study.decision.positive)
    return None


def _left_over(found: Inferred) -> Iterator[str]:
    taken = found.guesses.taken()
    rest = [name for name in found.columns if name not in taken]
    few = [
        name
        for name in rest
        if 2 <= len(found.columns[name].vocabulary or ()) <= _MOST_ENUM and not looks_personal(name)
    ]
    if found.stream is Stream.DECISIONS and few:
        yield "# Columns with few values, which may be segments of the cases:"
        yield "# segments:"
        for name in few[:_MOST_ENUM]:
            short = "".join(sign if sign.isalnum() else "_" for sign in name.lower()).strip("_")
            yield f"#   {short}: {_text(name)}"
    others = [name for name in rest if name not in few or found.stream is not Stream.DECISIONS]
    if others:
        yield f"# Columns that nothing reads: {', '.join(map(_text, others))}"


def _counted(found: Inferred) -> str:
    paths = ", ".join(path for path, _ in found.files[:3])
    more = f" and {len(found.files) - 3} more" if len(found.files) > 3 else ""
    return f"{paths}{more} ({found.rows:,} rows)".replace("\n", " ")


def _logical(shape: ColumnShape) -> str:
    form = shape.form[0] if shape.form else ""
    day_only = form == ISO_DAY or (form.startswith("%") and "%H" not in form and "%I" not in form)
    if shape.kind is ValueKind.TIME and day_only:
        return "date"
    return _TYPES.get(shape.kind, "string")


def _pattern(shape: ColumnShape) -> str:
    """Return the format a study has to declare; empty where none is needed."""
    if not shape.form or shape.form[0].startswith("iso8601"):
        return ""
    return shape.form[0]


def _doubt(shape: ColumnShape) -> str:
    others = shape.form[1:] if shape.form and shape.form[0].startswith("%") else ()
    return f"unsure: these rows could also be {others[0]}" if others else ""


def _zoneless(shape: ColumnShape) -> bool:
    form = shape.form[0] if shape.form else ""
    return bool(form) and not (form.endswith(("zone", "%z")) or form in (EPOCH_S, EPOCH_MS))


def _is_enum(name: str, shape: ColumnShape) -> bool:
    different = len(shape.vocabulary or ())
    return (
        shape.kind is ValueKind.TEXT
        and 2 <= different <= _MOST_ENUM
        and shape.values >= 5 * different
        and not looks_personal(name)
    )


def _comment(why: str) -> str:
    return f"  # {' '.join(why.split())}" if why else ""


def _text(value: str) -> str:
    """Return a text as YAML: in quotes, as JSON writes it.

    Examples
    --------
    >>> _text("a: b # c")
    '"a: b # c"'
    """
    return json.dumps(value, ensure_ascii=False)
