"""Texts from data stay texts."""

from __future__ import annotations

import csv
import io

import pytest

from dashboard.escape import inert, plain, to_csv

FORMULAS = ["=cmd()", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    assert inert(text) == f"'{text}"


def test_numbers_stay_numbers_in_a_file() -> None:
    rows = [{"segment": "=cmd()", "difference": -0.5, "low": None}]
    (row,) = csv.DictReader(io.StringIO(to_csv(rows).decode()))
    assert row == {"segment": "'=cmd()", "difference": "-0.5", "low": ""}


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](http://a.b)", "**b**", "`c`", ":red[x]", "$x$", "# h"],
)
def test_markup_is_escaped(text: str) -> None:
    shown = plain(text)
    for sign in "<>[]()*`$#":
        assert shown.count(sign) == shown.count(f"\\{sign}")


@pytest.mark.parametrize("text", ["www.a.example", "WWW.a.example", "http://a.b", "me@a.example"])
def test_addresses_do_not_become_links(text: str) -> None:
    assert text not in plain(text).replace("\\", "")


def test_a_line_break_cannot_start_a_block() -> None:
    assert "\n" not in plain("a\n# b")
