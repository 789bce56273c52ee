"""Two sources that disagree: what holds by each rule, what is said of it, and what is published."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import yaml

from data_contracts.vocabulary import Reason, Status, Stream
from evaluators.gates.conflicts import GATE, Settings
from evaluators.scope import DataState
from pipelines.warehouse.settle import conflict_rules

Make = Callable[..., Any]
REGISTRY_FIRST = ("registry", "ward")


def tell(place: Any, source: str, name: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Write a file of outcomes: case, outcome, time recorded."""
    folder = place.root / "data" / source
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps(
            {
                "decision_id": case,
                "outcome": outcome,
                "observed_at": "2026-03-04T00:00:00Z",
                "recorded_at": f"2026-03-{recorded}T00:00:00Z",
            }
        )
        for case, outcome, recorded in rows
    ]
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")


def declare(place: Any, rule: str | None, sources: Sequence[str] = REGISTRY_FIRST) -> None:
    """Make the study read outcomes from two sources, by a rule."""
    file = place.root / "study.yaml"
    document = yaml.safe_load(file.read_text())
    stream = document["streams"]["outcomes"]
    stream["sources"] = [{"name": name, "path": f"data/{name}"} for name in sources]
    stream.pop("conflicts", None)
    if rule is not None:
        stream["conflicts"] = rule
    file.write_text(yaml.safe_dump(document, sort_keys=False))


A, B, C = (f"case-000-000{i}" for i in range(3))


@pytest.fixture
def two(make_place: Make) -> Any:
    """Return a study whose registry and ward agree about one case and disagree about two."""
    place = make_place(days=1, cases=5)
    tell(place, "registry", "1", [(A, "yes", "05"), (B, "no", "05"), (C, "yes", "05")])
    tell(place, "ward", "1", [(A, "yes", "07"), (B, "yes", "07"), (C, "no", "07")])
    return place


def outcomes(place: Any) -> dict[str, str]:
    return dict(place.query("SELECT decision_id, outcome FROM outcomes"))


def test_the_latest_record_holds_unless_the_study_says_otherwise(two: Any) -> None:
    declare(two, None)
    done = two.understudy("run")
    assert outcomes(two) == {A: "yes", B: "yes", C: "no"}
    assert "1 outcome: `registry` says no where `ward` says yes (outcome)" in done.stdout
    assert "the latest record holds" in done.stdout


def test_the_source_listed_first_holds_whatever_the_times(two: Any) -> None:
    declare(two, "source_priority")
    done = two.understudy("run")
    assert outcomes(two) == {A: "yes", B: "no", C: "yes"}
    assert "the source listed first holds" in done.stdout
    tell(two, "ward", "2", [(B, "yes", "09")])
    two.understudy("run")
    assert outcomes(two)[B] == "no"
    tell(two, "registry", "2", [(B, "yes", "08")])  # a source that changes its mind revises
    done = two.understudy("run")
    assert outcomes(two)[B] == "yes"
    assert "says" not in done.stdout


def test_contested_cases_wait_until_the_sources_agree(two: Any) -> None:
    declare(two, "quarantine")
    done = two.understudy("run")
    assert outcomes(two) == {A: "yes"}
    assert "2 outcomes became contested" in done.stdout
    assert two.query("SELECT count(*) FROM outcomes_history") == [(5,)]
    assert two.query("SELECT sum(outcomes)::INT FROM measures.stream_counts") == [(1,)]
    tell(two, "ward", "2", [(C, "yes", "08")])
    done = two.understudy("run")
    assert "1 contested outcome is settled: the sources agree" in done.stdout
    assert outcomes(two) == {A: "yes", C: "yes"}
    assert two.query("SELECT sum(outcomes)::INT FROM measures.stream_counts") == [(2,)]
    terms = two.query("SELECT terms FROM books WHERE rule LIKE 'stored%' AND subject = 'outcomes'")
    assert [json.loads(row[0]) for row in terms] == [
        {"stored + contested": 3, "before": 0, "new": 3, "settled": 0},
        {"stored + contested": 2, "before": 1, "new": 0, "settled": 1},
    ]


