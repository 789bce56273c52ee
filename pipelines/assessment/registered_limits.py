"""Limits that a study says outside its policy and that gates take from there: registered too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data_contracts.study.mapping import Column
from data_contracts.study.model import Study
from data_contracts.study.production import ServiceLevels

_SMALLEST = Study.model_fields["smallest_segment"].default


def limits_part(study: Study) -> dict[str, object]:
    """Return the limits a study has, as JSON values; what it does not have is left out.

    What things are worth, the budget and the service levels, the edges of the bands that make
    segments, the smallest segment that is judged for itself, and the volume that a budget per
    month is reckoned by. Those it has not are left out, so that studies registered before limits
    were keep their hash.
    """
    part: dict[str, object] = {}
    for name in ("value", "budget"):
        said = getattr(study, name)
        part |= {} if said is None else {name: said.model_dump(mode="json")}
    if study.service_levels != ServiceLevels():
        part["service_levels"] = study.service_levels.model_dump(mode="json")
    bands = _bands(study.segments)
    part |= {"bands": bands} if bands else {}
    versions = {one.version: _bands(one.segments) for one in study.streams.decisions.versions}
    versions = {version: found for version, found in versions.items() if found}
    part |= {"version_bands": versions} if versions else {}
    if study.smallest_segment != _SMALLEST:
        part["smallest_segment"] = study.smallest_segment
    volume = study.production.cases_per_year
    monthly = any(gate.kind == "cost" for gate in study.policy.gates)
    return part | ({"cases_per_year": volume} if monthly and volume is not None else {})


def put_limits_back(document: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Set the limits of a study's document to those that were registered, or to none."""
    document |= {name: part.get(name) for name in ("value", "budget")}
    document["service_levels"] = part.get("service_levels", {})
    document["smallest_segment"] = part.get("smallest_segment", _SMALLEST)
    if any(gate["kind"] == "cost" for gate in part["policy"]["gates"]):
        document["production"]["cases_per_year"] = part.get("cases_per_year")
    _put_bands_back(document["segments"], part.get("bands", {}))
    versions = part.get("version_bands", {})
    for one in document["streams"]["decisions"]["versions"]:
        _put_bands_back(one["segments"], versions.get(one["version"], {}))


def _bands(segments: Mapping[str, Column]) -> dict[str, object]:
    banded = {name: column.bands for name, column in segments.items() if column.bands is not None}
    return {name: bands.model_dump(mode="json") for name, bands in banded.items()}


def _put_bands_back(segments: dict[str, dict[str, Any]], bands: Mapping[str, Any]) -> None:
    for name, column in segments.items():
        column["bands"] = bands.get(name)
