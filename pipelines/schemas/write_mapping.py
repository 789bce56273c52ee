"""Writing the part of a study file that reads some files: a text with comments, to be edited."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyarrow as pa

from data_contracts.study.model import Study
from data_contracts.vocabulary import DecisionType, Stream
from pipelines.ingest.lookups import Lookup
from pipelines.schemas.forms import EPOCH_MS, EPOCH_S
from pipelines.schemas.guesses import looks_personal
from pipelines.schemas.infer import Inferred
from pipelines.schemas.shapes import ColumnShape
from pipelines.schemas.yaml_lines import MOST_FEW, as_yaml, comment, counted, doubt, pattern

_YES = frozenset({"1", "true", "y", "yes", "t"})
_NO = frozenset({"0", "false", "n", "no", "f"})
_LABELS = ("decision", "recommendation", "outcome")


def mapping_text(found: Inferred, study: Study | None = None) -> str:
    """Return the part of a study file that reads the files, as YAML.

    Parameters
    ----------
    study
        The study it is for: its classes and candidates are known then.
    """
    stream = found.stream.value
    lines = [
        f"# First mapping of `{stream}`, told from {counted(found)}. Copy it into study.yaml, and",
        "# check every line: those marked `unsure` are guesses.",
        "streams:",
        f"  {stream}:",
        "    sources:",
    ]
    for path, delimiter in found.files:
        tabs = delimiter == "\t" and path.endswith(".tsv")
        lines.append(f"      - path: {as_yaml(path)}")
        if delimiter != "," and not tabs:
            lines.append(f"        delimiter: {as_yaml(delimiter)}")
    times = [g for name, g in found.guesses.made.items() if name.endswith("_at")]
    if any(_zoneless(found.columns[name]) for guess in times for name in guess.columns):
        lines.append(
            "    timezone: UTC  # unsure: the times have no zone; say which one they are in"
        )
    lines += ["    columns:", *_columns(found, study)]
    return "\n".join([*lines, *_left_over(found)]) + "\n"


def _columns(found: Inferred, study: Study | None) -> Iterator[str]:
    made = found.guesses.made
    for name, guess in made.items():
        shape = found.columns[guess.columns[0]]
        if len(guess.columns) > 1:
            columns = ", ".join(map(as_yaml, guess.columns))
            yield f"      {name}: [{columns}]{comment(guess.why)}"
        elif name.endswith("_at") and pattern(shape):
            doubts = "; ".join(filter(None, (guess.why, doubt(shape))))
            yield f"      {name}:{comment(doubts)}"
            yield f"        column: {as_yaml(guess.columns[0])}"
            yield f"        format: {as_yaml(pattern(shape))}"
        elif name in _LABELS and _translated(shape, study):
            yield f"      {name}:{comment(guess.why)}"
            yield f"        column: {as_yaml(guess.columns[0])}"
            yield "        values:  # the file's words, and the study's classes"
            yield from _translated(shape, study)
        else:
            yield f"      {name}: {as_yaml(guess.columns[0])}{comment(guess.why)}"
    for name in found.required:
        if name not in made:
            yield f"      # {name}: ...  # no column looks like it: say which"
    if found.stream is Stream.RECOMMENDATIONS:
        yield from _candidate(made, study)
    if found.stream is Stream.OUTCOMES and "name" not in made:
        yield f"      name: {{constant: {as_yaml(study.outcome.name if study else 'outcome')}}}"


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
            yield f"      {name}: {{constant: {as_yaml(known)}}}  # unsure: no column tells"


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
        said = "null  # unsure: which class is it?" if meaning is None else as_yaml(meaning)
        lines.append(f"          {as_yaml(word)}: {said}")
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
        if 2 <= len(found.columns[name].vocabulary or ()) <= MOST_FEW and not looks_personal(name)
    ]
    if found.stream is Stream.DECISIONS and few:
        yield "# Columns with few values, which may be segments of the cases:"
        yield "# segments:"
        for name in few[:MOST_FEW]:
            short = "".join(sign if sign.isalnum() else "_" for sign in name.lower()).strip("_")
            yield f"#   {short}: {as_yaml(name)}"
    others = [name for name in rest if name not in few or found.stream is not Stream.DECISIONS]
    if others:
        yield f"# Columns that nothing reads: {', '.join(map(as_yaml, others))}"


def _zoneless(shape: ColumnShape) -> bool:
    form = shape.form[0] if shape.form else ""
    return bool(form) and not (form.endswith(("zone", "%z")) or form in (EPOCH_S, EPOCH_MS))
