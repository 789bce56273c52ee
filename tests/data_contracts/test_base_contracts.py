"""The five base contracts: valid ODCS documents whose fields do not change unnoticed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from data_contracts.stream_contracts import FieldType, base_contract, contract_for
from data_contracts.study.loader import load_study
from data_contracts.study.model import Study
from data_contracts.study.templates import render_template
from data_contracts.vocabulary import Stream

FIELDS = {
    Stream.DECISIONS: "decision_id*! decided_at! decision! decided_by exposed_at"
    " initial_decision exploration recorded_at",
    Stream.RECOMMENDATIONS: "decision_id*! candidate*! model_version*! recommended_at!"
    " recommendation answer score class_scores latency_ms cost input_tokens output_tokens trace_id"
    " recorded_at",
    Stream.OUTCOMES: "decision_id*! name*! observed_at! outcome! recorded_at",
}


def study_of(template: str, folder: Path) -> Study:
    path = folder / "study.yaml"
    path.write_text(render_template(template, "x"), "utf-8")
    return load_study(path)


def told(fields: object) -> str:
    return " ".join(
        f"{field.name}{'*' if field.key else ''}{'!' if field.required else ''}"
        for field in fields  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize("stream", Stream)
def test_every_stream_has_a_valid_odcs_contract(stream: Stream) -> None:
    text = (files("data_contracts") / "contracts" / f"{stream}.odcs.yaml").read_text("utf-8")
    document = yaml.safe_load(text)
    model = OpenDataContractStandard.model_validate(document)
    assert document["apiVersion"].startswith("v3.")
    assert (model.kind, model.name, model.status) == ("DataContract", stream.value, "active")
    known = set(OpenDataContractStandard.model_fields) | {"schema"}
    assert set(document) <= known
    (table,) = base_contract(stream).schema_ or []
    assert all(field.description for field in table.properties or [])
    keys = [field.primaryKeyPosition for field in table.properties or [] if field.primaryKey]
    assert keys == list(range(1, len(keys) + 1))


@pytest.mark.parametrize("stream", FIELDS)
def test_the_fields_of_a_stream_are_stable(stream: Stream, tmp_path: Path) -> None:
    study = study_of("triage", tmp_path)
    contract = contract_for(study, stream)
    names = ("segment_region", "segment_channel", "feature_words", "feature_product")
    declared = "".join(f" {name}" for name in names) if stream is Stream.DECISIONS else ""
    assert told(contract.fields) == FIELDS[stream] + declared
    newer = (Stream.DECISIONS, Stream.REVIEWS)
    assert contract.version == ("1.1.0" if stream in newer else "1.0.0")


def test_the_study_decides_what_a_decision_holds(tmp_path: Path) -> None:
    binary = contract_for(study_of("triage", tmp_path), Stream.DECISIONS).field("decision")
    assert (binary.type, binary.allowed) == (FieldType.TEXT, ("urgent", "routine"))
    numeric = contract_for(study_of("forecast", tmp_path), Stream.OUTCOMES).field("outcome")
    assert (numeric.type, numeric.allowed) == (FieldType.NUMBER, ())


def test_a_timeless_study_needs_no_times(tmp_path: Path) -> None:
    text = render_template("triage", "x").replace("  matures_after_days: 7", "  #")
    path = tmp_path / "study.yaml"
    path.write_text("timeless: true\n" + text, "utf-8")
    contract = contract_for(load_study(path), Stream.DECISIONS)
    assert not contract.field("decided_at").required
    assert contract.field("decision_id").required
