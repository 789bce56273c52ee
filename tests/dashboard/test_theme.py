"""The palette keeps its contrast, and Streamlit knows every setting that is passed to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit import config

from dashboard.launch import HOST, free_port, launch
from dashboard.theme import GATES, MARKS, PALETTES, VERDICTS, Palette, contrast, theme_options
from data_contracts.vocabulary import Shown, Status, VerdictState

STATES = ("passed", "failed", "collecting", "blocked", "undecided")


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())
def test_text_and_states_stand_out_from_the_page(palette: Palette) -> None:
    for role in (*STATES, "candidate", "production", "ink", "muted"):
        assert contrast(getattr(palette, role), palette.page) >= 4.7, role


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())
def test_badges_can_be_read(palette: Palette) -> None:
    options = dict(theme_options())
    for name in ("green", "red", "blue", "orange", "gray"):
        text = options[f"theme.{palette.name}.{name}TextColor"]
        ground = options[f"theme.{palette.name}.{name}BackgroundColor"]
        assert contrast(text, ground) >= 4.5, name


def test_every_state_has_a_word_and_only_good_news_is_green() -> None:
    assert set(VERDICTS) == set(VerdictState)
    assert set(GATES) == set(Status)
    assert set(MARKS) == set(Shown)
    assert [s for s, badge in GATES.items() if badge.tone == "green"] == [Status.PASS]
    assert [s for s, badge in VERDICTS.items() if badge.tone == "green"] == [VerdictState.GO]


def test_streamlit_knows_every_option() -> None:
    plan = launch([Path("a"), Path("b")], 8777)
    names = [flag.removeprefix("--").split("=")[0] for flag in plan.arguments[2:]]
    known = config.get_config_options()
    assert not [name for name in names if name not in known]
    assert json.loads(dict(theme_options())["theme.headingFontSizes"])[0] == "1.75rem"


def test_a_launch_stays_on_this_computer_and_depends_on_no_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = launch([Path("study")], 8777)
    assert "--server.address=localhost" in plan.arguments
    assert "--browser.gatherUsageStats=false" in plan.arguments
    assert plan.environment["UNDERSTUDY_STUDIES"] == str(tmp_path / "study")
    assert plan.address == f"http://{HOST}:8777"
    assert Path(plan.arguments[1]).is_file()
    assert plan.command[1] == "-P", "a folder called dashboard here must not be taken for ours"


def test_a_taken_port_is_passed_over() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
