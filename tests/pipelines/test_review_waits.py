"""A round of reviews waits until the two differ; what cannot be drawn uses nothing up."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

PLAN = {"cases": 24, "every_weeks": 1}
ROUNDS = "SELECT round, first_day::VARCHAR, last_day::VARCHAR, population FROM review_rounds"


def hide(place: Any, aside: Path) -> list[Path]:
    """Move the candidate's answers away, as if they had not come yet."""
    aside.mkdir()
    files = sorted((place.root / "data" / "recommendations").iterdir())
    return [Path(shutil.move(file, aside / file.name)) for file in files]


def deliver(place: Any, *files: Path) -> None:
    """Let some of the candidate's answers come."""
    for file in files:
        shutil.copy(file, place.root / "data" / "recommendations" / file.name)


def agreeing(place: Any, file: Path) -> str:
    """Return the lines of a file in which the candidate says what production decided."""
    said = dict(place.query("SELECT decision_id, decision FROM decisions"))
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    alike = [row for row in rows if row["recommendation"] == said[row["decision_id"]]]
    return "".join(json.dumps(row) + "\n" for row in alike)


def test_a_timeless_study_draws_once_the_two_differ(
    make_place: Callable[..., Any], tmp_path: Path
) -> None:
    place = make_place(days=2, cases=60, review=PLAN, timeless=True, outcome={})
    first, second = hide(place, tmp_path / "aside")
    place.understudy("run", check=None)
    assert place.query(ROUNDS) == []
    alike = place.root / "data" / "recommendations" / "alike.jsonl"
    alike.write_text(agreeing(place, first))
    place.understudy("run", check=None)
    assert place.query(ROUNDS) == []
    assert place.query("SELECT count(*) FROM review_frame") == [(0,)]
    deliver(place, second)
    place.understudy("run", check=None)
    ((number, _, _, population),) = place.evidence(ROUNDS)
    assert number == 1
    assert population == 60 + len(alike.read_text().splitlines())
    assert place.evidence("SELECT count(*) > 0 FROM review_queue WHERE NOT agree") == [(True,)]


def test_days_without_answers_are_not_used_up(
    make_place: Callable[..., Any], tmp_path: Path
) -> None:
    place = make_place(days=4, cases=60, review=PLAN)
    files = hide(place, tmp_path / "aside")
    place.understudy("run", check=None)
    assert place.query(ROUNDS) == []
    deliver(place, *files)
    place.understudy("run", check=None)
    assert place.evidence(ROUNDS) == [(1, "2026-03-02", "2026-03-04", 180)]


def test_a_later_round_takes_in_the_weeks_after_its_own_when_these_are_empty(
    make_place: Callable[..., Any], tmp_path: Path
) -> None:
    place = make_place(days=4, cases=60, review=PLAN)
    for day in range(4, 18):
        place.write_day(day, 20)
    files = hide(place, tmp_path / "aside")
    deliver(place, *files[:3])
    place.understudy("run", check=None)
    # The first round has all days there are; its own weeks begin where they end.
    ((_, _, last, population),) = place.evidence(ROUNDS)
    assert (last, population) == ("2026-03-18", 180)
    for day in range(18, 33):
        place.write_day(day, 20)
    late = [file for file in hide(place, tmp_path / "later") if file.name > "2026-03-28"]
    deliver(place, *files[:3])
    place.understudy("run", check=None)
    assert len(place.evidence(ROUNDS)) == 1
    deliver(place, *late)
    place.understudy("run", check=None)
    assert place.evidence(ROUNDS)[1:] == [(2, "2026-03-19", "2026-04-01", 100)]


def test_an_empty_round_of_an_earlier_version_is_forgotten(
    make_place: Callable[..., Any],
) -> None:
    place = make_place(days=4, cases=60, review=PLAN)
    place.understudy("ingest")
    with duckdb.connect(str(place.root / "state" / "warehouse.duckdb")) as warehouse:
        warehouse.execute(
            "INSERT INTO review_rounds VALUES (now(), 'bot', '1', 1, '2026-03-02', '2026-03-03',"
            " 7, 0)"
        )
        warehouse.execute(
            "INSERT INTO review_frame VALUES (now(), 'bot', '1', 1, 'agreement', true, 'all',"
            " 'all', 7, 0)"
        )
    place.understudy("ingest", "--rebuild")
    place.understudy("evaluate", check=None)
    assert place.evidence(ROUNDS) == [(1, "2026-03-02", "2026-03-04", 180)]
    assert place.query("SELECT count(*) FROM review_frame WHERE drawn_at IS NULL") == [(0,)]
    assert place.query("SELECT sum(population) FROM review_frame WHERE cut = 'all'") == [(180,)]
