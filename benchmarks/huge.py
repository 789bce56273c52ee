"""A study of 10 million cases in 5,000 segments, run once through the pipeline and kept."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import duckdb

from data_contracts.evidence import EVIDENCE_FORMAT, evidence_path

CASES, SHOPS, REGIONS, DAYS = 10_000_000, 4_980, 20, 90
CANDIDATES = ("bot", "llm")
FILES = 10

STUDY = """\
name: huge
title: Ten million cases
risk_tier: medium
production:
  system: The rule
  owner: {name: A. Owner}
  cases_per_year: 40000000
sponsor: {name: A. Sponsor}
decision: {type: binary, classes: ["no", "yes"], positive: "yes", score: probability}
outcome: {matures_after_days: 3}
candidates: [{name: bot, version: "1.0"}, {name: llm, version: "2"}]
streams:
  decisions: {sources: [{path: "data/decisions"}], columns: {decided_at: decided_at}}
  recommendations: {sources: [{path: "data/recommendations"}]}
  outcomes:
    sources: [{path: "data/outcomes"}]
    columns: {name: {constant: outcome}}
segments: {region: region, shop: shop}
features:
  amount: {column: amount, bands: {edges: [100, 300, 700], labels: [small, middle, large, huge]}}
smallest_segment: 100
policy:
  plan: {margin: 0.01, disagreement: 0.06}
  gates:
    - {kind: books}
    - {kind: pairing}
    - {kind: duration}
    - {kind: noninferiority, margin: 0.01}
    - {kind: segments, cut: shop, margin: 0.02, smallest: 950}
    - {kind: calibration}
    - {kind: drift}
    - {kind: latency}
    - {kind: value}
    - {kind: answered}
service_levels: {latency_p95_ms: 800}
budget: {currency: USD, per_month: 20000}
value: {currency: USD, unit_value: 4}
"""

BASE = """
    CREATE VIEW base AS
    SELECT 'case-' || lpad(i::VARCHAR, 9, '0') AS id, hash(i) % 1000000007 AS h,
           floor({shops} * pow((hash(i + 7) % 100003) / 100003.0, 2.2))::INTEGER AS shop,
           TIMESTAMPTZ '2026-01-01 00:00:00+00'
               + to_microseconds((i * {step})::BIGINT) AS moment,
           CASE WHEN hash(i + 1) % 10 < 3 THEN 'yes' ELSE 'no' END AS truth
    FROM range({start}, {end}) t(i)"""

FLIPPED = "CASE truth WHEN 'yes' THEN 'no' ELSE 'yes' END"

DECISIONS = f"""
    SELECT id AS decision_id, moment AS decided_at,
           CASE WHEN (h // 1013) % 25 = 0 THEN {FLIPPED} ELSE truth END AS decision,
           'region ' || lpad((shop % {REGIONS})::VARCHAR, 2, '0') AS region,
           'shop ' || lpad(shop::VARCHAR, 4, '0') AS shop, (h // 31) % 1000 AS amount FROM base"""
OUTCOMES = """
    SELECT id AS decision_id, moment + INTERVAL 2 DAY AS observed_at, truth AS outcome
    FROM base WHERE (h // 29) % 50 > 0"""
RECOMMENDATIONS = """
    SELECT id AS decision_id, '{name}' AS candidate, '{version}' AS model_version,
           moment + INTERVAL 500 MILLISECOND AS recommended_at,
           CASE WHEN (h // {prime}) % (CASE WHEN shop % 97 = 5 THEN 12 ELSE {one_in} END) = 0
                THEN {flipped} ELSE truth END AS recommendation,
           CASE recommendation WHEN 'yes' THEN 0.6 ELSE 0.0 END
               + ((h // 13) % 400) / 1000.0::DOUBLE AS score,
           ((h // 17) % 500)::DOUBLE AS latency_ms FROM base"""


def huge_study(folder: Path) -> Path:
    """Return the study folder with its evidence; made at the first call, in a few minutes.

    Evidence of another layout is made anew.
    """
    path = evidence_path(folder)
    if path is not None and _layout(path) == EVIDENCE_FORMAT:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(STUDY)
    for number in range(FILES):
        _write_files(folder, number)
    from pipelines.runs import run_study
    from pipelines.study_file import read_study
    from pipelines.study_folder import StudyFolder

    at = StudyFolder.at(folder)
    run_study(at, read_study(at))
    shutil.rmtree(folder / "data")
    return folder


def _layout(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as db:
        return int(db.execute("SELECT format FROM publication").fetchall()[0][0])


def _write_files(folder: Path, number: int) -> None:
    size = CASES // FILES
    queries = {"decisions": DECISIONS, "outcomes": OUTCOMES}
    for rank, (name, version, one_in) in enumerate((("bot", "1.0", 35), ("llm", "2", 26))):
        queries[f"recommendations/{name}"] = RECOMMENDATIONS.format(
            name=name, version=version, prime=1009 + 10 * rank, one_in=one_in, flipped=FLIPPED
        )
    with duckdb.connect() as db:
        start, step = number * size, DAYS * 86_400_000_000 / CASES
        db.execute(BASE.format(shops=SHOPS, step=step, start=start, end=start + size))
        for place, query in queries.items():
            stream, _, part = place.partition("/")
            target = folder / "data" / stream / f"{part or 'part'}-{number:03d}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            db.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")


def main() -> None:
    """Make the study and say how long it took."""
    start = time.perf_counter()
    folder = huge_study(Path(".bench/huge"))
    seconds = time.perf_counter() - start
    print(f"{folder}: {CASES:,} cases, {seconds:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
