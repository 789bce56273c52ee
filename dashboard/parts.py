"""Building blocks that pages share: badge, tiles, chart with its table and downloads, empty box."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import streamlit as st

from dashboard.charts.common import png, spec_of
from dashboard.escape import plain, to_csv
from dashboard.file_hash import sha256_of
from dashboard.page import Visit
from dashboard.theme import Badge

PROSE = 720
"""Width of running text in pixels."""

READABLE_ROWS = 60
"""Tables up to this long are HTML, readable by every aid; longer ones are searchable grids."""

INTERVAL = "An interval holds the values that are still possible."


def interval_words(alpha: float) -> str:
    """Return how to read an interval that holds at any look.

    Examples
    --------
    >>> interval_words(0.025).split("that ")[-1]
    'in at most 2.5 of 100 studies such a range ever misses the truth, however often you look.'
    """
    return (
        f"{INTERVAL} It is made so that in at most {100 * alpha:.3g} of 100 studies such a range "
        "ever misses the truth, however often you look."
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its name and, below it, its interval or its total."""

    label: str
    value: str
    note: str
    help: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with everything that must stand around it.

    Attributes
    ----------
    sentence
        What the chart shows, as one sentence; markup-free or already escaped.
    numbers
        Number, interval and n, as markdown.
    takeaway
        The same for readers of screen readers, at most 150 characters.
    how
        How to read it.
    table
        The rows behind the picture, as the reader sees them.
    csv
        Function that gives the rows of the file; texts are made inert.
    """

    name: str
    sentence: str
    numbers: str
    takeaway: str
    chart: alt.LayerChart
    how: str
    table: Sequence[Mapping[str, str]]
    csv: Callable[[], Sequence[Mapping[str, object]]]


def badge(it: Badge, words: str | None = None) -> None:
    """Show a state as icon and word."""
    st.badge(words or it.word, icon=f":material/{it.icon}:", color=it.tone)


def prose(markdown: str) -> None:
    """Show running text at a readable width; texts from data are escaped by the caller."""
    st.markdown(markdown, width=PROSE)


def small(*lines: str) -> None:
    """Show lines of small text, letter by letter; in full ink, which a caption is not."""
    st.markdown("  \n".join(f":small[{plain(line)}]" for line in lines))


def tiles(shown: Sequence[Tile]) -> None:
    """Show tiles side by side, two abreast on a phone."""
    if not shown:
        return
    grid = st.grid(len(shown), min_column_width=150)
    for tile in shown:
        with grid:
            st.metric(
                tile.label,
                tile.value,
                tile.note,
                delta_color="off",
                delta_arrow="off",
                border=True,
                help=tile.help,
                height="stretch",
            )


def empty(words: str, icon: str = "remove_circle_outline") -> None:
    """Show a bordered box that says what is missing; never empty axes."""
    with st.container(border=True):
        st.markdown(f":gray[:material/{icon}:] {words}")


def figure(it: Figure, visit: Visit) -> None:
    """Show a chart with its sentence, numbers, explanation, table and downloads."""
    st.subheader(it.sentence, anchor=False)
    prose(it.numbers)
    st.vega_lite_chart(
        spec=spec_of(it.chart), width="stretch", theme=None, alt=plain_alt(it.takeaway)
    )
    stem = file_stem(visit, it.name)
    with st.container(horizontal=True, gap="small"):
        with st.popover("How to read this", icon=":material/help:", type="tertiary"):
            prose(it.how)
        with st.popover("Table", icon=":material/table:", type="tertiary"):
            table(it.table, it.takeaway)
        st.download_button(
            "CSV",
            lambda: to_csv(it.csv()),
            f"{stem}.csv",
            "text/csv",
            key=f"csv-{it.name}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
        st.download_button(
            "PNG",
            lambda: png(it.chart, visit.palette),
            f"{stem}.png",
            "image/png",
            key=f"png-{it.name}",
            on_click="ignore",
            type="tertiary",
            icon=":material/image:",
        )


def table(rows: Sequence[Mapping[str, str]], alt_text: str) -> None:
    """Show rows of texts: as HTML when short, as a searchable grid when long."""
    if not rows:
        st.markdown("No rows.")
        return
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    if len(rows) <= READABLE_ROWS:
        shown = {name: [plain(cell) for cell in cells] for name, cells in columns.items()}
        st.table(shown, border="horizontal", hide_index=True, alt=plain_alt(alt_text))
    else:
        st.dataframe(columns, hide_index=True, alt=plain_alt(alt_text))


def plain_alt(text: str) -> str:
    """Return a text alternative cut to 150 characters."""
    return text if len(text) <= 150 else text[:147].rstrip() + "..."


def stamp(visit: Visit) -> dict[str, object]:
    """Return what every row of a download says of its origin."""
    it = visit.evidence.publication
    return {
        "study": it.study,
        "candidate": visit.candidate.name,
        "version": visit.candidate.version,
        "data_to": it.data_to,
        "evidence": it.evidence_no,
        "evidence_sha256": sha256_of(visit.evidence.path),
    }


def file_stem(visit: Visit, name: str) -> str:
    """Return the name of a download without its ending: study, candidate, chart, evidence."""
    it = visit.evidence.publication
    parts = (it.study, visit.candidate.name, visit.candidate.version, name)
    safe = ("".join(c if c.isalnum() or c in "._-" else "-" for c in part) for part in parts)
    return "_".join((*safe, f"evidence-{it.evidence_no}")).lstrip(".")