def test_a_contested_decision_is_known_but_not_counted(make_place: Make) -> None:
    place = make_place(days=2, cases=5)
    file = place.root / "study.yaml"
    document = yaml.safe_load(file.read_text())
    document["streams"]["decisions"] |= {
        "sources": ["data/decisions", "data/phone"],
        "conflicts": "quarantine",
    }
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    (place.root / "data" / "phone").mkdir()
    day = place.root / "data" / "decisions" / "2026-03-02.csv"
    header, first, *_ = day.read_text().splitlines()
    other = first.replace(",yes,", ",X,").replace(",no,", ",yes,").replace(",X,", ",no,")
    (place.root / "data" / "phone" / "a.csv").write_text(f"{header}\n{other}\n")
    place.understudy("run")
    assert place.counts()[0] == 9
    assert place.query("SELECT sum(decisions)::INT FROM measures.stream_counts") == [(9,)]
    gates = dict(place.evidence("SELECT gate, status FROM gates"))
    assert gates["books"] == "PASS"
    (place.root / "data" / "phone" / "b.csv").write_text(f"{header}\n{first}\n")
    place.understudy("run")  # the phone's later word is the desk's
    assert place.query("SELECT sum(decisions)::INT FROM measures.stream_counts") == [(10,)]


def test_a_changed_rule_takes_effect_without_reading_anything(two: Any) -> None:
    declare(two, None)
    two.understudy("run")
    for rule, sources, expected in (
        ("source_priority", REGISTRY_FIRST, {A: "yes", B: "no", C: "yes"}),
        ("source_priority", REGISTRY_FIRST[::-1], {A: "yes", B: "yes", C: "no"}),
        ("quarantine", REGISTRY_FIRST, {A: "yes"}),
        ("latest", REGISTRY_FIRST, {A: "yes", B: "yes", C: "no"}),
    ):
        declare(two, rule, sources)
        done = two.understudy("run")
        assert "Nothing new" in done.stdout
        assert outcomes(two) == expected
        known = two.query("SELECT sum(outcomes)::INT FROM measures.stream_counts")
        assert known == [(len(expected),)]
        assert "The policy was registered" in done.stdout


def test_what_they_disagree_about_is_published_with_examples(two: Any) -> None:
    declare(two, "source_priority", ("ward", "registry"))
    two.understudy("run")
    assert two.evidence("FROM conflicts") == [
        ("outcomes", "outcome", "ward", "registry", "source_priority", 2)
    ]
    assert two.evidence("FROM conflict_examples") == [
        ("outcomes", f"{B} / outcome", "outcome", "ward", "yes", "registry", "no"),
        ("outcomes", f"{C} / outcome", "outcome", "ward", "no", "registry", "yes"),
    ]


def test_the_examples_are_few(make_place: Make) -> None:
    place = make_place(days=1, cases=5)
    cases = [f"case-000-{i:04d}" for i in range(70)]
    tell(place, "registry", "1", [(case, "yes", "05") for case in cases])
    tell(place, "ward", "1", [(case, "no", "05") for case in cases])
    declare(place, None)
    done = place.understudy("run")
    assert "70 outcomes: `registry` says yes where `ward` says no (outcome)" in done.stdout
    assert place.evidence("SELECT n FROM conflicts") == [(70,)]
    assert place.evidence("SELECT count(*) FROM conflict_examples") == [(50,)]


def test_the_same_file_from_another_source_is_heard_too(make_place: Make) -> None:
    place = make_place(days=1, cases=5)
    declare(place, "quarantine")
    rows = [(A, "yes", "05")]
    tell(place, "registry", "1", rows)
    tell(place, "ward", "0", [(B, "no", "05")])
    place.understudy("run")
    tell(place, "ward", "1", rows)
    assert "1 = 0 + 1 + 0" in place.understudy("run").stdout
    tell(place, "registry", "2", [(A, "no", "06")])
    place.understudy("run")
    assert outcomes(place) == {B: "no"}


