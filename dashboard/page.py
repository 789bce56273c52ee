"""What a page is, and how the pages are found: one file each in `screens`, never listed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.people import Action, Person
from dashboard.records import Candidate, Evidence
from dashboard.studies.places import Place
from dashboard.theme import Palette


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is asked to show, and to whom: a candidate of a publication, in a theme.

    `folder` is the study's; `links` holds Streamlit's pages by path, for links from page to page.
    """

    evidence: Evidence
    candidate: Candidate
    palette: Palette
    person: Person
    folder: Path
    links: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Overview:
    """What a page about all studies is asked to show: where each is, by its label."""

    places: Mapping[str, Place]
    palette: Palette
    person: Person
    links: Mapping[str, Any] = field(default_factory=dict)


def _nothing(visit: Visit) -> None:
    """Draw nothing: of a page that is about all studies."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page; a file in `dashboard/screens` exports one as `PAGE`.

    Attributes
    ----------
    title
        Its name in the navigation.
    heading
        Its h1: the name or the reader's question.
    icon
        Name of a Material symbol.
    order
        Where it stands in the navigation; the lowest of those about one study is its home page.
    path
        Last part of its address.
    render
        Draws everything below the h1.
    action
        What somebody must be allowed to do to see it.
    overview
        Of a page about all studies: draws it in place of `render`, whatever study is chosen. It is
        the home page where there are several studies, and not in the navigation where there is one.
    """

    title: str
    heading: str
    icon: str
    order: int
    path: str
    render: Callable[[Visit], None] = _nothing
    action: Action = Action.VIEW
    overview: Callable[[Overview], None] | None = None


def all_pages() -> tuple[Page, ...]:
    """Return every page, in the order of the navigation.

    Examples
    --------
    >>> [page.heading for page in all_pages()][:2]
    ['All studies', 'May it go live?']
    """
    folder = importlib.import_module("dashboard.screens")
    names = [found.name for found in pkgutil.iter_modules(folder.__path__)]
    pages = [importlib.import_module(f"dashboard.screens.{name}").PAGE for name in names]
    return tuple(sorted(pages, key=lambda page: (page.order, page.title)))
