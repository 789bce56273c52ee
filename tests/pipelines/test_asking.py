"""Questions in SQL: what is none, and answers that cannot be shown."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.cli.asking import ask
from pipelines.cli.console import Output


@pytest.mark.parametrize("query", ["", ";", "-- a comment", "/* one */ ;"])
def test_no_query_is_told(capsys: pytest.CaptureFixture[str], query: str) -> None:
    with duckdb.connect() as connection:
        assert not ask(Output.make(quiet=False), connection, query)
    assert "no query in it" in capsys.readouterr().err


@pytest.mark.parametrize("csv", [False, True])
def test_a_value_beyond_what_can_be_held_is_told(
    capsys: pytest.CaptureFixture[str], csv: bool
) -> None:
    with duckdb.connect() as connection:
        query = "SELECT interval 99999999 years"
        assert not ask(Output.make(quiet=False), connection, query, csv=csv)
        assert "::VARCHAR" in capsys.readouterr().err
        assert ask(Output.make(quiet=False), connection, "SELECT 7 AS n", csv=csv)
    assert "7" in capsys.readouterr().out


def test_more_rows_than_are_shown_hold_nothing_up(capsys: pytest.CaptureFixture[str]) -> None:
    large = (
        "SELECT CASE WHEN i < 9 THEN interval 1 day ELSE to_years(99999999) END FROM range(99) t(i)"
    )
    with duckdb.connect() as connection:
        assert ask(Output.make(quiet=False), connection, large, rows=3)
        assert "and more" in capsys.readouterr().out
        assert ask(Output.make(quiet=False), connection, "SELECT 7 AS n")