def test_a_source_that_leaves_a_field_empty_contradicts_nobody(make_place: Make) -> None:
    place = make_place(days=1, cases=5)
    file = place.root / "study.yaml"
    document = yaml.safe_load(file.read_text())
    document["streams"]["decisions"] |= {
        "sources": ["data/decisions", "data/phone"],
        "conflicts": "quarantine",
    }
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    (place.root / "data" / "phone").mkdir()
    day = place.root / "data" / "decisions" / "2026-03-02.csv"
    header, *lines = day.read_text().splitlines()
    told = "\n".join([f"{header},decided_by", *(f"{line},Ann" for line in lines)])
    (place.root / "data" / "phone" / "a.csv").write_text(told + "\n")
    place.understudy("run")
    assert place.counts()[0] == 5
    assert place.query("SELECT count(*) FROM disputed") == [(0,)]


def test_values_of_sensitive_fields_are_not_told(study: Any) -> None:
    from dataclasses import replace

    from pipelines.warehouse.disagreements import NOT_SHOWN, _pairs
    from pipelines.warehouse.tables import StreamTable

    table = StreamTable.of(study, Stream.OUTCOMES)
    fields = tuple(replace(f, sensitive=f.name == "outcome") for f in table.contract.fields)
    hidden = replace(table, contract=replace(table.contract, fields=fields))
    assert NOT_SHOWN not in _pairs(table)
    assert 'a."outcome"::VARCHAR' not in _pairs(hidden)


@pytest.mark.parametrize(
    ("records", "disputed", "status", "reason"),
    [
        ({}, {}, Status.NO_DATA, Reason.NO_CASES),
        ({"outcomes": 0}, {"outcomes": 0}, Status.NO_DATA, Reason.NO_CASES),
        ({"outcomes": 100}, {"outcomes": 0}, Status.PASS, Reason.WITHIN_LIMIT),
        ({"outcomes": 100}, {"outcomes": 5}, Status.PASS, Reason.WITHIN_LIMIT),
        ({"outcomes": 100}, {"outcomes": 6}, Status.FAIL, Reason.SOURCES_DISAGREE),
        ({"a": 100, "b": 10}, {"a": 1, "b": 1}, Status.FAIL, Reason.SOURCES_DISAGREE),
    ],
)
def test_the_gate(
    records: dict[str, int], disputed: dict[str, int], status: Status, reason: Reason
) -> None:
    from types import SimpleNamespace

    scope: Any = SimpleNamespace(data=DataState(records=records, disputed=disputed))
    result = GATE.judge("conflicts", Settings(), {}, scope)
    assert (result.status, result.reason) == (status, reason)


def test_the_gate_blocks_and_says_how_many(two: Any) -> None:
    declare(two, None)
    file = two.root / "study.yaml"
    file.write_text(
        file.read_text().replace("- kind: pairing", "- kind: pairing\n  - kind: conflicts")
    )
    done = two.understudy("run", check=3)
    assert "Two sources disagree about 2 of 3 records of outcomes; at most 5%" in done.stdout
    file.write_text(file.read_text().replace("kind: conflicts", "kind: conflicts\n    share: 0.7"))
    assert "Two sources disagree about 2 of 3 records of outcomes." in two.understudy("run").stdout


def test_a_rule_that_is_misspelt_is_told_with_the_nearest(two: Any) -> None:
    declare(two, "sourcepriority")
    done = two.understudy("check", check=1)
    assert "source_priority" in done.stderr
    assert "line " in done.stderr


def test_rules_are_registered_only_where_there_are_any(study: Any) -> None:
    assert conflict_rules(study) == {}
