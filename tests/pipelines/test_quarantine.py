"""Rows in quarantine can be looked at, mended and submitted again, and the books stay balanced."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.quarantine.cells import protected, unprotected
from pipelines.quarantine.resubmit import read_export
from pipelines.warehouse.entries import ENTRIES

STATES = f"SELECT stream, state, count(*) FROM {ENTRIES} GROUP BY ALL ORDER BY ALL"


@pytest.fixture
def spoilt(make_place: Callable[..., Any]) -> Any:
    """Return an ingested study with bad rows in every stream."""
    place = make_place(days=2)
    data = place.root / "data"
    with (data / "decisions" / "2026-03-02.csv").open("a") as file:
        file.write("late-1,tomorrow,yes,north\n")
        file.write("late-2,2026-03-02T10:00:00Z,perhaps,=1+1\n")
        file.write("wide,2026-03-02T10:00:00Z,yes,north,more\n")
    with (data / "recommendations" / "2026-03-02.jsonl").open("a") as file:
        record = {"decision_id": "late-1", "recommended_at": "2026-03-02T10:00:01Z"}
        file.write(json.dumps({**record, "recommendation": "dunno"}) + "\n")
    place.understudy("ingest")
    return place


def _quarantine(place: Any, *words: str, check: int | None = 0) -> Any:
    done = place.zygote.run("quarantine", *words, "--study", str(place.root))
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    assert check is None or done.returncode == check, done.stdout + done.stderr
    return done


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]], **how: Any) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), **how)
        writer.writeheader()
        writer.writerows(rows)


def _mended(place: Any, path: Path, **how: Any) -> None:
    """Export the rows and mend all but one."""
    _quarantine(place, "export", str(path))
    rows = _read(path)
    for row in rows:
        if row["decision_id"] == "late-1" and row["understudy_entry"].startswith("decisions"):
            row["decided_at"] = "2026-03-02T09:00:00Z"
        elif row["decision_id"] == "late-2":
            row["decision"] = "never"
        elif row["understudy_malformed"]:
            wide = row["understudy_malformed"].split(",")
            names = ("decision_id", "decided_at", "decision", "region")
            row.update(zip(names, wide[:4], strict=True))
        else:
            row["recommendation"] = "yes"
    _write(path, rows, **how)


def test_the_list_says_what_waits_and_why(spoilt: Any) -> None:
    said = spoilt.understudy("quarantine", "list").stdout
    assert "1  decisions: bad timestamp in `decided_at`, data/decisions/2026-03-02.csv" in said
    assert "e.g. row 21: decided_at='tomorrow'" in said
    assert "4 rows waiting" in said
    said = spoilt.understudy("quarantine", "list", "--stream", "recommendations").stdout
    assert "not allowed in `recommendation`" in said
    assert "decisions:" not in said
    done = spoilt.understudy("quarantine", "list", "--reason", "bad", check=2)
    assert "bad_timestamp" in done.stderr


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_mended_rows_come_in_and_the_books_balance(
    spoilt: Any, tmp_path: Path, delimiter: str
) -> None:
    path = tmp_path / "rows.csv"
    _mended(spoilt, path, delimiter=delimiter)
    said = _quarantine(spoilt, "resubmit", str(path)).stdout
    assert "resubmitted/decisions-0001.csv" in said
    known = [("decisions", "resubmitted", 3), ("decisions", "waiting", 1)]
    known.append(("recommendations", "resubmitted", 1))
    assert spoilt.query(STATES) == known
    assert spoilt.counts()[:3] == (42, 41, 40)
    # The row that failed again is linked to where it first came in.
    again = f"SELECT first_path, first_row, reason FROM {ENTRIES} WHERE state = 'waiting'"
    assert spoilt.query(again) == [("data/decisions/2026-03-02.csv", 22, "not_allowed")]

    before = spoilt.query("FROM sources"), spoilt.query("FROM quarantine")
    said = _quarantine(spoilt, "resubmit", str(path)).stdout
    assert "nothing has changed" in said
    assert "3 rows not tried: they are not waiting (any more)" in said
    assert (spoilt.query("FROM sources"), spoilt.query("FROM quarantine")) == before

    spoilt.understudy("evaluate", check=None)
    (gate,) = [g for g in spoilt.status()["candidates"][0]["gates"] if g["kind"] == "books"]
    assert gate["status"] == "PASS", gate
    counted = (
        "SELECT stream, state, sum(n)::BIGINT FROM quarantine_counts GROUP BY ALL ORDER BY ALL"
    )
    assert spoilt.evidence(counted) == known

    stored = spoilt.query("SELECT * EXCLUDE (source_no, run) FROM decisions ORDER BY ALL")
    spoilt.understudy("ingest", "--rebuild")
    assert spoilt.query(STATES) == known
    assert spoilt.query("SELECT * EXCLUDE (source_no, run) FROM decisions ORDER BY ALL") == stored


def test_a_corrected_study_tries_all_again(spoilt: Any) -> None:
    assert "nothing has changed" in _quarantine(spoilt, "resubmit").stdout
    study = spoilt.root / "study.yaml"
    text = study.read_text().replace(
        "      decided_at: decided_at\n",
        "      decided_at: decided_at\n"
        "      decision: {column: decision, values: {'yes': 'yes', 'no': 'no', perhaps: 'no'}}\n",
    )
    study.write_text(text)
    said = _quarantine(spoilt, "resubmit").stdout
    assert "Submitted 1 row again" in said
    assert "1 row not tried: could not be taken apart" in said
    assert "2 rows not tried: nothing has changed about them" in said
    stored = "SELECT decision, segment_region FROM decisions WHERE decision_id = 'late-2'"
    assert spoilt.query(stored) == [("no", "=1+1")]
    assert "nothing has changed" in _quarantine(spoilt, "resubmit").stdout


def test_masked_rows_cannot_be_tried_again(make_place: Callable[..., Any], tmp_path: Path) -> None:
    place = make_place(days=1, privacy={"fields": {"decision_id": "pseudonymise"}})
    key = place.root / "pseudonym.key"
    key.write_text("k" * 40)
    key.chmod(0o600)
    with (place.root / "data" / "decisions" / "2026-03-02.csv").open("a") as file:
        file.write("late-1,tomorrow,yes,north\n")
    place.understudy("ingest")
    path = tmp_path / "rows.csv"
    _quarantine(place, "export", str(path))
    rows = _read(path)
    assert rows[0]["decision_id"] == "***"
    _write(path, [{**rows[0], "decision_id": "late-1", "decided_at": "2026-03-02"}])
    for words in (("resubmit",), ("resubmit", str(path))):
        said = _quarantine(place, *words).stdout
        assert "1 row not tried: values are masked" in said
    assert not (place.root / "resubmitted").exists()


def test_an_export_among_the_sources_is_refused(spoilt: Any) -> None:
    _quarantine(spoilt, "export", str(spoilt.root / "data" / "decisions" / "rows.csv"))
    done = spoilt.understudy("ingest", check=1)
    assert "understudy quarantine resubmit" in done.stderr


def test_what_is_no_export_is_told(spoilt: Any, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    for text in ("a,b\n1,2\n", "", "understudy_entry,a\n1,2,3\n", "understudy_entry,a\n"):
        path.write_text(text)
        done = _quarantine(spoilt, "resubmit", str(path), check=1)
        assert "cannot be submitted" in done.stderr
    assert "No such file" in _quarantine(spoilt, "resubmit", str(tmp_path / "x"), check=1).stderr
    assert "exists already" in _quarantine(spoilt, "export", str(path), check=1).stderr


texts = st.lists(
    st.one_of(
        st.none(),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
        st.text("=+-@'\t\r\n,;\"019 ", min_size=1),
    ),
    min_size=1,
)


@given(texts)
def test_cells_come_back_exactly(tmp_path_factory: pytest.TempPathFactory, held: list[Any]) -> None:
    column = pa.array(held, pa.string())
    cells = protected(column)
    assert unprotected(cells).equals(column)
    assert not [
        cell
        for cell in cells.to_pylist()
        if cell and cell[0] in "=+@\t\r\n＝＋－＠"  # noqa: RUF001
    ]
    path = tmp_path_factory.mktemp("cells") / "rows.csv"
    names = pa.array(["x"] * len(held))
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        pacsv.write_csv(pa.table({"understudy_entry": names, "a": cells}), file)
    assert read_export(path).column("a").combine_chunks().to_pylist() == held
