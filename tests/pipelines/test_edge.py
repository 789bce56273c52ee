"""The edge of the command line: what a person meets when it ends early or cannot print."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest
import typer

from pipelines.cli import app as edge


def test_ctrl_c_or_ctrl_d_at_a_question_ends_it_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def asked(**_: Any) -> None:
        raise typer.Abort

    monkeypatch.setattr(edge, "GROUPS", ())
    monkeypatch.setattr(edge, "app", asked)
    with pytest.raises(SystemExit) as ended:
        edge.main()
    assert ended.value.code == 130
    assert "Stopped." in capsys.readouterr().err


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_sign_that_cannot_be_shown_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    shown = io.BytesIO()
    monkeypatch.setattr(sys, stream, io.TextIOWrapper(shown, encoding="ascii"))
    edge.printable()
    print("at least \N{MINUS SIGN}1.0 points", file=getattr(sys, stream), flush=True)
    assert shown.getvalue() == b"at least ?1.0 points\n"


def test_a_stream_that_somebody_put_in_its_place_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    edge.printable()
