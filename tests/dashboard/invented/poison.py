"""Makes every text of a publication that people or data wrote hostile; vocabulary stays as it is.

Texts are found by walking the columns of the layout, so a new table is poisoned by itself. The same
text becomes the same hostile text everywhere, so that tables still belong together.
"""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow as pa

ALL_AT_ONCE = (
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    " [x](http://evil.example/a) ![x](http://evil.example/b.png) www.evil.example"
    " me@evil.example https://evil.example :red[r] :material/bomb: $x^2$ ${window.hacked=1}"
    " `code` **b** datum.x ../../etc/passwd"
)
OPENINGS = ("=cmd()", "+1", "@SUM(A1)", "-2", "\t=1", "\n# h", "")
"""What a spreadsheet takes for a formula, and what begins a heading."""

VOCABULARY = frozenset(
    (
        *("answer", "arm", "aspect", "assumption", "candidate_state", "decision_type", "family"),
        *("gap", "grouping", "item", "judgement", "kind", "level", "metric", "mode", "part"),
        *("policy_hash", "quantity", "rate", "risk_tier", "severity", "sha256", "shown_each"),
        *("shown_listed", "state", "status", "stream", "suite", "understudy", "use"),
    )
)
"""Columns whose texts are words of ours, or hashes."""

OURS = frozenset((("gates", "reason"), ("findings", "reason"), ("quarantine_counts", "reason")))
"""More of them, by table."""

JSON = frozenset(("document", "settings", "policy", "terms", "facts"))
WORDS = pa.schema([("word", pa.string()), ("hostile", pa.string())])
WRITTEN = (
    "classes",
    "positive",
    "title",
    "system",
    "team",
    "users",
    "governance",
    "criterion",
    "evidence",
    "handoff",
)
"""Keys of the study file with free text below them."""


def poison(db: duckdb.DuckDBPyConnection) -> None:
    """Make every text hostile."""
    columns = db.execute(
        "SELECT table_name, column_name FROM duckdb_columns() JOIN duckdb_tables()"
        " USING (table_name) WHERE data_type = 'VARCHAR' ORDER BY 1, 2"
    ).fetchall()
    for table, column in columns:
        if column in VOCABULARY or (table, column) in OURS:
            continue
        change = poisoned_json if column in JSON else poisoned
        query = f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'
        known = [word for (word,) in db.execute(query).fetchall()]
        words = {"word": known, "hostile": [change(word) for word in known]}
        db.register("words", pa.table(words, schema=WORDS))
        db.execute(
            f'UPDATE "{table}" t SET "{column}" = hostile FROM words WHERE "{column}" = word'
        )
        db.unregister("words")


def poisoned(text: str) -> str:
    """Return a hostile text that is the same for the same one; `all` is a word of ours.

    Examples
    --------
    >>> poisoned("all"), poisoned("LGA") == poisoned("LGA"), poisoned("LGA")[-3:]
    ('all', True, 'LGA')
    """
    if text in ("all", ""):
        return text
    opening = OPENINGS[sum(text.encode()) % len(OPENINGS)]
    return f"{opening} {ALL_AT_ONCE} {text}".lstrip(" ")


def poisoned_json(text: str) -> str:
    """Return JSON with hostile texts where the study file lets people write what they like."""
    return json.dumps(_below(json.loads(text), False))


def _below(value: Any, free: bool) -> Any:
    if isinstance(value, dict):
        named = "system" in value or "team" in value or set(value) == {"name"}
        return {
            key: poisoned(one)
            if key in ("cut", "segment") and isinstance(one, str)
            else _below(one, free or key in WRITTEN or (named and key == "name"))
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_below(one, free) for one in value]
    return poisoned(value) if free and isinstance(value, str) else value
