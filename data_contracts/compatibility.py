"""Comparing two contracts: what changed, and whether data that kept to the first keep to the other.

Compatible means: every file that kept to the old contract keeps to the new one, and everything the
old one promised is still there. So what is widened or added as optional is compatible; what is
removed, narrowed or newly required is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from open_data_contract_standard.model import OpenDataContractStandard, SchemaProperty

from data_contracts.stream_contracts import Field, StreamContract

_WIDER = {("integer", "number"), ("date", "timestamp")}
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two contracts.

    Attributes
    ----------
    place
        Table, or table and property, e.g. ``decisions.decision``.
    what
        The difference in words.
    """

    place: str
    what: str
    compatible: bool

    @property
    def sentence(self) -> str:
        """Place, difference and judgement in one line."""
        return (
            f"{'compatible' if self.compatible else 'not compatible'}: `{self.place}` {self.what}"
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One property of a table, as far as it matters to who reads or writes it."""

    type: str = ""
    required: bool = False
    key: bool = False
    unique: bool = False
    allowed: frozenset[str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    restricted: bool = False


Tables = Mapping[str, Mapping[str, Item]]


def compare_documents(
    old: OpenDataContractStandard, new: OpenDataContractStandard
) -> tuple[Difference, ...]:
    """Return how one ODCS document differs from another.

    Quality rules, service levels, owners and descriptions are not compared: they say nothing about
    which rows fit.
    """
    return (*_tables(_of_document(old), _of_document(new)), *_roles(old, new))


def compare_streams(old: StreamContract, new: StreamContract) -> tuple[Difference, ...]:
    """Return how the contract of a stream differs from another, e.g. as two studies refine it."""
    name = new.stream.value
    return tuple(_tables({name: _of_stream(old)}, {name: _of_stream(new)}))


def all_compatible(differences: Iterable[Difference]) -> bool:
    """Return whether none of some differences breaks anything.

    Examples
    --------
    >>> all_compatible([Difference("t.a", "is new and optional", True)])
    True
    """
    return all(difference.compatible for difference in differences)


def _of_document(document: OpenDataContractStandard) -> Tables:
    return {
        str(table.name): dict(_items("", table.properties or []))
        for table in document.schema_ or []
    }


def _items(prefix: str, properties: Iterable[SchemaProperty]) -> Iterator[tuple[str, Item]]:
    for prop in properties:
        name = f"{prefix}{prop.name}"
        options = dict(prop.logicalTypeOptions or {})
        yield (
            name,
            Item(
                str(prop.logicalType or prop.physicalType or ""),
                bool(prop.required),
                bool(prop.primaryKey),
                bool(prop.unique),
                frozenset(str(value.value) for value in prop.enum) if prop.enum else None,
                options,
                prop.classification == "restricted",
            ),
        )
        yield from _items(f"{name}.", prop.properties or [])


def _of_stream(contract: StreamContract) -> dict[str, Item]:
    return {one.name: _of_field(one) for one in contract.fields}


def _of_field(one: Field) -> Item:
    return Item(
        one.type.value,
        one.required,
        one.key,
        False,
        frozenset(one.allowed) if one.allowed else None,
        {
            name: limit
            for name, limit in (("minimum", one.minimum), ("maximum", one.maximum))
            if limit is not None
        },
        one.sensitive,
    )


def _tables(old: Tables, new: Tables) -> Iterator[Difference]:
    for name in old:
        if name not in new:
            yield Difference(name, "is removed", False)
            continue
        for prop, item in old[name].items():
            place = f"{name}.{prop}"
            if prop not in new[name]:
                yield Difference(place, "is removed", False)
            else:
                yield from _changes(place, item, new[name][prop])
        for prop, item in new[name].items():
            if prop not in old[name]:
                what = "is new and required" if item.required or item.key else "is new and optional"
                yield Difference(f"{name}.{prop}", what, not (item.required or item.key))
    for name in new:
        if name not in old:
            yield Difference(name, "is a new table", True)


def _changes(place: str, old: Item, new: Item) -> Iterator[Difference]:
    if old.type != new.type:
        what = f"holds {new.type or 'anything'} instead of {old.type or 'anything'}"
        yield Difference(place, what, (old.type, new.type) in _WIDER or not new.type)
    if old.key != new.key:
        what = "is now part of the key" if new.key else "is no longer part of the key"
        yield Difference(place, what, False)
    if old.required != new.required:
        what = "is now required" if new.required else "is now optional"
        yield Difference(place, what, not new.required)
    if old.unique != new.unique:
        what = "must now be unique" if new.unique else "need not be unique any more"
        yield Difference(place, what, not new.unique)
    if old.restricted != new.restricted:
        what = "is now classed as restricted" if new.restricted else "is no longer restricted"
        yield Difference(place, what, True)
    yield from _allowed(place, old.allowed, new.allowed)
    yield from _options(place, old.options, new.options)


def _allowed(
    place: str, old: frozenset[str] | None, new: frozenset[str] | None
) -> Iterator[Difference]:
    if old == new:
        return
    if new is None:
        yield Difference(place, "may now hold any value", True)
    elif old is None:
        yield Difference(place, f"may now only be {_words(new)}", False)
    else:
        if old - new:
            yield Difference(place, f"may no longer be {_words(old - new)}", False)
        if new - old:
            yield Difference(place, f"may now also be {_words(new - old)}", True)


def _options(place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*old, *new]):
        before, now = old.get(name), new.get(name)
        if before == now:
            continue
        if now is None:
            yield Difference(place, f"has no `{name}` any more (it was {before})", True)
        elif before is None:
            yield Difference(place, f"has a `{name}` of {now} now", False)
        else:
            what = f"has a `{name}` of {now} instead of {before}"
            yield Difference(place, what, _is_looser(name, before, now))


def _is_looser(name: str, before: Any, now: Any) -> bool:
    """Return whether a limit lets more through than before; of a pattern nobody can tell.

    Examples
    --------
    >>> _is_looser("minimum", 1, 0), _is_looser("maximum", 10, 5), _is_looser("pattern", "a", "b")
    (True, False, False)
    """
    try:
        if name in _LOWER:
            return bool(now <= before)
        return bool(name in _UPPER and now >= before)
    except TypeError:
        return False


def _roles(old: OpenDataContractStandard, new: OpenDataContractStandard) -> Iterator[Difference]:
    """Yield tables whose times mean something else now."""
    before = {str(table.name): table for table in old.schema_ or []}
    for table in new.schema_ or []:
        earlier = before.get(str(table.name))
        if earlier is None:
            continue
        said, says = (
            {p.property: p.value for p in one.customProperties or []} for one in (earlier, table)
        )
        for role in ("eventTime", "recordedTime"):
            if said.get(role) != says.get(role):
                what = f"has `{says.get(role)}` as {role} instead of `{said.get(role)}`"
                yield Difference(str(table.name), what, False)


def _words(values: Iterable[str]) -> str:
    """Return values in backticks, the first ones if there are many.

    Examples
    --------
    >>> _words({"b", "a"})
    '`a`, `b`'
    """
    names = sorted(values)
    told = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    return told if len(names) <= _SHOWN else f"{told} and {len(names) - _SHOWN} more"
