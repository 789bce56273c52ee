"""Made-up input files for the templates: a few hundred cases over five weeks, always the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from data_contracts.errors import UnderstudyError

FIRST_MONDAY = np.datetime64("2025-09-01T00:00", "m")
WEEKS = 5

_DAY = 24 * 60
_CSV = pa_csv.WriteOptions(quoting_style="none")


class NoSampleData(UnderstudyError):
    """A template has no sample data; the fact is `template`."""

    def sentence(self) -> str:
        return (
            f"The template `{self.facts['template']}` has no sample data: `understudy demo` writes"
            " its files. Use `--no-sample-data` to take the study file alone."
        )


def write_sample_data(template: str, folder: Path, seed: int = 7) -> None:
    """Write the files that the study of a template reads.

    Parameters
    ----------
    template
        Name of the template.
    folder
        The study's data folder.
    seed
        Of the random numbers; the same seed gives the same bytes.

    Raises
    ------
    NoSampleData
        For a template that has none.
    """
    if template not in _WRITERS:
        raise NoSampleData(template=template)
    _WRITERS[template](folder, np.random.default_rng(seed))


def _triage(folder: Path, chance: np.random.Generator) -> None:
    """Tickets, sorted by people and by a model that errs a little less often."""
    minute = np.sort(_minutes_at_work(chance, a_day=12))
    count = len(minute)
    urgent = chance.random(count) < 0.3
    desk = urgent ^ (chance.random(count) < 0.14)
    score = np.clip(0.5 + np.where(urgent, 0.27, -0.27) + chance.normal(0, 0.21, count), 0.01, 0.99)
    ticket = _numbered("T-", 10_001 + np.arange(count))
    sorted_at = _moment(minute)
    solved = sorted_at + chance.integers(60, 6 * _DAY, count).astype("timedelta64[m]")
    region = _pick(chance, ("north", "south", "east", "west"), count)
    decisions = {
        "ticket": ticket,
        "sorted_at": _written(sorted_at, "%d.%m.%Y %H:%M"),
        "queue": _either(desk, "U", "R"),
        "agent": _pick(chance, ("agent-1", "agent-2", "agent-3"), count),
        "region": region,
        "channel": _pick(chance, ("mail", "phone"), count),
    }
    # The model's clock runs in UTC, two hours behind Vienna's in these weeks.
    seconds = sorted_at.astype("datetime64[s]").astype(np.int64) - 2 * 3600 - 5
    asked = seconds.astype("datetime64[s]")
    recommendations = {
        "ticket": ticket,
        "version": _pick(chance, ("1.0",), count),
        "recommended_at": _written(asked, "%Y-%m-%dT%H:%M:%SZ"),
        "recommendation": _either(score >= 0.5, "urgent", "routine"),
        "score": pa.array(np.round(score, 3)),
        "latency_ms": pa.array(np.round(chance.lognormal(5.5, 0.3, count))),
    }
    last = FIRST_MONDAY + np.timedelta64(WEEKS * 7 * _DAY, "m")
    outcomes = {
        "ticket": ticket,
        "closed_at": _written(solved, "%d.%m.%Y %H:%M"),
        "turned_out": _either(urgent, "U", "R"),
    }
    weeks = minute // (7 * _DAY)
    for week in range(WEEKS):
        here = pa.array(weeks == week)
        _csv(decisions, here, folder / "decisions" / f"week-{week + 1}.csv")
        _csv(recommendations, here, folder / "recommendations" / f"week-{week + 1}.csv")
    _csv(outcomes, pa.array(solved < last), folder / "outcomes" / "closed.csv")


def _forecast(folder: Path, chance: np.random.Generator) -> None:
    """Sales of shops, forecast by planners and by a model that is a little closer."""
    shops, days = 12, WEEKS * 7
    shop, day = np.tile(np.arange(shops), days), np.repeat(np.arange(days), shops)
    count = shops * days
    usual = 40 + 9 * shop
    sold = np.maximum(0, np.round(usual * (1 + 0.2 * (day % 7 >= 5)) + chance.normal(0, 5, count)))
    planned = np.maximum(0, np.round(sold + chance.normal(1, 7, count)))
    forecast = np.maximum(0, np.round(sold + chance.normal(0, 6, count), 1))
    start = _moment(day * _DAY)
    key = {"shop": _numbered("S", shop + 1), "sales_day": _written(start, "%Y-%m-%d")}
    size = 150 + 90 * shop
    weekday = np.array(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])[day % 7]
    planned_at = start + np.timedelta64(-9 * 60, "m")
    decisions = {
        **key,
        "planned_at": _written(planned_at, "%Y-%m-%dT%H:%M:%S"),
        "planned_pieces": pa.array(planned.astype(np.int64)),
        "planner": _pick(chance, ("planner-1", "planner-2"), count),
        "region": _either(shop % 2 == 0, "city", "country"),
        "floor_space": pa.array(size),
        "weekday": pa.array(weekday),
    }
    made = planned_at.astype("datetime64[s]").astype(np.int64) - 600
    recommendations = _lines(
        '{"shop":"', key["shop"], '","sales_day":"', key["sales_day"],
        '","made_at_epoch":', pc.cast(pa.array(made), pa.string()),
        ',"forecast_pieces":', pc.cast(pa.array(forecast), pa.string()), "}\n",
    )  # fmt: skip
    counted = (start + np.timedelta64(_DAY + 6 * 60, "m")).astype("datetime64[ms]")
    outcomes = {
        **key,
        "counted_at": pa.array(counted).cast(pa.timestamp("ms", "UTC")),
        "pieces": pa.array(sold.astype(np.int64)),
    }
    for week in range(WEEKS):
        here = pa.array(day // 7 == week)
        _csv(decisions, here, folder / "decisions" / f"week-{week + 1}.csv")
        text = "".join(recommendations.filter(here).to_pylist())
        _place(folder / "recommendations" / f"week-{week + 1}.jsonl").write_text(text, "utf-8")
    known = pa.table(outcomes).filter(pa.array(day < days - 1))
    pq.write_table(known, _place(folder / "outcomes" / "counted.parquet"))


_WRITERS = {"triage": _triage, "forecast": _forecast}


def _minutes_at_work(chance: np.random.Generator, a_day: int) -> NDArray[np.int64]:
    """Return times in office hours of every day, in minutes since the first Monday."""
    days = np.repeat(np.arange(WEEKS * 7), a_day)
    clock = chance.integers(8 * 60, 18 * 60, len(days))
    return days * _DAY + clock


def _moment(minutes: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Return the time that many minutes after the first Monday began."""
    return FIRST_MONDAY + minutes.astype("timedelta64[m]")


def _pick(chance: np.random.Generator, names: tuple[str, ...], count: int) -> pa.Array:
    return pa.array(np.array(names)[chance.integers(0, len(names), count)])


def _either(truth: NDArray[np.bool_], yes: str, no: str) -> pa.Array:
    return pa.array(np.where(truth, yes, no))


def _numbered(prefix: str, numbers: NDArray[np.int64]) -> pa.Array:
    return _lines(prefix, pc.cast(pa.array(numbers), pa.string()))


def _lines(*parts: str | pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _written(times: NDArray[np.datetime64], form: str) -> pa.Array:
    return pc.strftime(pa.array(times.astype("datetime64[s]")), form)


def _csv(columns: dict[str, pa.Array], here: pa.Array, path: Path) -> None:
    rows = pa.table(columns).filter(here)
    pa_csv.write_csv(rows, _place(path), write_options=_CSV)


def _place(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
