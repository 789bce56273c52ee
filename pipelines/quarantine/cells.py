"""Cells that a spreadsheet shows as they are, and that come back exactly as they were.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end for a
formula, which may do harm on the computer of whoever opens the file. Such a cell gets an
apostrophe in front, and so does one that begins with an apostrophe; reading takes one away.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_BEGINNINGS = "=+@\\t\\r\\n'\uff1d\uff0b\uff0d\uff20-"
"""The last but one are the full-width forms, which some spreadsheets take for the plain ones."""
_RISKY = f"^[{_BEGINNINGS}]"
_PROTECTED = f"^'[{_BEGINNINGS}]"
_NEGATIVE = r"^-[0-9]+([.,][0-9]+)?$"
"""A negative number does no harm, and is easier to mend as a number."""


def protected(texts: pa.StringArray) -> pa.StringArray:
    """Return texts as cells that no spreadsheet takes for formulas.

    Examples
    --------
    >>> protected(pa.array(["=1+1", "-5", "'tis", "plain", None])).to_pylist()
    ["'=1+1", '-5', "''tis", 'plain', None]
    """
    risky = pc.and_not(
        pc.match_substring_regex(texts, _RISKY), pc.match_substring_regex(texts, _NEGATIVE)
    )
    return pc.if_else(risky, pc.binary_join_element_wise("'", texts, ""), texts)


def unprotected(cells: pa.StringArray) -> pa.StringArray:
    """Return the texts behind protected cells.

    Examples
    --------
    >>> texts = pa.array(["=1+1", "-5", "'tis", "plain", None])
    >>> unprotected(protected(texts)).equals(texts)
    True
    """
    held = pc.match_substring_regex(cells, _PROTECTED)
    return pc.if_else(held, pc.utf8_slice_codeunits(cells, 1), cells)
