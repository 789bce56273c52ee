"""Mistakes in a study's `privacy` section: unknown fields, and treatments a field cannot bear."""

from __future__ import annotations

from collections.abc import Iterator

from open_data_contract_standard.model import SchemaProperty

from data_contracts.data_words import Treatment
from data_contracts.stream_contracts import base_contract
from data_contracts.study.positions import Node, written
from data_contracts.study.privacy import PREFIXES
from data_contracts.study.problems import Place, RawProblem, did_you_mean, one_of, shown
from data_contracts.vocabulary import Stream

_NEEDED = (
    "decision",
    "recommendation",
    "outcome",
    "candidate",
    "model_version",
    "name",
    "answer",
    "exposed_at",
    "recorded_at",
)
"""Fields that the comparison itself rests on."""


def privacy_problems(tree: Node) -> Iterator[RawProblem]:
    """Yield what is wrong in the `privacy` section, as far as the study file shows it."""
    known = _known(tree)
    for name, node in tree.entries("privacy", "fields").items():
        path: Place = ("privacy", "fields", str(name))
        treatment = written(node)
        if name not in known:
            hint = did_you_mean(str(name), list(known))
            expected = (
                f"a field of a stream, a segment, a feature or a cluster ({one_of(sorted(known))})"
            )
            yield RawProblem(path, "an unknown field", expected, hint)
        elif treatment in set(Treatment) and treatment != Treatment.KEEP:
            fault = _fault(tree, str(name), known[str(name)], Treatment(treatment))
            if fault is not None:
                yield RawProblem(path, shown(treatment), *fault)


def _known(tree: Node) -> dict[str, list[SchemaProperty]]:
    """Return every name that may be given a treatment, with what contracts say about it."""
    known: dict[str, list[SchemaProperty]] = {}
    for kind, prefix in zip(("segments", "features", "clusters"), PREFIXES, strict=True):
        for name in tree.entries(kind):
            known |= {str(name): [], f"{prefix}{name}": []}
    for stream in Stream:
        for prop in (base_contract(stream).schema_ or [])[0].properties or []:
            known.setdefault(str(prop.name), []).append(prop)
    return known


def _fault(
    tree: Node, name: str, found: list[SchemaProperty], treatment: Treatment
) -> tuple[str, str] | None:
    """Return what was expected and what to do, where a field cannot be treated so."""
    if not found:
        return _segment_fault(tree, name, treatment)
    if name in _NEEDED:
        return f"`keep`: the comparison rests on `{name}`", "take it out of `privacy`"
    if treatment is Treatment.DROP:
        if any(prop.required or prop.primaryKey for prop in found):
            texts = all(prop.logicalType == "string" for prop in found)
            hint = "it can be pseudonymised" if texts else "take it out of `privacy`"
            return f"another treatment: no record is whole without `{name}`", hint
        return None
    if any(prop.logicalType != "string" or prop.enum for prop in found):
        return "`drop` or `keep`: only free texts and identifiers can be pseudonymised", ""
    return None


def _segment_fault(tree: Node, name: str, treatment: Treatment) -> tuple[str, str] | None:
    cluster = name.removeprefix(PREFIXES[2])
    linked = tree.at(("clusters", cluster)) is not None and not name.startswith(PREFIXES[:2])
    if linked and treatment is Treatment.DROP:
        return "`pseudonymise`: cases are counted by clusters", "or take it out of `clusters`"
    segment = name.removeprefix(PREFIXES[0])
    if tree.at(("segments", segment)) is None or name.startswith(PREFIXES[1:]):
        return None
    if treatment is Treatment.DROP:
        return "`pseudonymise`: cases are cut by segments", "or take it out of `segments`"
    if tree.at(("segments", segment, "bands")) is not None:
        return "`keep`: the labels of its `bands` tell no single value", "take it out of `privacy`"
    return None
