"""By which version of a stream's mapping a file is read, and whether its days are as expected."""

from __future__ import annotations

from datetime import date

import pyarrow.compute as pc

from data_contracts.data_words import ChangeKind
from data_contracts.stream_contracts import contract_for
from data_contracts.study.mapping import ContractVersion
from data_contracts.study.model import Study
from pipelines.ingest.columns import fitting_version, origins
from pipelines.ingest.planning import conform_plan
from pipelines.ingest.source_file import SourceFile
from pipelines.ingest.times import as_time
from pipelines.schemas.changes import SchemaChange, day_in_words
from pipelines.schemas.forms import reads
from pipelines.schemas.shapes import FileShape
from pipelines.sources.discovery import source_named
from pipelines.sources.refusal import FileRefused, refusing
from pipelines.sources.source import WHOLE_FILE


def version_of(study: Study, file: SourceFile, shape: FileShape) -> ContractVersion | None:
    """Return the version a file is read by: the newest that has its columns and reads its dates."""

    def unread(version: ContractVersion) -> int:
        """Return how many columns of times are not written as the version says."""
        return sum(
            not reads(origin.column.format, shape.columns[name].form)
            for origin in origins(study, file.stream, shape.columns, version, shape.open_ended)
            if origin.is_time
            for name in origin.column.sources
            if name in shape.columns
        )

    found = tuple(shape.columns)
    return fitting_version(study, file.stream, found, shape.open_ended, unread)


def outside_dates(study: Study, file: SourceFile, version: ContractVersion) -> SchemaChange | None:
    """Return the change when a file has records outside the dates of its version.

    Reads the column of the event time as a whole, and only where the version has dates: the first
    rows do not tell.
    """
    if version.since is None and version.until is None:
        return None
    days = _event_days(study, file, version)
    if days is None:
        return None
    first, last = days
    said = f"version {version.version} of the contract"
    if version.until is not None and last > version.until:
        until = day_in_words(version.until)
        what = f"{said} ends on {until}, but there are records up to {day_in_words(last)}"
    elif version.since is not None and first < version.since:
        since = day_in_words(version.since)
        what = f"{said} begins on {since}, but there are records from {day_in_words(first)} on"
    else:
        return None
    name = contract_for(study, file.stream).event_time
    return SchemaChange(ChangeKind.VERSION, name, what)


def _event_days(
    study: Study, file: SourceFile, version: ContractVersion
) -> tuple[date, date] | None:
    """Return the first and the last event day (UTC) of a file; None when there is none."""
    name = contract_for(study, file.stream).event_time
    lows, highs = [], []
    try:
        with refusing(file.path, "a file that can be read"):
            opened = source_named(file.format).opener(file.place, WHOLE_FILE)
            plan = conform_plan(
                study,
                file.stream,
                opened.columns,
                path=file.path,
                open_ended=opened.open_ended,
                version=version.version,
            )
            event = next(one for one in plan.fields if one.field.name == name)
            if len(event.sources) != 1:
                return None
            for slab in opened.slabs(event.sources):
                moments, _ = as_time(slab.rows.column(0), event.form, event.zone)
                ends = pc.min_max(moments).as_py()
                if ends["min"] is not None:
                    lows.append(ends["min"])
                    highs.append(ends["max"])
    except FileRefused:
        return None  # reading it will say why
    return (min(lows).date(), max(highs).date()) if lows else None
