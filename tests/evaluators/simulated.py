"""Simulated rates, printed as tables in the pages that claim them.

A slow test calls `told` with what it simulated. The page must show the very same table; with
UNDERSTUDY_UPDATE_DOCS=1 it is written there instead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def told(page: str, name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Check, or write, the table between `<!-- simulated: NAME -->` and `<!-- end -->` of a page.

    Parameters
    ----------
    page
        Path under `docs`, e.g. `statistics/drift.md`; it must hold both marks.
    """
    path = DOCS / page
    block = f"<!-- simulated: {name} -->\n{table(header, rows)}\n<!-- end -->"
    text = path.read_text("utf-8")
    pattern = re.compile(rf"<!-- simulated: {re.escape(name)} -->.*?<!-- end -->", re.DOTALL)
    assert pattern.search(text), f"{page} has no place for the table `{name}`"
    if os.environ.get("UNDERSTUDY_UPDATE_DOCS"):
        path.write_text(pattern.sub(lambda _: block, text), "utf-8")
        return
    assert block in text, f"{page} shows other figures than were simulated; expected\n{block}"
