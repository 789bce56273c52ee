"""Made-up columns written as the files of a study."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from pipelines.sample_data.made import Numbers, Truths, joined

_CSV = pa_csv.WriteOptions(quoting_style="none")

Table = Mapping[str, pa.Array]


def write_csv(columns: Table, where: Truths, path: Path) -> None:
    """Write some rows as a CSV file; an empty value is written as nothing."""
    rows = pa.table(dict(columns)).filter(pa.array(where))
    pa_csv.write_csv(rows, _place(path), write_options=_CSV)


def write_jsonl(columns: Table, where: Truths, path: Path) -> None:
    """Write some rows as JSON lines; an empty value is left out."""
    rows = pa.table(dict(columns)).filter(pa.array(where)).combine_chunks()
    pairs = [joined(f'"{name}":', _as_json(rows[name])) for name in rows.column_names]
    inner = pc.binary_join_element_wise(*pairs, ",", null_handling="skip")
    _place(path).write_text("".join(joined("{", inner, "}\n").to_pylist()), "utf-8")


def write_parquet(columns: Table, where: Truths, path: Path) -> None:
    """Write some rows as a Parquet file."""
    pq.write_table(pa.table(dict(columns)).filter(pa.array(where)), _place(path))


def write_by_week(folder: Path, weeks: Numbers, columns: Table, jsonl: bool = False) -> None:
    """Write one file a week, `week-1.csv` and so on; or JSON lines."""
    for week in range(int(weeks.max()) + 1):
        if jsonl:
            write_jsonl(columns, weeks == week, folder / f"week-{week + 1}.jsonl")
        else:
            write_csv(columns, weeks == week, folder / f"week-{week + 1}.csv")


def _as_json(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return values as JSON; made-up texts hold nothing that would have to be escaped."""
    texts = pc.cast(column, pa.string())
    return joined('"', texts, '"') if pa.types.is_string(column.type) else texts


def _place(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
