"""Turning what a source holds into texts and numbers, a whole column at a time.

Each function tries Arrow's own cast first and takes the careful way only when that fails. It
returns the column and a mask of the values that could not be turned (None: all could).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from data_contracts.study.mapping import Bands
from pipelines.ingest.faults import Mask
from pipelines.sources.scratch import compute

Turned = tuple[pa.Array, Mask | None]
"""A turned column, and which of its values could not be turned."""

NUMERAL = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
"""How a number is written."""
_EXACT = 2.0**53
"""Below this, every whole number has a float of its own."""


def mask_of(values: pa.Array) -> Mask:
    """Return a column of truth values as a mask; null is False."""
    mask: Mask = pc.fill_null(values, False).to_numpy(zero_copy_only=False)
    return mask


def where_bad(bad: pa.Array) -> Mask | None:
    """Return a mask, or None where nothing is bad."""
    mask = mask_of(bad)
    return mask if mask.any() else None


def all_bad(values: pa.Array, kind: pa.DataType) -> Turned:
    """Return nulls, with every value that was not null marked as bad."""
    return pa.nulls(len(values), kind), where_bad(pc.is_valid(values))


def plain(values: pa.Array) -> pa.Array:
    """Return a column without dictionary or extension around its values."""
    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    if isinstance(values, pa.RunEndEncodedArray):
        values = pc.run_end_decode(values)
    return values.dictionary_decode() if isinstance(values, pa.DictionaryArray) else values


def same_addresses(texts: pa.Array) -> pa.Array:
    """Return e-mail addresses as `data_contracts.addresses.same_address` does.

    Examples
    --------
    >>> same_addresses(pa.array(["Ada@Example.org", "local:Ada", None])).to_pylist()
    ['ada@example.org', 'local:Ada', None]
    """
    return pc.if_else(pc.match_substring(texts, "@"), pc.ascii_lower(texts), texts)


def as_text(values: pa.Array) -> Turned:
    """Return a column as texts; an empty text is null.

    Whole numbers have no ``.0``, truth values are ``true`` and ``false``, nested values are JSON.

    Examples
    --------
    >>> as_text(pa.array([1.0, 2.5, None]))[0].to_pylist()
    ['1', '2.5', None]
    """
    values = plain(values)
    kind = values.type
    bad: Mask | None = None
    try:
        if pt.is_floating(kind):
            texts = float_text(values)
        elif pt.is_decimal(kind):
            texts = pc.replace_substring_regex(pc.cast(values, pa.string()), r"\.0+$", "")
        elif pt.is_duration(kind):
            texts = pc.cast(pc.cast(values, pa.int64()), pa.string())
        elif pt.is_nested(kind):
            texts = compute(values, "CASE WHEN x IS NOT NULL THEN to_json(x)::VARCHAR END")
        else:
            if pt.is_fixed_size_binary(kind):
                values = pc.cast(values, pa.binary())
            texts = pc.cast(values, pa.string())
    except pa.ArrowInvalid:
        if not (pt.is_binary(kind) or pt.is_large_binary(kind) or pt.is_fixed_size_binary(kind)):
            raise
        texts, bad = _utf8(values)
    shortest = pc.min(pc.binary_length(texts)).as_py()
    if shortest == 0:
        texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    return texts, bad


def as_number(values: pa.Array) -> Turned:
    """Return a column as finite floats.

    Examples
    --------
    >>> column, bad = as_number(pa.array(["1.5", " 2 ", "1,5", "nan", None]))
    >>> column.to_pylist(), bad.tolist()
    ([1.5, 2.0, None, None, None], [False, False, True, True, False])
    """
    values = plain(values)
    kind = values.type
    bad: Mask | None = None
    if pt.is_floating(kind) or pt.is_integer(kind) or pt.is_decimal(kind):
        numbers = pc.cast(values, pa.float64(), safe=False)
    elif is_text(kind):
        numbers, bad = _parsed(as_text(values)[0])
    elif pt.is_null(kind):
        return pa.nulls(len(values), pa.float64()), None
    else:
        return all_bad(values, pa.float64())
    finite = pc.is_finite(numbers)
    if pc.all(finite).as_py() is not False:
        return numbers, bad
    odd = mask_of(pc.invert(finite))
    numbers = pc.if_else(finite, numbers, pa.scalar(None, pa.float64()))
    return numbers, odd if bad is None else bad | odd


def as_integer(values: pa.Array) -> Turned:
    """Return a column as whole numbers; ``2.0`` is one, ``2.5`` is not.

    Examples
    --------
    >>> as_integer(pa.array(["2", "3.0"]))[0].to_pylist()
    [2, 3]
    """
    values = plain(values)
    kind = values.type
    if pt.is_null(kind):
        return pa.nulls(len(values), pa.int64()), None
    try:
        if pt.is_integer(kind):
            return pc.cast(values, pa.int64()), None
        if is_text(kind) and not _may_be_hexadecimal(values):
            return pc.cast(as_text(values)[0], pa.int64()), None
    except pa.ArrowInvalid:
        pass
    numbers, bad = as_number(values)
    floats = numbers.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        whole = (floats == np.floor(floats)) & (np.abs(floats) < _EXACT)
    odd = ~whole & mask_of(pc.is_valid(numbers))
    whole_numbers = pc.cast(pc.if_else(pa.array(whole), numbers, None), pa.int64())
    both = odd if bad is None else bad | odd
    return whole_numbers, both if both.any() else None


def in_bands(numbers: pa.DoubleArray, bands: Bands) -> pa.StringArray:
    """Return the label of the band that each number belongs to.

    Examples
    --------
    >>> hours = Bands(edges=(6, 12), labels=("night", "morning", "later"))
    >>> in_bands(pa.array([5.0, 6.0, 12.0, None]), hours).to_pylist()
    ['night', 'morning', 'later', None]
    """
    floats = numbers.to_numpy(zero_copy_only=False)
    places = np.searchsorted(np.array(bands.edges), floats, side="right")
    return pa.array(bands.labels).take(pa.array(places, mask=mask_of(pc.is_null(numbers))))


def float_text(values: pa.Array) -> pa.StringArray:
    """Return floats as texts, whole ones without ``.0``; NaN is null."""
    if pt.is_float16(values.type):
        values = pc.cast(values, pa.float32())
    none = pa.scalar(None, values.type)
    values = pc.if_else(pc.is_nan(values), none, values)
    floats = values.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        whole = (np.floor(floats) == floats) & (np.abs(floats) < _EXACT)
    mask = pa.array(whole)
    whole_texts = pc.cast(pc.cast(pc.if_else(mask, values, none), pa.int64()), pa.string())
    if whole.sum() == len(values) - values.null_count:
        return whole_texts
    return pc.if_else(mask, whole_texts, pc.cast(values, pa.string()))


def _utf8(values: pa.Array) -> Turned:
    texts = compute(pc.cast(values, pa.binary()), "try(decode(x))")
    return texts, where_bad(pc.and_(pc.is_null(texts), pc.is_valid(values)))


def is_text(kind: pa.DataType) -> bool:
    """Return whether a type holds texts."""
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def _may_be_hexadecimal(values: pa.Array) -> bool:
    return bool(pc.any(pc.match_substring(values, "x", ignore_case=True)).as_py())


def _parsed(texts: pa.StringArray) -> Turned:
    try:
        return pc.cast(texts, pa.float64()), None
    except pa.ArrowInvalid:
        trimmed = pc.utf8_trim_whitespace(texts)
        numeral = pc.match_substring_regex(trimmed, NUMERAL)
        kept = pc.if_else(numeral, trimmed, pa.scalar(None, pa.string()))
        numbers = pc.cast(compute(kept, "try_cast(x AS DOUBLE)"), pa.float64())
        return numbers, where_bad(pc.and_(pc.is_null(numbers), pc.is_valid(texts)))


def int64s(values: pa.Array) -> npt.NDArray[np.int64]:
    """Return the 64-bit integers behind a column of times or integers; null is 0."""
    integers = pc.fill_null(pc.cast(values, pa.int64()), 0)
    return np.asarray(integers.to_numpy(zero_copy_only=False), np.int64)
