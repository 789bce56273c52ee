"""The other commands, as a new user meets them: init, check, sql, status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_contracts.study.templates import all_templates
from pipelines.cli.ingesting import nothing_new

WITH_SAMPLE_DATA = sorted(set(all_templates()) - {"flights"})


@pytest.mark.parametrize("template", WITH_SAMPLE_DATA)
def test_every_template_runs_from_files_to_verdict(
    tmp_path: Path, zygote: Any, template: str
) -> None:
    folder = str(tmp_path / "my-study")
    assert zygote.run("init", folder, "--template", template).returncode == 0
    checked = zygote.run("check", folder)
    assert checked.returncode == 0, checked.stderr
    assert "The study can run." in checked.stdout
    ran = zygote.run("run", folder)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(zygote.run("status", folder, "--json").stdout)
    gates = {gate["gate"]: gate["status"] for gate in found["candidates"][0]["gates"]}
    assert gates["books"] == gates["pairing"] == gates["duration"] == "PASS"
    assert found["verdict"] in ("GO", "COLLECTING")
    assert zygote.run("status", folder, "--exit-code").returncode in (0, 10)


def test_init_without_sample_data_says_where_the_files_go(tmp_path: Path, zygote: Any) -> None:
    folder = tmp_path / "mine"
    made = zygote.run("init", str(folder), "--without-sample-data").stdout
    assert f"Next: put your files into `{folder}/data`, edit `{folder}/study.yaml`" in made
    assert f"`understudy check {folder}`" in made
    assert "understudy run" not in made


@pytest.mark.parametrize(
    ("found", "known", "sentence"),
    [
        (0, 0, "Nothing to read: no file was found."),
        (1, 1, "Nothing new: 1 file found, read before."),
        (1_000, 1_000, "Nothing new: 1,000 files found, all of them read before."),
        (3, 2, "Nothing new: 3 files found, 2 of them read before."),
    ],
)
def test_why_there_was_nothing_to_read(found: int, known: int, sentence: str) -> None:
    assert nothing_new(found, known) == sentence


def test_made_up_cases_in_a_study_of_ones_own_are_told(tmp_path: Path, zygote: Any) -> None:
    folder = tmp_path / "tickets"
    made = zygote.run("init", str(folder))
    assert "Keep your own out of this folder" in made.stdout
    ran = zygote.run("ingest", str(folder))
    assert "Made-up" not in ran.stderr
    assert zygote.run("check", str(folder)).returncode == 0
    for stream in ("decisions", "recommendations", "outcomes"):
        (folder / "mine" / stream).mkdir(parents=True)
        for number, file in enumerate(sorted((folder / "data" / stream).iterdir())):
            head, *rows = file.read_text("utf-8").splitlines()
            mine = folder / "mine" / stream / f"{number}.csv"
            mine.write_text("\n".join([head, *(f"mine-{row}" for row in rows), ""]), "utf-8")
    study = folder / "study.yaml"
    study.write_text(study.read_text("utf-8").replace("- data/", "- mine/"), "utf-8")
    checked = zygote.run("check", str(folder))
    assert checked.returncode == 1
    assert "Made-up sample data count in this study beside your own: 11 files" in checked.stderr
    ran = zygote.run("ingest", str(folder))
    assert "Made-up sample data count in this study beside your own: 11 files" in ran.stderr
    assert "`understudy ingest --rebuild`" in ran.stderr
    assert "Made-up" not in zygote.run("ingest", str(folder), "--rebuild").stderr
    assert zygote.run("check", str(folder)).returncode == 0


def test_numbers_are_judged_by_their_tolerance(tmp_path: Path, zygote: Any) -> None:
    folder = tmp_path / "sales"
    zygote.run("init", str(folder), "--template", "forecast")
    zygote.run("run", str(folder))
    with duckdb.connect(str(folder / "state" / "warehouse.duckdb"), read_only=True) as con:
        ((tolerance,),) = con.execute(
            "SELECT (policy::JSON ->> '$.decision.tolerance')::DOUBLE FROM registrations"
        ).fetchall()
        ((by_hand,),) = con.execute(
            "SELECT count(*) FROM decisions JOIN outcomes USING (decision_id)"
            f" WHERE abs(decision - outcome) <= {tolerance}"
        ).fetchall()
        measured = con.execute(
            "SELECT sum(n) FROM measures.outcome_counts WHERE cut = 'all' AND production_right"
        ).fetchall()
        labels = con.execute(
            "SELECT DISTINCT decision, recommendation, outcome FROM measures.outcome_counts"
        ).fetchall()
    assert measured == [(by_hand,)]
    assert labels == [(None, None, None)], "numbers are no classes to count by"


def test_check_names_the_nearest_column_and_writes_nothing(place: Any) -> None:
    file = place.root / "data" / "decisions" / "2026-03-02.csv"
    file.write_text(file.read_text().replace("decided_at", "decided_on", 1))
    done = place.understudy("check", check=1)
    assert "`decided_on`" in done.stderr
    assert "Did you mean" in done.stderr
    assert not (place.root / "state").exists()


def test_check_shows_a_row_that_would_be_set_aside(place: Any) -> None:
    file = place.root / "data" / "decisions" / "2026-03-02.csv"
    lines = file.read_text().splitlines()
    lines[4] = lines[4].replace("yes", "maybe").replace("no,", "maybe,")
    file.write_text("\n".join(lines) + "\n")
    done = place.understudy("check", check=1)
    assert "1 of the first 20 rows would go to quarantine: not allowed in `decision`" in done.stderr
    assert "row 4" in done.stderr


def test_check_says_which_source_finds_nothing(place: Any) -> None:
    for file in (place.root / "data" / "outcomes").iterdir():
        file.unlink()
    done = place.understudy("check", check=1)
    assert "No files for `outcomes`" in done.stderr


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM decisions",
        "COPY decisions TO 'out.csv'",
        "SELECT * FROM read_csv('/etc/hostname')",
        "ATTACH 'other.duckdb'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ],
)
def test_sql_can_only_read_the_warehouse(place: Any, zygote: Any, query: str) -> None:
    place.understudy("run", "--quiet")
    done = zygote.run("sql", query, "--study", str(place.root))
    assert done.returncode == 1, done.stdout
    assert done.stderr
    assert place.counts() == (60, 60, 60, 0)
    assert not Path("out.csv").exists()


def test_sql_answers_as_a_table_and_as_csv(place: Any, zygote: Any) -> None:
    place.understudy("run", "--quiet")
    query = "SELECT stream, count(*) AS files FROM sources GROUP BY 1 ORDER BY 1"
    table = zygote.run("sql", query, "--study", str(place.root)).stdout
    assert "decisions" in table
    rows = zygote.run("sql", query, "--study", str(place.root), "--csv").stdout.splitlines()
    assert rows == ["stream,files", "decisions,3", "outcomes,3", "recommendations,3"]


def test_sql_before_anything_was_read_says_what_to_do(place: Any, zygote: Any) -> None:
    done = zygote.run("sql", "SELECT 1", "--study", str(place.root))
    assert done.returncode == 1
    assert "understudy run" in done.stderr


def test_status_of_damaged_evidence_says_how_to_mend_it(place: Any) -> None:
    place.understudy("run")
    before = place.status()
    (place.root / "state" / "evidence.duckdb").resolve().write_bytes(b"x" * 20_000)
    done = place.understudy("status", check=1)
    assert "understudy evaluate" in done.stderr
    place.understudy("evaluate")
    assert place.status()["candidates"] == before["candidates"]


def test_lost_evidence_is_published_again(place: Any) -> None:
    place.understudy("run")
    before = place.status()
    for file in (place.root / "state").glob("evidence*"):
        file.unlink()
    place.understudy("evaluate")
    after = place.status()
    assert after["evidence_no"] == before["evidence_no"]
    assert after["candidates"] == before["candidates"]
