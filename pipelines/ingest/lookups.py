"""Looking values up among names, by their text and by what the text means."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from data_contracts.study.mapping import Scalar
from pipelines.ingest.values import NUMERAL, Turned, as_number, float_text, where_bad


@dataclass(frozen=True, slots=True)
class Lookup:
    """Names that values are looked up among, by text and by what the text means.

    ``1``, ``1.0`` and ``01`` mean the same number, ``True`` and ``true`` the same truth value;
    the text itself goes first.
    """

    names: pa.StringArray
    meanings: pa.StringArray

    @classmethod
    def of(cls, names: tuple[str, ...]) -> Lookup:
        """Return the lookup of some names.

        Examples
        --------
        >>> Lookup.of(("0", "1")).find(pa.array(["1", "0.0", "x", None])).to_pylist()
        [1, 0, None, None]
        """
        texts = pa.array(names, pa.string())
        return cls(texts, _meaning(texts))

    def find(self, texts: pa.StringArray) -> pa.Int32Array:
        """Return the position of each text among the names; null where it is not found."""
        exact = pc.index_in(texts, value_set=self.names)
        if exact.null_count == texts.null_count:
            return exact
        rest = pc.if_else(pc.is_null(exact), texts, pa.scalar(None, pa.string()))
        return pc.coalesce(exact, pc.index_in(_meaning(rest), value_set=self.meanings))

    def named(self, texts: pa.StringArray) -> Turned:
        """Return the texts in the spelling of the names, and which are none of them."""
        exact = pc.index_in(texts, value_set=self.names)
        if exact.null_count == texts.null_count:
            return texts, None
        found = self.find(texts)
        lost = pc.and_(pc.is_null(found), pc.is_valid(texts))
        return self.names.take(found), where_bad(lost)


@dataclass(frozen=True, slots=True)
class Translation:
    """The source's values and what they mean.

    Attributes
    ----------
    meanings
        In the order of the lookup's names.
    nothing
        What a missing value means: the entry for the empty text, if there is one.
    """

    lookup: Lookup
    meanings: pa.StringArray
    nothing: str | None

    @classmethod
    def of(cls, values: dict[str, Scalar | None]) -> Translation:
        """Return the translation that a study's `values` describe."""
        meanings = [None if v is None else scalar_text(v) for v in values.values()]
        nothing = values.get("")
        return cls(
            Lookup.of(tuple(values)),
            pa.array(meanings, pa.string()),
            None if nothing is None else scalar_text(nothing),
        )


def scalar_text(value: Scalar) -> str:
    """Return a constant of the study file as text.

    Examples
    --------
    >>> scalar_text(True), scalar_text(1.0), scalar_text("a")
    ('true', '1', 'a')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _meaning(texts: pa.StringArray) -> pa.StringArray:
    """Return the texts, numbers and truth values written in one way."""
    low = pc.utf8_lower(texts)
    truth = pc.is_in(low, value_set=pa.array(["true", "false"]))
    texts = pc.if_else(truth, low, texts)
    # Longer numerals may differ where their floats do not.
    short = pc.less_equal(pc.binary_length(texts), 15)
    numeral = pc.and_(short, pc.match_substring_regex(texts, NUMERAL))
    if not pc.any(numeral).as_py():
        return texts
    numbers, _ = as_number(pc.if_else(numeral, texts, pa.scalar(None, pa.string())))
    return pc.if_else(pc.is_valid(numbers), float_text(numbers), texts)
