"""The edge of the command line: what a person meets when it ends early or cannot print."""

from __future__ import annotations

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
