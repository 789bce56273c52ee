"""Every way in which a contract can change, and whether it breaks who relies on it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from open_data_contract_standard.model import OpenDataContractStandard

from data_contracts.compatibility import all_compatible, compare_documents, compare_streams
from data_contracts.contract_files import ContractInvalid, read_contract
from data_contracts.stream_contracts import base_contract, contract_for
from data_contracts.study.loader import load_study
from data_contracts.study.templates import render_template
from data_contracts.vocabulary import Stream

DOCUMENT: dict[str, Any] = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "cases",
    "version": "1.0.0",
    "status": "active",
    "schema": [
        {
            "name": "cases",
            "customProperties": [{"property": "eventTime", "value": "at"}],
            "properties": [
                {"name": "id", "logicalType": "string", "primaryKey": True, "required": True},
                {"name": "at", "logicalType": "timestamp", "required": True},
                {"name": "kind", "logicalType": "string", "enum": [{"value": "a"}, {"value": "b"}]},
                {
                    "name": "amount",
                    "logicalType": "integer",
                    "logicalTypeOptions": {"minimum": 0, "maximum": 10},
                },
                {"name": "note", "logicalType": "string"},
            ],
        }
    ],
}

Properties = list[dict[str, Any]]


def contract(change: Callable[[Properties], object] = lambda p: None) -> OpenDataContractStandard:
    document = copy.deepcopy(DOCUMENT)
    change(document["schema"][0]["properties"])
    return OpenDataContractStandard.model_validate(document)


def options(**limits: float) -> Callable[[Properties], object]:
    return lambda p: p[3].update(logicalTypeOptions=limits)


CASES: list[tuple[Callable[[Properties], object], str, bool]] = [
    (lambda p: p.append({"name": "x", "logicalType": "string"}), "is new and optional", True),
    (lambda p: p.append({"name": "x", "required": True}), "is new and required", False),
    (lambda p: p.pop(), "`cases.note` is removed", False),
    (lambda p: p[2].update(enum=[{"value": "a"}]), "may no longer be `b`", False),
    (lambda p: p[2].update(enum=[{"value": v} for v in "abc"]), "may now also be `c`", True),
    (lambda p: p[2].pop("enum"), "may now hold any value", True),
    (lambda p: p[4].update(enum=[{"value": "a"}]), "may now only be `a`", False),
    (lambda p: p[4].update(required=True), "is now required", False),
    (lambda p: p[1].update(required=False), "is now optional", True),
    (lambda p: p[3].update(logicalType="number"), "holds number instead of integer", True),
    (lambda p: p[4].update(logicalType="integer"), "holds integer instead of string", False),
    (lambda p: p[0].update(primaryKey=False), "is no longer part of the key", False),
    (lambda p: p[1].update(primaryKey=True), "is now part of the key", False),
    (lambda p: p[4].update(unique=True), "must now be unique", False),
    (options(minimum=1, maximum=10), "has a `minimum` of 1 instead of 0", False),
    (options(minimum=-1, maximum=10), "has a `minimum` of -1 instead of 0", True),
    (options(minimum=0, maximum=9), "has a `maximum` of 9 instead of 10", False),
    (options(minimum=0, maximum=11), "has a `maximum` of 11 instead of 10", True),
    (options(minimum=0), "has no `maximum` any more (it was 10)", True),
    (lambda p: p[4].update(logicalTypeOptions={"maxLength": 5}), "has a `maxLength` of 5", False),
]


@pytest.mark.parametrize(("change", "words", "compatible"), CASES, ids=[c[1] for c in CASES])
def test_each_difference_is_told_and_judged(
    change: Callable[[Properties], object], words: str, compatible: bool
) -> None:
    (found,) = compare_documents(contract(), contract(change))
    assert words in found.sentence
    assert found.compatible is compatible
    assert found.sentence.startswith("compatible" if compatible else "not compatible")


@pytest.mark.parametrize("stream", Stream)
def test_a_contract_equals_itself(stream: Stream) -> None:
    assert compare_documents(base_contract(stream), base_contract(stream)) == ()


def test_another_event_time_breaks_the_contract() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["schema"][0]["customProperties"][0]["value"] = "note"
    found = compare_documents(contract(), OpenDataContractStandard.model_validate(document))
    assert not all_compatible(found)
    assert "`note` as eventTime instead of `at`" in found[0].sentence


def test_tables_come_and_go() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["schema"][0]["name"] = "other"
    found = compare_documents(contract(), OpenDataContractStandard.model_validate(document))
    assert [(d.place, d.compatible) for d in found] == [("cases", False), ("other", True)]


def test_the_contracts_of_two_studies_can_be_compared(tmp_path: Path) -> None:
    made = []
    for name in ("triage", "forecast"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(render_template(name, "x"), "utf-8")
        made.append(contract_for(load_study(path), Stream.DECISIONS))
    found = {(d.place, d.what): d.compatible for d in compare_streams(*made)}
    assert found["decisions.decision", "holds number instead of text"] is False
    assert found["decisions.decision", "may now hold any value"] is True
    assert compare_streams(made[0], made[0]) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: b: c", "not YAML on line 1"),
        ("- 1\n", "no `key: value` lines"),
        ("name: x\n", "kind None"),
        ("kind: DataContract\nschema: 7\n", "`schema` that does not fit"),
        ("kind: DataContract\n", "nothing under `schema`"),
    ],
)
def test_a_file_that_is_no_contract_is_told_in_words(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "x.odcs.yaml"
    path.write_text(text)
    with pytest.raises(ContractInvalid, match="is no data contract") as caught:
        read_contract(path)
    assert words in str(caught.value)


def test_a_file_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(ContractInvalid, match="cannot be read"):
        read_contract(tmp_path / "none.yaml")
