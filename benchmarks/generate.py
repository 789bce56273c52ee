"""Generated cases for the benchmark: ordinary files of some format, and a study over them."""

from __future__ import annotations

from pathlib import Path

import duckdb

FIRST = "2026-01-01"

STUDY = """\
name: benchmark
title: Benchmark
risk_tier: medium
production: {system: The rule, owner: {name: A. Owner}}
sponsor: {name: A. Sponsor}
decision: {type: binary, classes: ["no", "yes"], positive: "yes"}
outcome: {matures_after_days: 3}
candidates: [{name: bot, version: "1.0"}]
streams:
  decisions: {sources: [{path: "data/decisions"}], columns: {decided_at: decided_at}}
  recommendations: {sources: [{path: "data/recommendations"}]}
  outcomes:
    sources: [{path: "data/outcomes"}]
    columns: {name: {constant: outcome}}
segments: {region: region, product: product, channel: channel}
policy:
  plan: {margin: 0.01, disagreement: 0.1}
  gates:
    - {kind: books}
    - {kind: pairing}
    - {kind: duration}
    - {kind: noninferiority, margin: 0.01}
    - {kind: segments, cut: product, margin: 0.02}
    - {kind: answered}
"""

COPIES = {
    "parquet": "FORMAT parquet",
    "csv": "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%fZ'",
    "jsonl": "FORMAT json, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%fZ'",
}
"""How DuckDB writes each format."""

QUERIES = {
    "decisions": """
        SELECT id AS decision_id, moment AS decided_at, truth AS decision,
               'region-' || (h // 7) % 5 AS region, 'product-' || (h // 41) % 8 AS product,
               'channel-' || (h // 331) % 4 AS channel FROM base""",
    "recommendations": """
        SELECT id AS decision_id, 'bot' AS candidate, '1.0' AS model_version,
               moment + INTERVAL 500 MILLISECOND AS recommended_at,
               CASE WHEN (h // 1009) % 20 = 0 THEN CASE truth WHEN 'yes' THEN 'no' ELSE 'yes' END
                    ELSE truth END AS recommendation,
               ((h // 13) % 1000) / 1000.0::DOUBLE AS score,
               ((h // 17) % 500)::DOUBLE AS latency_ms FROM base""",
    "outcomes": """
        SELECT id AS decision_id, moment + INTERVAL 2 DAY AS observed_at,
               CASE WHEN (h // 2003) % 25 = 0 THEN CASE truth WHEN 'yes' THEN 'no' ELSE 'yes' END
                    ELSE truth END AS outcome FROM base WHERE (h // 29) % 5 > 0""",
}


def write_study(
    folder: Path, cases: int, days: int, files: int = 10, form: str = "parquet"
) -> None:
    """Write the study and its files: `cases` cases over `days` days, `files` files a stream."""
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(STUDY)
    step = cases // files
    for number in range(files):
        write_files(folder, number * step, step, cases / days, f"part-{number:03d}", form)


def write_files(
    folder: Path, start: int, cases: int, per_day: float, name: str, form: str = "parquet"
) -> None:
    """Write one file a stream with the cases numbered from `start` on."""
    with duckdb.connect() as connection:
        view_base(connection, start, cases, per_day)
        for stream, query in QUERIES.items():
            target = folder / "data" / stream / f"{name}.{form}"
            target.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(f"COPY ({query}) TO '{target}' ({COPIES[form]})")


def view_base(
    connection: duckdb.DuckDBPyConnection, start: int, cases: int, per_day: float
) -> None:
    """Make the view `base` that `QUERIES` read: the cases numbered from `start` on."""
    connection.execute(f"""
        CREATE VIEW base AS
        SELECT 'case-' || lpad(i::VARCHAR, 9, '0') AS id, hash(i) % 1000000007 AS h,
               TIMESTAMPTZ '{FIRST} 00:00:00+00'
                   + to_microseconds((i * {86_400_000_000 / per_day})::BIGINT) AS moment,
               CASE WHEN hash(i + 1) % 10 < 3 THEN 'yes' ELSE 'no' END AS truth
        FROM range({start}, {start + cases}) t(i)""")
