"""The evidence page: what the verdict rests on, who decides, and how to hold it by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from invented.plan import PUBLISHED
from inventing import to_change
from streamlit.testing.v1 import AppTest

from dashboard.basis.answer import answer
from dashboard.basis.checks import books_answer, checks_answer
from dashboard.basis.ledger import ledger_answer
from dashboard.basis.policy import policy_answer
from dashboard.records import Registration

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
FILE = {"state": "ingested", "read": 10, "accepted": 9, "rejected": 1}
REFUSED = {**FILE, "state": "refused"}
MET, BROKEN = {"status": "PASS"}, {"status": "ERROR"}


def said(app: AppTest) -> str:
    parts = [*app.header, *app.subheader, *app.markdown]
    return " ".join(str(part.value) for part in parts).replace("\\", "")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (([], 0, 0), "The verdict rests on counts alone: no file is in the ledger."),
        (
            ([FILE, REFUSED], 1, 1),
            "The verdict rests on 9 records from 1 file and 1 check, under the policy registered"
            " once.",
        ),
        (
            ([FILE] * 2, 52, 3),
            "The verdict rests on 18 records from 2 files and 52 checks, under a policy that was"
            " registered 3 times.",
        ),
    ],
)
def test_the_answer(given: tuple[list[dict[str, object]], int, int], sentence: str) -> None:
    assert answer(*given) == sentence


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([FILE], "1 file was read: of 10 rows 9 were accepted and 1 set aside."),
        (
            [FILE, FILE, REFUSED, {**FILE, "state": "withdrawn"}],
            "2 files were read: of 20 rows 18 were accepted and 2 set aside; 1 file was refused;"
            " 1 file was withdrawn.",
        ),
    ],
)
def test_the_ledger_in_a_sentence(files: list[dict[str, object]], sentence: str) -> None:
    assert ledger_answer(files) == sentence


def test_checks_and_books_at_one_some_and_all() -> None:
    assert checks_answer([MET]) == "The one check of the latest run was met."
    assert checks_answer([MET, MET]) == "All 2 checks of the latest run were met."
    assert checks_answer([MET, BROKEN]) == "1 of 2 checks of the latest run was not met."
    assert checks_answer([BROKEN] * 2) == "2 of 2 checks of the latest run were not met."
    good, bad = {"balanced": True, "run": 1}, {"balanced": False, "run": 2}
    assert books_answer([good]).startswith("The one rule of 1 run balances")
    assert books_answer([good, bad]) == "1 of 2 rules of 2 runs does not balance."
    assert books_answer([bad, bad]) == "2 of 2 rules of 1 run do not balance."


def test_the_policy_says_whether_it_was_changed() -> None:
    one = Registration(PUBLISHED, "a1", {})
    assert policy_answer([one]).endswith("has not been changed since.")
    assert "changed once since" in policy_answer([one, one])
    assert "changed 3 times since" in policy_answer([one] * 4)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("demo", "There is nothing to sign yet. Once the verdict is GO, **R. Haddad** (sponsor)"),
        ("go", "**R. Haddad** (sponsor) decides on going live, on this evidence and its hash."),
        ("no_go", "This version does not go live, so there is nothing to sign."),
        ("blocked", "There is nothing to decide before the data are mended"),
    ],
)
def test_who_decides_is_said_in_every_state_and_nothing_is_there_to_press(
    visit: Visitor, study: Study, kind: str, words: str
) -> None:
    app = visit(study(kind), page="evidence")
    assert words in said(app)
    assert not app.button


def test_the_hash_is_the_one_of_the_file(visit: Visitor, study: Study) -> None:
    file = (study("demo") / "state" / "evidence.duckdb").resolve()
    digits = hashlib.sha256(file.read_bytes()).hexdigest()
    app = visit(study("demo"), page="evidence")
    assert any(digits in block.value for block in app.code)
    assert f"sha256sum state/{file.name}" in [block.value for block in app.code]


def test_many_files_are_found_and_turned_over(visit: Visitor, publish: Visitor) -> None:
    folder = publish("many", segments=("LGA · UA",), weeks=2, weak="")
    with to_change(str((folder / "state/evidence.duckdb").resolve())) as db:
        db.execute(
            "INSERT INTO sources SELECT 'decisions', 'data', 'data/' || i || '.csv', 'ingested',"
            " sha256(i::VARCHAR), 9, 7, 7, 0, '', 1, NULL FROM range(200) t(i)"
        )
    app = visit(folder, page="evidence")
    assert "The verdict rests on 1,400 records from 200 files" in app.header[0].value
    assert len([t for t in app.table if "File" in t.value][-1].value) == 60
    app = visit(folder, page="evidence", file="data/17.csv")
    assert list([t for t in app.table if "File" in t.value][-1].value["File"]) == [
        r"data/17\.csv"
    ] or "data/17" in str([t for t in app.table if "File" in t.value][-1].value)
