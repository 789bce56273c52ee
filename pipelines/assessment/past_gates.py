"""The gates of every verdict from the history of verdicts: one row while nothing moves."""

_FIELDS = {
    "gate": "VARCHAR",
    "kind": "VARCHAR",
    "family": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
    "rule": "VARCHAR",
    "sentence": "VARCHAR",
    "measured": "VARCHAR",
    "value": "DOUBLE",
    "low": "DOUBLE",
    "high": "DOUBLE",
    "threshold": "DOUBLE",
    "n": "BIGINT",
    "since": "DATE",
    "settings": "VARCHAR",
}
_NOTHING = {"VARCHAR": "''", "BIGINT": "0"}
"""What stands where an early version of the software kept no such field."""

_READ = ", ".join(
    f"coalesce((said->>'{name}')::{kind}, {_NOTHING.get(kind, 'NULL')}) AS {name}"
    for name, kind in _FIELDS.items()
)
_NAMES = ", ".join(_FIELDS)

PAST_GATES = f"""
    WITH counted AS (                  -- the verdicts of a candidate, counted one by one
        SELECT *, row_number() OVER (
            PARTITION BY candidate, model_version ORDER BY evidence_no) AS nth
        FROM verdicts
    ),
    spoken AS (
        SELECT candidate, model_version, evidence_no, nth, unnest(gates::JSON[]) AS said
        FROM counted WHERE gates IS NOT NULL
    ),
    worded AS (
        SELECT candidate, model_version, evidence_no, nth,
               (said->>'position')::INTEGER AS position, {_READ}
        FROM spoken WHERE said->>'status' IS NOT NULL
    ),
    stretches AS (                     -- rows that are the same in one verdict after the other
        SELECT *, nth - row_number() OVER (
            PARTITION BY candidate, model_version, position, {_NAMES} ORDER BY nth) AS stretch
        FROM worded
    )
    SELECT candidate, model_version, min(evidence_no) AS evidence_no, max(evidence_no) AS last_no,
           position, {_NAMES}
    FROM stretches
    GROUP BY candidate, model_version, position, stretch, {_NAMES}
    ORDER BY candidate, model_version, evidence_no, position
"""
"""A verdict whose gates were not kept (of an early version) has none here."""
