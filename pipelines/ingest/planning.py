"""Planning, once a file, how its columns become the fields of the contract."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from data_contracts.data_words import Treatment
from data_contracts.stream_contracts import (
    SEGMENT_PREFIX,
    Field,
)
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.columns import Origin, fitting_version, origins
from pipelines.ingest.lookups import Lookup, Translation, scalar_text
from pipelines.ingest.missing_columns import columns_missing, listed
from pipelines.ingest.plan import NO_SEGMENT, ConformPlan, FieldPlan, accepted_schema, is_discreet
from pipelines.ingest.resubmitted import ENTRY, OWN, is_resubmitted
from pipelines.ingest.times import check_form, check_zone
from pipelines.sources.refusal import FileRefused


def conform_plan(
    study: Study,
    stream: Stream,
    columns_found: Sequence[str],
    *,
    path: str = "the file",
    source_no: int = 0,
    open_ended: bool = False,
    version: str = "",
    set_aside: str | None = None,
) -> ConformPlan:
    """Return how the rows of a file become records, once its columns are known.

    Parameters
    ----------
    columns_found
        Names of the file's columns.
    path
        The file as shown to the user.
    open_ended
        Whether later rows may bring columns that were not found yet (JSON Lines).
    version
        Version of the stream's mapping to read it by; empty: the one its columns fit.
    set_aside
        Column for whose change all its rows go to quarantine.

    Raises
    ------
    FileRefused
        When a column is missing that a required field or a segment needs.
    """
    found = dict.fromkeys(columns_found)
    if ENTRY in found and not is_resubmitted(path):
        raise FileRefused(
            path=path,
            found="an export of the quarantine",
            expected="a file of records",
            advice="Take it out of the folder and hand it to `understudy quarantine resubmit`.",
        )
    mapping = study.streams.mapped().get(stream)
    by = mapping.version_named(version) if mapping and version else None
    by = by or fitting_version(study, stream, columns_found, open_ended)
    plans, lost, notices, masked, dropped = [], [], [], set[str](), dict[str, None]()
    for origin in origins(study, stream, found, by, open_ended):
        contract_field, column = origin.field, origin.column
        if contract_field.sensitive:
            masked.update(column.sources)
        if contract_field.treatment is Treatment.DROP:
            dropped.update(dict.fromkeys(name for name in column.sources if name in found))
            plans.append(FieldPlan(contract_field))
            continue
        absent = [name for name in column.sources if name not in found]
        if absent and origin.needed and set_aside is None:
            lost.append((contract_field.name, absent))
            continue
        if absent and origin.named:
            notices.append(_absence(contract_field, absent, open_ended))
        if absent and not open_ended:
            plans.append(FieldPlan(contract_field, missing=_missing(contract_field)))
            continue
        plans.append(_plan(origin, path))
    if lost:
        raise columns_missing(path, lost, columns_found)
    if dropped and stream is not Stream.REVIEWS:  # known to whoever writes a note
        notices.append(f"never stored, for privacy: {listed(list(dropped))}")
    reads = tuple(dict.fromkeys(name for plan in plans for name in plan.sources))
    told = {*reads, *dropped}
    extra = [name for name in columns_found if name not in told and not name.startswith(OWN)]
    if extra:
        notices.append(f"columns not used: {listed(extra)}")
    return ConformPlan(
        stream,
        source_no,
        path,
        tuple(plans),
        reads,
        frozenset(masked),
        pa.array(sorted({candidate.name for candidate in study.candidates}), pa.string()),
        accepted_schema(study, stream),
        tuple(notices),
        study.timeless,
        is_discreet(study, stream),
        set_aside,
    )


def _absence(contract_field: Field, absent: list[str], open_ended: bool) -> str:
    where = " in the first lines" if open_ended else ""
    then = "check the name" if open_ended else "it stays empty"
    return f"no column {listed(absent)}{where} for `{contract_field.name}`: {then}"


def _plan(origin: Origin, path: str) -> FieldPlan:
    contract_field, column = origin.field, origin.column
    zone = origin.zone if origin.is_time else None
    if origin.is_time:
        _check_time(contract_field, column.format, zone, path)
    return FieldPlan(
        contract_field,
        sources=column.sources,
        constant=None if column.constant is None else scalar_text(column.constant),
        translation=None if column.values is None else Translation.of(column.values),
        form=column.format,
        zone=zone,
        bands=column.bands,
        allowed=Lookup.of(contract_field.allowed) if contract_field.allowed else None,
        missing=_missing(contract_field),
        pseudonymised=contract_field.treatment is Treatment.PSEUDONYMISE,
    )


def _check_time(contract_field: Field, form: str | None, zone: str | None, path: str) -> None:
    try:
        found, expected = (
            f"the time format `{form}`",
            "`iso8601`, `epoch_s`, `epoch_ms` or strptime",
        )
        if form is not None:
            check_form(form)
        found, expected = f"the time zone `{zone}`", "an IANA name, e.g. `Europe/Paris`"
        if zone is not None:
            check_zone(zone)
    except ValueError as fault:
        raise FileRefused(
            path=path,
            found=f"{found} for `{contract_field.name}`",
            expected=expected,
            advice="Correct it in the study.",
        ) from fault


def _missing(contract_field: Field) -> str | None:
    return NO_SEGMENT if contract_field.name.startswith(SEGMENT_PREFIX) else None
