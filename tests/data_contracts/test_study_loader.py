"""A study file with mistakes: all of them at once, by line, with the nearest known name."""

from __future__ import annotations

import pickle
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data_contracts.study.loader import MOST_BYTES, load_study
from data_contracts.study.model import Study
from data_contracts.study.problems import RawProblem, StudyInvalid

GOOD = """\
name: tickets
title: Ticket triage
risk_tier: low
production:
  system: Service desk
  owner: {name: Ada Brandt}
sponsor: {name: Tom Okafor}
decision:
  type: binary
  classes: ["yes", "no"]
  positive: "yes"
candidates:
  - {name: bot, version: "1.10"}
streams:
  decisions:
    sources: [data/decisions]
    timezone: Europe/Vienna
    columns:
      decision_id: ticket
      decided_at: {column: at, format: "%d.%m.%Y"}
      decision: {column: queue, values: {1: "yes", 2: "no", off: "no"}}
  recommendations:
    sources: [data/recommendations]
    columns:
      candidate: {constant: bot}
  outcomes:
    sources: [{path: data/outcomes, format: csv}]
segments:
  region: region
  channel: channel
combinations:
  - [region, channel]
policy:
  gates:
    - kind: books
    - kind: noninferiority
      margin: 0.05
"""


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that loads a text as a study file named `study.yaml`."""
    monkeypatch.chdir(tmp_path)

    def load(text: str | bytes, *checks: Any) -> Study:
        path = Path("study.yaml")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_study(path, *checks)

    return load


def changed(*changes: tuple[str, str]) -> str:
    text = GOOD
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def problems(load: Any, text: str | bytes, *checks: Any) -> list[str]:
    with pytest.raises(StudyInvalid) as caught:
        load(text, *checks)
    lines = str(caught.value).splitlines()
    count = f"{len(lines) - 1} mistakes" if len(lines) > 2 else "1 mistake"
    assert lines[0] == f"study.yaml has {count}:"
    return [line.strip() for line in lines[1:]]


def test_a_good_file_is_read_whole(load: Any) -> None:
    study = load(GOOD)
    assert study.candidates[0].version == "1.10"
    values = study.streams.decisions.columns["decision"].values
    assert values == {"1": "yes", "2": "no", "off": "no"}
    assert study.streams.outcomes is not None
    assert list(study.cuts) == ["all", "region", "channel", "region x channel"]


def test_five_mistakes_come_in_one_message(load: Any) -> None:
    def gates(study: Study) -> Iterator[RawProblem]:
        assert study.policy.gates[1].settings == {"margin": 5}
        yield RawProblem(("policy", "gates", 1, "margin"), "5", "a number below 1")

    text = changed(
        ("title:", "titel:"),
        ("risk_tier: low", "risk_tier: hihg"),
        ("  owner: {name: Ada Brandt}\n", ""),
        ("Europe/Vienna", "Europe/Wien"),
        ("margin: 0.05", "margin: 5"),
    )
    with pytest.raises(StudyInvalid) as caught:
        load(text, gates)
    assert str(caught.value) == textwrap.dedent("""\
        study.yaml has 5 mistakes:
          line 2, titel: found an unknown key, expected a known key; did you mean "title"?
          line 3, risk_tier: found "hihg", expected one of low, medium, high; did you mean "high"?
          line 4, production.owner: found nothing, expected the person who owns the production \
system; somebody must own the production system: a pilot whose result nobody has to act on dies, \
so a study without an owner is refused
          line 16, streams.decisions.timezone: found "Europe/Wien", expected an IANA time zone \
