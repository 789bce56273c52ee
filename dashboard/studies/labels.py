"""What each study is called on the screen and in the address: its title, as long as that is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from dashboard.studies.places import Place
from dashboard.studies.summary import summary
from data_contracts.errors import UnderstudyError


def labelled(known: Mapping[str, Place]) -> dict[str, Place]:
    """Return the places by what the reader knows them by.

    Studies of the same title carry the name of their folder as well; one that cannot be read is
    called by that name alone.
    """
    titles = {name: _title(place) for name, place in known.items()}
    often = Counter(titles.values())
    return {
        (f"{title} ({name})" if often[title] > 1 else title) if title else name: known[name]
        for name, title in titles.items()
    }


def _title(place: Place) -> str:
    if place.path is None:
        return ""
    try:
        return summary(str(place.path)).publication.title
    except UnderstudyError:
        return ""
