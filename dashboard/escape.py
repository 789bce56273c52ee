"""Texts that come from data are shown and saved as texts: no markup, no HTML, no formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&=^\"'])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LINK = re.compile(r"(?<=www)(?=\.)|(?<=:)(?=//)|(?=@)", re.IGNORECASE)
_JOINER = "\u2060"
"""An invisible mark that keeps addresses in data from being turned into links."""

_BREAKS = re.compile(r"\s+")


def plain(text: object) -> str:
    r"""Return a text so that Streamlit's markdown shows it letter by letter.

    Examples
    --------
    >>> plain("2*3 <b>") == r"2\*3 \<b\>"
    True
    """
    return _MARKUP.sub(r"\\\1", _LINK.sub(_JOINER, _BREAKS.sub(" ", str(text))))


def inert(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula; numbers stay numbers.

    Examples
    --------
    >>> inert("=cmd()"), inert(-2.5), inert("LGA")
    ("'=cmd()", -2.5, 'LGA')
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def to_csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return rows as a CSV file with a header, every text inert."""
    listed = list(rows)
    out = io.StringIO()
    if listed:
        writer = csv.DictWriter(out, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: inert(cell) for name, cell in row.items()} for row in listed)
    return out.getvalue().encode("utf-8")