such as Europe/Vienna or UTC; did you mean "Europe/Vienna"?
          line 36, policy.gates.1.margin: found 5, expected a number below 1""")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.problems) == (str(caught.value), caught.value.problems)
    assert [problem.line for problem in again.problems] == [2, 3, 4, 16, 36]


CASES: dict[str, tuple[tuple[str, str], str]] = {
    "owner without a name": (
        ("owner: {name: Ada Brandt}", "owner:"),
        "line 6, production.owner: found nothing, expected the person who owns the production"
        " system; somebody must own",
    ),
    "owner as a bare text": (
        ("owner: {name: Ada Brandt}", "owner: Ada Brandt"),
        'line 6, production.owner: found "Ada Brandt", expected a mapping with name (and perhaps'
        ' email, team); write {name: "Ada Brandt"}',
    ),
    "owner with an empty name": (
        ("owner: {name: Ada Brandt}", 'owner: {name: ""}'),
        "line 6, production.owner.name: found nothing, expected full name; somebody must own",
    ),
    "no sponsor": (
        ("sponsor: {name: Tom Okafor}\n", ""),
        "line 1, sponsor: found nothing, expected the person who answers for the go-live",
    ),
    "unknown key inside": (
        ("system: Service desk", "system: Service desk\n  teem: x"),
        "line 6, production.teem: found an unknown key, expected one of system, owner, users,"
        " cases_per_year; take it out",
    ),
    "misspelt key is said once": (
        ("  system: Service desk", "  sytem: Service desk"),
        "line 5, production.sytem: found an unknown key, expected one of system, owner, users,"
        ' cases_per_year; did you mean "system"?',
    ),
    "bad name": (
        ("name: tickets", "name: My Tickets"),
        'line 1, name: found "My Tickets", expected a short name (small letters, digits, `-` and'
        " `_`, a letter first); for example my-tickets",
    ),
    "bad segment name": (
        ("  channel: channel", "  channel: channel\n  Third Way: x"),
        'line 31, segments.Third Way: found "Third Way", expected a short name (small letters,'
        " digits, `-` and `_`, a letter first); for example third-way",
    ),
    "segment named all": (
        ("  channel: channel", "  channel: channel\n  all: x"),
        'line 31, segments.all: found "all", expected another name: `all` stands for the whole',
    ),
    "unquoted class": (
        ('classes: ["yes", "no"]', 'classes: [yes, "no"]'),
        "line 10, decision.classes.0: found yes, expected a text; YAML reads it as true;"
        ' put it in quotes: "yes"',
    ),
    "unquoted positive": (
        ('positive: "yes"', "positive: on"),
        "line 11, decision.positive: found on, expected a text; YAML reads it as true;",
    ),
    "unquoted version": (
        ('version: "1.10"', "version: 1.10"),
        "line 13, candidates.0.version: found 1.10, expected a text; YAML reads it as the number"
        ' 1.1; put it in quotes: "1.10"',
    ),
    "octal version": (
        ('version: "1.10"', "version: 010"),
        "line 13, candidates.0.version: found 010, expected a text; YAML reads it as the number 8;",
    ),
    "unquoted mapped value": (
        ('off: "no"', "off: no"),
        "line 21, streams.decisions.columns.decision.values.off: found no, expected a text;",
    ),
    "mapped to no class": (
        ('off: "no"', 'off: "noo"'),
        'line 21, streams.decisions.columns.decision.values.off: found "noo", expected a class of'
        ' the decision (one of yes, no); did you mean "no"?',
    ),
    "positive is no class": (
        ('positive: "yes"', 'positive: "yess"'),
        'line 11, decision.positive: found "yess", expected a class of the decision (one of yes,'
        ' no); did you mean "yes"?',
    ),
    "no positive": (
        ('  positive: "yes"\n', ""),
        "line 8, decision: a binary decision needs `positive`",
    ),
    "unknown field": (
        ("decision_id: ticket", "decison_id: ticket"),
        "line 19, streams.decisions.columns.decison_id: found an unknown field, expected one of"
        " decision_id, decided_at, decision, decided_by, exposed_at, initial_decision,"
        " exploration, recorded_at;"
        ' did you mean "decision_id"?',
    ),
    "time format": (
        ('"%d.%m.%Y"', "iso"),
        'line 20, streams.decisions.columns.decided_at.format: found "iso", expected one of'
        " iso8601, epoch_s, epoch_ms, or a strptime pattern",
    ),
    "two origins of a field": (
        ("{constant: bot}", "{constant: bot, column: x}"),
        "line 25, streams.recommendations.columns.candidate: exactly one of `column`, `columns`"
        " and `constant`",
    ),
    "constant names no candidate": (
        ("{constant: bot}", "{constant: bott}"),
        'line 25, streams.recommendations.columns.candidate.constant: found "bott", expected one'
        ' of `candidates` (bot); did you mean "bot"?',
    ),
    "file format": (
        ("format: csv", "format: cvs"),
        'line 27, streams.outcomes.sources.0.format: found "cvs", expected one of csv, jsonl,'
        ' parquet; did you mean "csv"?',
    ),
    "sources as a text": (
        ("sources: [data/decisions]", "sources: data/decisions"),
        'line 16, streams.decisions.sources: found "data/decisions", expected a list with at least'
        " one item; write [data/decisions]",
    ),
    "combination of an unknown segment": (
        ("- [region, channel]", "- [region, chanel]"),
        'line 32, combinations.0.1: found "chanel", expected a segment (one of region, channel);'
        ' did you mean "channel"?',
    ),
    "combination of one": (
        ("- [region, channel]", "- [region, region]"),
        "line 32, combinations.0: found [region, region], expected two or more different segments",
    ),
    "same candidate twice": (
        ('  - {name: bot, version: "1.10"}', '  - {name: bot, version: "2"}\n' * 2),
        "line 14, candidates.1: found bot 2 again (first on line 13), expected another name or",
    ),
    "date that is a number": (
        ("title:", "starts_on: 20130501\ntitle:"),
        "line 2, starts_on: found 20130501, expected a date such as 2013-05-01",
    ),
    "date that is none": (
        ("title:", "starts_on: 2013-13-01\ntitle:"),
        'line 2, starts_on: found "2013-13-01", expected a date such as 2013-05-01',
    ),
    "text that YAML takes for a time": (
        ("title: Ticket triage", "title: 12:30"),
        'line 2, title: found 750, expected a text; put it in quotes: "12:30"',
    ),
    "truth for a number": (
        ("title:", "smallest_segment: yes\ntitle:"),
        "line 2, smallest_segment: found true, expected a number",
    ),
    "number out of range": (
        ("policy:\n", "policy:\n  alpha: 5\n"),
        "line 34, policy.alpha: found 5, expected a number above 0 and below 0.5",
    ),
    "not a finite number": (
        ("title:", "value: {unit_value: .nan}\ntitle:"),
        "line 2, value.unit_value: found .nan, expected a finite number",
    ),
    "cost of no class": (
        ("title:", 'value: {costs: {"yes": {nope: 1}}}\ntitle:'),
        'line 2, value.costs.yes.nope: found "nope", expected a class of the decision (one of yes',
    ),
    "observed after no class": (
        ("title:", 'outcome: {selective: {observed_when: ["ye"]}}\ntitle:'),
        'line 2, outcome.selective.observed_when.0: found "ye", expected a class of the decision'
        ' (one of yes, no); did you mean "yes"?',
    ),
    "timeless with a start": (
        ("title:", "timeless: true\nstarts_on: 2024-01-01\ntitle:"),
        "line 3, starts_on: found 2024-01-01, expected nothing, because a study that is `timeless`",
    ),
    "timeless with an age": (
        ("title:", "timeless: true\noutcome: {matures_after_days: 3}\ntitle:"),
        "line 3, outcome.matures_after_days: found 3, expected nothing, because a study that is",
    ),
    "gate without a kind": (
        ("- kind: books", "- {}"),
        "line 35, policy.gates.0.kind: found nothing, expected name of a gate kind, e.g."
        " `noninferiority`",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_mistake_is_one_line(name: str, load: Any) -> None:
    change, start = CASES[name]
    (line,) = problems(load, changed(change))
    assert line.startswith(start), line
    for jargon in ("pydantic", "http", "Input should", "value_error", "Traceback"):
        assert jargon not in line


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "line 1: the file is empty"),
    "only a comment": ("# nothing\n", "line 1: the file is empty"),
    "a list": ("- a\n- b\n", "line 1: the file must hold `key: value` lines"),
    "two documents": (GOOD + "---\nname: x\n", "line 38: a second document"),
    "a key twice": (
        GOOD.replace("sponsor:", "title: Again\nsponsor:"),
        "line 7: the key `title` is given twice, first on line 2; keep one",
    ),
    "a tab": (GOOD.replace("  system:", "\tsystem:"), "line 5: a tab; YAML is indented"),
    "a stray colon": (
        GOOD.replace("title: Ticket triage", "title: Tickets: triage"),
        "line 2: a `:` where none can stand",
    ),
    "an open quote": ('name: x\ntitle: "open\n', "line 3: the file ends inside a quoted text"),
    "an object": ("name: !!python/object:os.system x\n", "line 1: the tag `tag:yaml.org,2002:pyt"),
    "an alias to nothing": ("name: *there\n", "line 1: `*there` refers to no `&there`"),
    "an alias to itself": ("name: &here [*here]\n", "line 1: `*here` refers to itself"),
    "deep": ("a: " + "[" * 40_000 + "]" * 40_000, "line 1: values nested more than 32 levels deep"),
    "a bomb": (
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)),
        "line 4: more than 20000 values once its aliases",
    ),
    "large": (b"#" * (MOST_BYTES + 1), "line 1: more than 1,000,000 bytes; this is no study file"),
    "UTF-16": (GOOD.encode("utf-16"), "line 1: the file is in UTF-16; save it as UTF-8"),
    "Latin-1": (b"name: x\ntitle: caf\xe9\n", "line 2: a character that is not UTF-8"),
    "a control character": ("name: x\ntitle: \x00\n", "line 2: a control character"),
    "a mapping as key": ("? {a: 1}\n: b\n", "line 1: a list or mapping used as a key"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_readable_says_where(name: str, load: Any) -> None:
    text, start = REFUSED[name]
    (line,) = problems(load, text)
    assert line.startswith(start), line


def test_a_missing_file_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(StudyInvalid, match="the file cannot be read \\(No such file"):
        load_study(tmp_path / "study.yaml")


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(load: Any) -> None:
    windows = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert load(windows) == load(GOOD)


def test_aliases_and_merges_are_read(load: Any) -> None:
    text = changed(
        ("owner: {name: Ada Brandt}", "owner: &ada {name: Ada Brandt, team: Desk}"),
        ("sponsor: {name: Tom Okafor}", "sponsor: {<<: *ada, name: Tom Okafor}"),
    )
    sponsor = load(text).sponsor
    assert (sponsor.name, sponsor.team) == ("Tom Okafor", "Desk")


def test_gates_beside_a_broken_gate_are_still_checked(load: Any) -> None:
    def gates(study: Study) -> Iterator[RawProblem]:
        for position, gate in enumerate(study.policy.gates):
            if gate.settings:
                yield RawProblem(("policy", "gates", position, "margin"), "0.05", "less")

    lines = problems(load, changed(("kind: books", "kidn: books"), ("0.05", "0.05 # here")), gates)
    assert [line.split(":")[0] for line in lines] == [
        "line 35, policy.gates.0.kind",
        "line 37, policy.gates.1.margin",
    ]


def test_extra_checks_do_not_judge_what_was_guessed(load: Any) -> None:
    def gates(study: Study) -> Iterator[RawProblem]:
        assert "region x channel" not in study.cuts
        yield RawProblem(("policy", "gates", 1, "cut"), "region x channel", "a cut")
        yield RawProblem(("risk_tier",), "low", "high")

    lines = problems(load, changed(("- [region, channel]", "- [region, chanel]")), gates)
    assert len(lines) == 1
