"""Server time of every page at 10 million cases in 5,000 segments and two candidates.

Run with `python -m benchmarks.pages` on an idle machine. The study is made once, through the whole
pipeline, and kept in `.bench`. What is timed is a run of the app's script for a visitor, from the
request to the last element, as Streamlit's own test runner does it: navigation, sidebar and page.
Uncached is the median of runs that begin with empty caches, cached that of runs right after one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from benchmarks.huge import huge_study
from dashboard.kept_open import close_all
from dashboard.launch import APP, STUDIES_VARIABLE
from dashboard.page import all_pages

STUDIES = 100
CACHED, UNCACHED = 300, 1000
"""Most milliseconds a page may take."""

PERIOD = ("2026-01-10", "2026-02-20")
SEGMENT = "shop: shop 0005"
ASKED: dict[str, dict[str, dict[str, str | list[str]]]] = {
    "accuracy": {
        "a period": {"period": list(PERIOD)},
        "a segment": {"segment": SEGMENT},
        "both": {"segment": SEGMENT, "period": list(PERIOD)},
    },
    "agreement": {"a period": {"period": list(PERIOD)}},
}
"""Further views of pages, by path: what is asked in the address."""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".bench/huge"))
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    folder = huge_study(given.folder)
    config.set_option("server.address", "localhost")
    say(f"{'page':<40}{'uncached':>12}{'cached':>12}")
    for number, page in enumerate(all_pages()):
        views = {"": {}, **ASKED.get(page.path, {})}
        for words, query in views.items():
            path = page.path if number else ""
            name = ", ".join(filter(None, (page.title, words)))
            report(name, [folder], path, query, given.runs)
    if any(page.path == "studies" for page in all_pages()):
        path = "" if all_pages()[0].path == "studies" else "studies"
        many = copies(folder, given.folder.parent / "many")
        report(f"All studies, {STUDIES} of them", many, path, {}, given.runs)


def forget() -> None:
    """Empty every cache, and close what is kept open."""
    st.cache_resource.clear()
    close_all()


def report(
    name: str, folders: Sequence[Path], path: str, query: dict[str, str | list[str]], runs: int
) -> None:
    """Print how long a page takes with empty caches and right after."""
    os.environ[STUDIES_VARIABLE] = os.pathsep.join(str(f.resolve()) for f in folders)

    def once(before: Callable[[], None]) -> float:
        app = AppTest.from_file(str(APP), default_timeout=300)
        for key, value in query.items():
            app.query_params[key] = value
        app._page_hash = calc_hash(path)
        before()
        start = time.perf_counter()
        app.run()
        taken = 1000 * (time.perf_counter() - start)
        if app.exception:
            raise RuntimeError(f"{name}: {app.exception[0].value}")
        return taken

    once(forget)  # whatever is imported late is imported now
    uncached = statistics.median(once(forget) for _ in range(max(3, runs // 2)))
    cached = statistics.median(once(lambda: None) for _ in range(runs))
    missed = " missed" if uncached > UNCACHED or cached > CACHED else ""
    say(f"{name:<40}{uncached:>9.0f} ms{cached:>9.0f} ms{missed}")


def copies(folder: Path, into: Path) -> list[Path]:
    """Return study folders that hold the same evidence, as links to one file."""
    shutil.rmtree(into, ignore_errors=True)
    evidence = (folder / "state" / "evidence.duckdb").resolve()
    made = [into / f"study-{number:03d}" for number in range(STUDIES)]
    for one in made:
        (one / "state").mkdir(parents=True)
        os.link(evidence, one / "state" / evidence.name)
        (one / "state" / "evidence.duckdb").symlink_to(evidence.name)
        shutil.copy(folder / "study.yaml", one)
    return made


def say(text: str) -> None:
    """Print at once."""
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
