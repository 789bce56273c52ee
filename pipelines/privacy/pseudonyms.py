"""Pseudonyms: HMAC-SHA256 (RFC 2104) of each text, shortened, a whole column at a time.

The same text under the same key gives the same pseudonym, in every stream and every run, so that
cases still meet. Without the key, a pseudonym can neither be undone nor be made for a guess.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.privacy.key import Key
from pipelines.sources.scratch import scratch

DIGITS = 32
"""Hexadecimal digits of a pseudonym: 128 bits, the least that RFC 2104 recommends.

Among n different texts, two share a pseudonym with probability n²/2^129: for a thousand million
texts that is one in 7e20.
"""
_REPEATING = 0.5
"""Share of different texts up to which each is hashed once."""


def pseudonyms(texts: pa.StringArray, key: Key) -> pa.StringArray:
    """Return the pseudonym of each text; null stays null.

    Examples
    --------
    >>> pseudonyms(pa.array(["case-1", None]), Key(b"k" * 32)).to_pylist()
    ['3af7e4b375b10e8bf4ae3ea9a9dd6c7b', None]
    """
    coded = texts.dictionary_encode()
    if len(coded.dictionary) <= _REPEATING * len(texts):
        return _hashed(coded.dictionary, key).take(coded.indices)
    return _hashed(texts, key)


def _hashed(texts: pa.StringArray, key: Key) -> pa.StringArray:
    connection = scratch()
    inner, outer = key.pads()
    connection.register("given", pa.table({"x": texts}))
    try:
        # The pads are parameters: a fault quotes the statement, never what it was given.
        hashed = connection.sql(
            "SELECT left(sha256($outer || unhex(sha256($inner || encode(x)))), $digits) AS y"
            " FROM given",
            params={"inner": inner, "outer": outer, "digits": DIGITS},
        ).to_arrow_table()
    finally:
        connection.unregister("given")
    column = hashed.column("y").combine_chunks()
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pc.cast(column, pa.string())
