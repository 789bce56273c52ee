"""A data scientist goes to one segment, sends the link to a colleague and downloads the table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import chromium, come_to, served, texts, visit

CHOSEN = "origin x carrier: LGA · MQ"
ANSWER = "In LGA · MQ the AI is shown to be worse than the limit."


@pytest.fixture(scope="module")
def address(
    study: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the demo study."""
    with served(study("demo"), home=tmp_path_factory.mktemp("accuracy")) as address:
        yield address


def test_one_segment_is_filtered_shared_and_downloaded(address: str, tmp_path: Path) -> None:
    with chromium() as browser:
        page = browser.page()
        visit(page, address, "accuracy")
        box = page.get_by_role("combobox", name="Segment", exact=False).last
        box.click()
        box.fill("LGA · MQ")
        page.get_by_role("option", name=CHOSEN).click()
        come_to(page, ANSWER, 2)
        page.wait_for_url("**segment=**")
        link = page.url

        colleague = browser.page(theme="dark")
        colleague.goto(link)
        come_to(colleague, ANSWER, 2)
        assert texts(page, 3) == texts(colleague, 3), "the link shows the same view"

        with colleague.expect_download() as started:
            colleague.get_by_role("button", name="CSV").first.click()
        file = tmp_path / "segment.csv"
        started.value.save_as(file)
        rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
        assert [row["segment"] for row in rows] == ["All cases", "LGA · MQ"]
        weak = rows[1]
        assert weak["state"] == "worse than the limit"
        assert float(weak["low"]) < float(weak["difference"]) < float(weak["high"])
        assert float(weak["high"]) < float(weak["limit"]) == -0.02
        assert {"study", "evidence", "data_to", "n"} <= weak.keys()
        assert not browser.outside(address)
