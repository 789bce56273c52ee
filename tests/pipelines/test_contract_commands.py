"""`understudy contract`: telling contracts apart, and writing first ones that really work."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from data_contracts.contract_files import read_contract
from data_contracts.vocabulary import Stream
from pipelines.schemas.infer import infer
from pipelines.schemas.write_contract import contract_text
from pipelines.schemas.write_mapping import mapping_text

Make = Callable[..., Any]


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """Return a copy of the contract of the decisions."""
    path = tmp_path / "a.odcs.yaml"
    path.write_text((files("data_contracts") / "contracts" / "decisions.odcs.yaml").read_text())
    return path


def changed(contract: Path, change: Callable[[list[Any]], object]) -> Path:
    document = yaml.safe_load(contract.read_text())
    change(document["schema"][0]["properties"])
    path = contract.with_name("b.odcs.yaml")
    path.write_text(yaml.safe_dump(document))
    return path


def test_diff_of_equal_contracts(zygote: Any, contract: Path) -> None:
    done = zygote.run("contract", "diff", str(contract), str(contract))
    assert (done.returncode, done.stdout) == (0, "The contracts say the same.\n")


def test_diff_of_compatible_contracts(zygote: Any, contract: Path) -> None:
    new = changed(contract, lambda p: p.append({"name": "team", "logicalType": "string"}))
    done = zygote.run("contract", "diff", str(contract), str(new))
    assert done.returncode == 0
    assert "compatible: `decisions.team` is new and optional" in done.stdout


def test_diff_of_incompatible_contracts_fails(zygote: Any, contract: Path) -> None:
    new = changed(contract, lambda p: (p.pop(), p[3].update(required=True)))
    done = zygote.run("contract", "diff", str(contract), str(new))
    assert done.returncode == 1
    assert "not compatible: `decisions.recorded_at` is removed" in done.stdout
    assert "not compatible: `decisions.decided_by` is now required" in done.stdout
    help_text = zygote.run("contract", "diff", "--help").stdout
    assert "exit 1" in help_text


def test_diff_of_something_else_is_told_in_words(zygote: Any, contract: Path) -> None:
    contract.with_name("b.yaml").write_text("just: text\n")
    done = zygote.run("contract", "diff", str(contract), str(contract.with_name("b.yaml")))
    assert done.returncode == 1
    assert "is no data contract" in done.stderr


def write_foreign(root: Path) -> dict[str, Path]:
    """Write a study's files as another house would name and write them."""
    data = root / "foreign"
    data.mkdir()
    n = 60
    ids = [f"F-{i}" for i in range(n)]
    truth = ["J" if i % 3 else "N" for i in range(n)]
    days = [f"{i % 28 + 1:02d}.03.2026 {i % 24:02d}:30" for i in range(n)]
    rows = zip(ids, days, truth, ["north", "south"] * (n // 2), strict=True)
    lines = [";".join(row) for row in rows]
    header = "Fall_ID;Entscheidungsdatum;Decision;region\n"
    paths = {
        "decisions": data / "faelle.csv",
        "recommendations": data / "modell.jsonl",
        "outcomes": data / "wahrheit.parquet",
    }
    paths["decisions"].write_text(header + "\n".join(lines) + "\n")
    records = [
        {
            "case_id": i,
            "predicted_at": 1772366400 + k,
            "prediction": k % 2 == 0,
            "probability": k / 100,
        }
        for k, i in enumerate(ids)
    ]
    paths["recommendations"].write_text("".join(json.dumps(r) + "\n" for r in records))
    pq.write_table(
        pa.table(
            {
                "case_id": ids,
                "observed": pa.array([1772366400 + i for i in range(n)], pa.timestamp("s")),
                "actual": pa.array([i % 2 for i in range(n)]),
            }
        ),
        paths["outcomes"],
    )
    return paths


def test_what_is_inferred_loads_and_reads_the_files(make_place: Make) -> None:
    place = make_place(days=1)
    paths = write_foreign(place.root)
    study = place.root / "study.yaml"
    streams = {}
    for stream, path in paths.items():
        done = place.zygote.run(
            "contract",
            "infer",
            str(path),
            "--stream",
            stream,
            "--into",
            str(place.root),
            "--study",
            str(study),
        )
        assert done.returncode == 0, done.stderr
        read_contract(place.root / f"{stream}.odcs.yaml")
        text = (place.root / f"{stream}.mapping.yaml").read_text()
        streams |= yaml.safe_load(text)["streams"]
        again = place.zygote.run(
            "contract", "infer", str(path), "--stream", stream, "--into", str(place.root)
        )
        assert again.returncode == 1
        assert "exists already" in again.stderr
    decided = streams["decisions"]
    assert decided["sources"] == [{"path": "foreign/faelle.csv", "delimiter": ";"}]
    assert decided["columns"]["decided_at"]["format"] == "%d.%m.%Y %H:%M"
    assert decided["columns"]["decision"]["values"] == {"J": None, "N": "no"}
    decided["columns"]["decision"]["values"]["J"] = "yes"  # what a person has to say
    document = yaml.safe_load(study.read_text())
    document["streams"] = streams
    study.write_text(yaml.safe_dump(document, sort_keys=False))
    place.understudy("ingest")
    assert place.counts() == (60, 60, 60, 0)
    assert place.query("SELECT min(decided_at)::DATE::VARCHAR FROM decisions") == [("2026-03-01",)]


REAL = {
    "recidivism/human_vs_compas_long.csv": {"decision": "human_prediction"},
    "food_inspections/inspections.csv": {
        "decision_id": "Inspection_ID",
        "decided_at": "Inspection_Date",
    },
    "electricity_prices/NP.csv": {},
    "recidivism/BROWARD_CLEAN_SUBSET.csv": {"decision_id": "id"},
}


@pytest.mark.parametrize("name", REAL)
def test_real_files_of_all_kinds(name: str, tmp_path: Path) -> None:
    home = os.environ.get("UNDERSTUDY_REAL_DATA")
    if not home or not (Path(home) / name).is_file():
        pytest.skip("UNDERSTUDY_REAL_DATA is not set")
    file = tmp_path / Path(name).name
    shutil.copyfile(Path(home) / name, file)
    found = infer([file], Stream.DECISIONS, tmp_path)
    path = tmp_path / "x.odcs.yaml"
    path.write_text(contract_text(found), "utf-8")
    assert read_contract(path).schema_
    columns = yaml.safe_load(mapping_text(found))["streams"]["decisions"]["columns"]
    assert REAL[name].items() <= columns.items()


def test_values_that_sound_personal_are_not_written(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    people = ["Ada Lovelace", "Alan Turing"]
    lines = [f"{i},{people[i % 2]},{'yes' if i % 2 else 'no'}" for i in range(40)]
    file.write_text("id,surname,decision\n" + "\n".join(lines) + "\n")
    found = infer([file], Stream.DECISIONS, tmp_path)
    written = contract_text(found) + mapping_text(found)
    assert "Lovelace" not in written
    assert "classification: restricted" in written
    assert 'value: "yes"' in written


def test_an_ambiguous_date_is_marked(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("id,date,decision\n1,01/02/2024,a\n2,03/04/2024,b\n")
    written = mapping_text(infer([file], Stream.DECISIONS, tmp_path))
    assert "unsure: these rows could also be %m/%d/%Y" in written


def test_a_file_without_rows_is_told_in_words(zygote: Any, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("id,date\n")
    done = zygote.run(
        "contract", "infer", str(file), "--stream", "decisions", "--into", str(tmp_path)
    )
    assert done.returncode == 1
    assert "has no rows to tell anything from" in done.stderr
    assert not list(tmp_path.glob("*.yaml"))
