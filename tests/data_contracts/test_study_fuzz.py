"""Spoilt study files: whatever is in them, the answer is a study or a list of mistakes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from data_contracts.study.loader import load_study
from data_contracts.study.problems import StudyInvalid
from data_contracts.study.templates import all_templates, render_template

RUNS = 2_100
JARGON = ("pydantic", "http", "Input should", "Value error", "type=")
NASTY = (
    *("", " ", "\t", ":", ": ", "- ", "#", "'", '"', "[", "]", "{", "}", "&a ", "*a", "<<: ", "!!"),
    *(
        "!!set ",
        "!!binary ",
        "!!int ",
        "? ",
        "|",
        ">",
        "%",
        "@",
        "`",
        "---\n",
        "...\n",
        "~",
        "null",
    ),
    *("yes", "1e999", ".inf", ".nan", "0x_", "1_0", "190:20:30", "2013-02-30", "=", "\x00", "\x85"),
    *("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "\U0001f600", "9" * 5000),
    *(
        "-1",
        "0",
        "true",
        "[[]]",
        "{}",
        "[a, b]",
        "{a: 1}",
        "name",
        "../..",
        "America",
        "2013-05-01",
    ),
)


def spoilt(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    for _ in range(chance.randint(1, 4)):
        here = chance.randrange(len(lines))
        line = lines[here]
        match chance.randrange(6):
            case 0:
                lines[here] = ""
            case 1:
                lines[here] = line * 2
            case 2:
                lines[here] = line.replace(": ", f": {chance.choice(NASTY)}", 1)
            case 3:
                lines[here] = line.split(":")[0] + f": {chance.choice(NASTY)}\n"
            case 4:
                at = chance.randrange(len(line) + 1)
                lines[here] = line[:at] + chance.choice(NASTY) + line[at:]
            case _:
                other = chance.randrange(len(lines))
                lines[here], lines[other] = lines[other], line
    return "".join(lines)


@pytest.mark.parametrize("template", all_templates())
def test_a_spoilt_study_is_a_study_or_a_list_of_mistakes(template: str, tmp_path: Path) -> None:
    text = "\n".join(
        line for line in render_template(template, "fuzz").splitlines() if line.strip()[:1] != "#"
    )
    chance = random.Random(template)
    path = tmp_path / "study.yaml"
    invalid = 0
    for _ in range(RUNS // 3):
        spoilt_text = spoilt(text, chance)
        path.write_text(spoilt_text, "utf-8")
        lines = max(1, len(spoilt_text.splitlines()) + 1)
        fault = mistakes_in(path)
        if fault is not None:
            invalid += 1
            message = str(fault)
            assert all(1 <= problem.line <= lines for problem in fault.problems), message
            assert not any(word in message for word in JARGON), message
    assert invalid > RUNS // 6


def mistakes_in(path: Path) -> StudyInvalid | None:
    try:
        load_study(path)
    except StudyInvalid as error:
        return error
    return None
