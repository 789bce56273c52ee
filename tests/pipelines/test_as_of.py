"""The verdict of a past day comes out again to the last digit, whatever has happened since."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from dashboard.production.changes import changes
from data_contracts.study.model import Study
from pipelines.as_of import AsOf, evaluate_as_of, moment_of
from pipelines.assessment.publish import gate_rows
from pipelines.assessment.registration import (
    REGISTERED,
    registered_part,
    study_as_registered,
)
from pipelines.study_file import read_study
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.reachable import LIMITS_SINCE

BANDED = {"column": "region", "bands": {"edges": [3.0], "labels": ["low", "high"]}}
WITH_VALUE = {
    "gates": [{"kind": "books"}, {"kind": "noninferiority", "margin": 0.05}, {"kind": "value"}]
}
COLUMNS = (
    "candidate, model_version, position, gate, kind, family, status, reason, rule, sentence,"
    " measured, value, low, high, threshold, n, since, earliest, latest, reachable, settings"
)


def published(place: Any) -> tuple[datetime, list[tuple[Any, ...]]]:
    rows = place.evidence(f"SELECT {COLUMNS} FROM gates ORDER BY candidate, position")
    ((when,),) = place.evidence("SELECT published_at FROM publication")
    return when.astimezone(UTC), rows


def looked_back(place: Any, moment: datetime) -> AsOf:
    folder = StudyFolder.at(place.root)
    return evaluate_as_of(folder, read_study(folder), moment)


def rows_of(found: AsOf) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for a in found.assessments for row in gate_rows(a)]


def change(place: Any, old: str, new: str) -> None:
    file = place.root / "study.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def revise(file: Path, word: str, other: str) -> None:
    header, *lines = file.read_text().splitlines()
    changed = [line.replace(f",{word},", f",{other},") for line in lines if f",{word}," in line]
    file.with_name(f"revised-{file.name}").write_text("\n".join([header, *changed[:5]]) + "\n")


def test_every_verdict_comes_out_again(make_place: Callable[..., Any]) -> None:
    place = make_place(days=9, cases=25)
    data = place.root / "data"
    kept = {name: (data / "outcomes" / f"{name}.parquet") for name in ("2026-03-05", "2026-03-06")}
    for file in kept.values():
        file.rename(file.with_suffix(".later"))
    moments = []

    def run() -> None:
        place.understudy("run", check=None)
        moments.append(published(place))

    run()
    revise(data / "decisions" / "2026-03-03.csv", "yes", "no")
    run()
    file = kept["2026-03-05"]
    file.with_suffix(".later").rename(file)
    bad = data / "decisions" / "bad.csv"
    bad.write_text("")
    run()  # late outcomes and a refused file: BLOCKED
    change(place, "margin: 0.05", "margin: 0.2")
    run()
    bad.unlink()
    run()  # withdrawn, without a run
    change(
        place, "- data/outcomes", "- data/outcomes\n    - path: data/registry\n      name: registry"
    )
    (data / "registry").mkdir()
    told = [
        {"decision_id": f"case-{day:03d}-{i:04d}", "outcome": "yes", "observed_at": "2026-03-04"}
        for day in (0, 1)
        for i in range(12)
    ]
    lines = [json.dumps({**row, "observed_at": "2026-03-04T00:00:00Z"}) for row in told]
    (data / "registry" / "a.jsonl").write_text("\n".join(lines) + "\n")
    run()
    change(place, "name: registry", "name: registry\n    conflicts: quarantine")
    run()
    change(place, "conflicts: quarantine", "conflicts: source_priority")
    run()
    (place.root / "data" / "outcomes" / "2026-03-06.later").rename(kept["2026-03-06"])
    run()

    assert len({json.dumps(rows, default=str) for _, rows in moments}) >= 8
    warehouse = (place.root / "state" / "warehouse.duckdb").read_bytes()
    evidence = (place.root / "state" / "evidence.duckdb").resolve()
    for number, (moment, rows) in enumerate(moments):
        found = looked_back(place, moment)
        assert rows_of(found) == rows, f"publication {number + 1}"
        assert found.comparable, f"publication {number + 1}"
        assert found.different == ()
    assert (place.root / "state" / "warehouse.duckdb").read_bytes() == warehouse
    assert (place.root / "state" / "evidence.duckdb").resolve() == evidence
    assert not (place.root / "state" / "as-of").exists()


def test_the_command_prints_the_verdict_and_that_it_is_the_one_published(place: Any) -> None:
    place.understudy("run")
    done = place.understudy("evaluate", "--as-of", str(datetime.now(UTC).date()))
    assert "COLLECTING" in done.stdout
    assert "noninferiority" in done.stdout
    assert "It is the verdict of publication 1" in done.stdout
    assert place.query("SELECT count(*) FROM verdicts") == [(1,)]


def test_a_verdict_that_was_tampered_with_is_noticed(place: Any) -> None:
    import duckdb

    place.understudy("run")
    with duckdb.connect(str(place.root / "state" / "warehouse.duckdb")) as warehouse:
        warehouse.execute("UPDATE decisions SET decision = 'no'")
    done = place.understudy("evaluate", "--as-of", "2100-01-01", check=1)
    assert "NOT what publication 1" in done.stdout
    assert "`noninferiority`" in done.stdout


def test_a_moment_between_ingest_and_verdict_says_what_stood(place: Any) -> None:
    place.understudy("run")
    place.write_day(4)
    place.understudy("ingest")
    done = place.understudy("evaluate", "--as-of", "2100-01-01")
    assert "publication 1" in done.stdout
    assert "knew the data of run 1 only" in done.stdout


def test_before_the_first_run_nothing_was_known(place: Any) -> None:
    place.understudy("run")
    done = place.understudy("evaluate", "--as-of", "2020-01-01", check=1)
    assert "Nothing was known at 2020-01-01 23:59:59 UTC" in done.stderr
    assert "No verdict had been published" in done.stderr


def test_without_a_warehouse_there_is_no_past(place: Any) -> None:
    done = place.understudy("evaluate", "--as-of", "2026-03-05", check=1)
    assert "no warehouse" in done.stderr


@pytest.mark.parametrize("text", ["0001-01-01T00:00+05:00", "9999-12-31T23:00-05:00"])
def test_a_moment_in_a_year_that_does_not_exist_in_utc_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="from 1 to 9999"):
        moment_of(text)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "", "0001-01-01T00:00+05:00"])
def test_a_moment_that_is_none_is_a_usage_error(place: Any, text: str) -> None:
    done = place.understudy("evaluate", "--as-of", text, check=2)
    assert "such as" in done.stderr


def test_a_rebuild_puts_the_past_out_of_reach_and_says_so(place: Any) -> None:
    place.understudy("run")
    before = datetime.now(UTC)
    place.understudy("ingest", "--rebuild")
    done = place.understudy("evaluate", "--as-of", before.isoformat(), check=1)
    assert "--rebuild` read all files anew" in done.stderr
    assert "COLLECTING for bot 1 (publication 1)" in done.stderr
    place.understudy("evaluate")
    after = datetime.now(UTC) + timedelta(seconds=1)
    assert "It is the verdict of publication" in (
        place.understudy("evaluate", "--as-of", after.isoformat()).stdout
    )


def test_a_day_stands_for_its_end_and_a_time_without_zone_is_utc() -> None:
    assert moment_of("2026-03-05") == datetime(2026, 3, 5, 23, 59, 59, 999999, tzinfo=UTC)
    assert moment_of("2026-03-05T12:00+02:00") == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert moment_of("2026-03-05 12:00") == datetime(2026, 3, 5, 12, tzinfo=UTC)


LIMITS: list[tuple[dict[str, Any], str]] = [
    ({"value": {"unit_value": 5.0}}, "unit_value"),
    ({"budget": {"per_decision": 0.1}}, "per_decision"),
    ({"service_levels": {"latency_p95_ms": 900.0}}, "latency_p95_ms"),
    ({"smallest_segment": 7}, "smallest_segment"),
    ({"segments": {"region": BANDED}}, "bands"),
    (
        {
            "production": {"system": "x", "owner": {"name": "x"}, "cases_per_year": 5000},
            "policy": {"gates": [{"kind": "books"}, {"kind": "cost"}]},
        },
        "cases_per_year",
    ),
]
"""Parts of a study outside its policy that gates take limits from, and a word of each."""


@pytest.mark.parametrize(("part", "word"), LIMITS, ids=[word for _, word in LIMITS])
def test_a_limit_outside_the_policy_is_registered_and_comes_back(
    study: Study, part: dict[str, Any], word: str
) -> None:
    then = Study.model_validate(study.model_dump(mode="json", by_alias=True) | part)
    registered = json.loads(json.dumps(registered_part(then)))
    assert word in json.dumps({k: v for k, v in registered.items() if k != "policy"})
    assert registered_part(study_as_registered(study, registered)) == registered
    assert study_as_registered(then, registered) == then
    # What was registered without it had none, unless limits were not registered at all then.
    before = {**registered_part(study), "policy": registered["policy"]}
    assert word not in json.dumps(registered_part(study_as_registered(then, before)))
    assert study_as_registered(then, before, limits=False) == then


def test_bands_of_a_version_of_the_decisions_are_registered_too(study: Study) -> None:
    def versioned(edge: float) -> Study:
        document = study.model_dump(mode="json", by_alias=True)
        banded = {**BANDED, "bands": {"edges": [edge], "labels": ["low", "high"]}}
        version = {"version": "2", "segments": {"region": banded}}
        document["streams"]["decisions"]["versions"] = [version]
        return Study.model_validate(document)

    registered = registered_part(versioned(3))
    assert registered != registered_part(versioned(4))
    assert registered_part(study_as_registered(versioned(4), registered)) == registered


def test_a_study_without_limits_keeps_the_hash_it_had(study: Study) -> None:
    document = study.model_dump(mode="json", by_alias=True)
    before = {key: document[key] for key in REGISTERED} | {"segments": ["region"]}
    assert registered_part(study) == before


def test_a_limit_that_was_moved_is_told_and_the_verdict_before_comes_out_again(
    make_place: Callable[..., Any],
) -> None:
    place = make_place(value={"unit_value": 5.0}, policy=WITH_VALUE)
    place.understudy("run")
    moment, rows = published(place)
    change(place, "unit_value: 5.0", "unit_value: 0.5")
    assert "The policy was registered" in place.understudy("evaluate").stdout
    assert published(place)[1] != rows
    found = looked_back(place, moment)
    assert rows_of(found) == rows
    assert found.comparable
    before, after = (
        json.loads(text)
        for (text,) in place.evidence("SELECT policy FROM registrations ORDER BY registered_at")
    )
    assert [(one.what, one.before, one.after) for one in changes(before, after)] == [
        ("value, unit value", "5", "0.5")
    ]


def test_a_verdict_from_before_limits_were_registered_is_judged_by_those_of_today(
    make_place: Callable[..., Any],
) -> None:
    place = make_place(value={"unit_value": 5.0}, policy=WITH_VALUE)
    place.understudy("run")
    moment, rows = published(place)
    with duckdb.connect(str(place.root / "state" / "warehouse.duckdb")) as warehouse:
        warehouse.execute(
            "UPDATE registrations SET policy = json_merge_patch(policy, ?)", ['{"value": null}']
        )
        warehouse.execute("DELETE FROM meta WHERE name = ?", [LIMITS_SINCE])
    assert rows_of(looked_back(place, moment)) == rows


def test_the_study_as_registered_is_the_study(study: Any) -> None:
    document = yaml.safe_load(study.model_dump_json(by_alias=True))
    for rule in ("latest", "source_priority", "quarantine"):
        document["streams"]["outcomes"]["conflicts"] = rule
        document["streams"]["outcomes"]["sources"] = [{"path": "b"}, {"path": "a", "name": "ward"}]
        one = type(study).model_validate(document)
        document["streams"]["outcomes"]["sources"].reverse()
        document["streams"]["outcomes"]["conflicts"] = "latest"
        other = type(study).model_validate(document)
        then = study_as_registered(other, json.loads(json.dumps(registered_part(one))))
        assert registered_part(then) == registered_part(one)
