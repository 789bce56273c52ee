"""The one visual language: colours by role for both themes, and how a state is drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from data_contracts.vocabulary import Shown, Status, VerdictState

ThemeName = Literal["light", "dark"]
Tone = Literal["green", "red", "blue", "orange", "gray"]
HEADING_SIZES = ("1.75rem", "1.25rem", "1.0625rem", "1rem", "1rem", "1rem")
HEADING_WEIGHTS = (700, 600, 600, 600, 600, 600)


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme by what they mean, never by where they are used."""

    name: ThemeName
    passed: str
    failed: str
    collecting: str
    blocked: str
    undecided: str
    candidate: str
    production: str
    page: str
    panel: str
    ink: str
    muted: str
    grid: str

    def tone(self, tone: Tone) -> str:
        """Return the colour of a tone."""
        return {
            "green": self.passed,
            "red": self.failed,
            "blue": self.collecting,
            "orange": self.blocked,
            "gray": self.undecided,
        }[tone]


LIGHT = Palette(
    "light",
    passed="#0B6E54",
    failed="#A32A06",
    collecting="#1D5FA8",
    blocked="#946200",
    undecided="#6B7480",
    candidate="#7A3E9D",
    production="#59626E",
    page="#FFFFFF",
    panel="#F4F5F7",
    ink="#1B1F24",
    muted="#4A525D",
    grid="#E3E6EA",
)
DARK = Palette(
    "dark",
    passed="#5CC9A4",
    failed="#FF8A66",
    collecting="#7DB4F0",
    blocked="#F0CE6B",
    undecided="#8F99A5",
    candidate="#CBA3EA",
    production="#A9B2BD",
    page="#14171B",
    panel="#1E2329",
    ink="#E8EBEF",
    muted="#B9C1CB",
    grid="#2A3037",
)
PALETTES: dict[ThemeName, Palette] = {"light": LIGHT, "dark": DARK}


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as icon and word in a colour; never a colour alone."""

    word: str
    icon: str
    tone: Tone

    @property
    def markdown(self) -> str:
        """The badge as Streamlit's own markdown, for use inside a table."""
        return f":{self.tone}-badge[:material/{self.icon}: {self.word}]"


VERDICTS: dict[VerdictState, Badge] = {
    VerdictState.GO: Badge("GO", "check_circle", "green"),
    VerdictState.NO_GO: Badge("NO GO", "cancel", "red"),
    VerdictState.COLLECTING: Badge("COLLECTING", "hourglass_top", "blue"),
    VerdictState.BLOCKED: Badge("BLOCKED", "block", "orange"),
}
GATES: dict[Status, Badge] = {
    Status.PASS: Badge("Passed", "check_circle", "green"),
    Status.FAIL: Badge("Failed", "cancel", "red"),
    Status.INCONCLUSIVE: Badge("Collecting", "hourglass_top", "blue"),
    Status.NO_DATA: Badge("No data", "remove_circle_outline", "gray"),
    Status.ERROR: Badge("Error", "block", "orange"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How one segment's state is drawn in a chart: tone, shape, filled or hollow, sign in text."""

    tone: Tone
    shape: str
    filled: bool
    sign: str


MARKS: dict[Shown, Mark] = {
    Shown.BETTER: Mark("green", "circle", True, "●"),
    Shown.AT_LEAST_AS_GOOD: Mark("green", "circle", True, "●"),
    Shown.WORSE: Mark("red", "square", True, "■"),
    Shown.UNDECIDED: Mark("gray", "circle", False, "○"),
    Shown.NO_DATA: Mark("gray", "circle", False, "▭"),
}


def theme_options() -> Iterator[tuple[str, str]]:
    """Yield Streamlit's theme settings, name and value, for both themes.

    Examples
    --------
    >>> dict(theme_options())["theme.dark.greenColor"]
    '#5CC9A4'
    """
    yield "theme.baseFontSize", "16"
    yield "theme.headingFontSizes", json.dumps(HEADING_SIZES)
    yield "theme.headingFontWeights", json.dumps(HEADING_WEIGHTS)
    yield "theme.metricValueFontSize", "1.75rem"
    yield "theme.metricValueFontWeight", "650"
    for palette in PALETTES.values():
        part = f"theme.{palette.name}"
        yield f"{part}.backgroundColor", palette.page
        yield f"{part}.secondaryBackgroundColor", palette.panel
        yield f"{part}.textColor", palette.ink
        yield f"{part}.primaryColor", palette.collecting
        yield f"{part}.linkColor", palette.collecting
        yield f"{part}.sidebar.backgroundColor", palette.panel
        yield f"{part}.sidebar.secondaryBackgroundColor", palette.page
        colours = {
            "green": palette.passed,
            "red": palette.failed,
            "blue": palette.collecting,
            "orange": palette.blocked,
            "yellow": palette.blocked,
            "gray": palette.undecided,
            "violet": palette.candidate,
        }
        for name, colour in colours.items():
            text = palette.muted if name == "gray" else colour
            yield f"{part}.{name}Color", colour
            yield f"{part}.{name}TextColor", text
            yield f"{part}.{name}BackgroundColor", blend(colour, palette.page, 0.1)


def blend(colour: str, ground: str, share: float) -> str:
    """Return `colour` laid over `ground` with an opacity of `share`, as a hex colour.

    Examples
    --------
    >>> blend("#000000", "#FFFFFF", 0.5)
    '#808080'
    """
    pairs = zip(rgb(colour), rgb(ground), strict=True)
    return "#" + "".join(f"{round(top * share + under * (1 - share)):02X}" for top, under in pairs)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it.

    Examples
    --------
    >>> round(contrast("#FFFFFF", "#000000"))
    21
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def rgb(colour: str) -> tuple[int, int, int]:
    """Return a hex colour as red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (value / 255 for value in rgb(colour))
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
