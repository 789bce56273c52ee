"""Numeric cases as the measures `loss_sums` and `loss_difference_bins`, without a warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evaluators.columns import Columns, Measures

UNIT = 2.0**-20
SQUARED = UNIT**2 * 2**30


def loss_measures(
    day: ArrayLike,
    decision: ArrayLike,
    recommendation: ArrayLike,
    outcome: ArrayLike,
    *,
    n: ArrayLike = 1,
    segments: Mapping[str, ArrayLike] | None = None,
    answered: ArrayLike = True,
    loss: str = "absolute",
    quantile: float = 0.5,
    largest: float | None = None,
) -> Measures:
    """Return the measures of cases given as arrays; a NaN outcome is not known.

    `segments` maps the name of a cut to the segment's name of each case; `n` counts alike cases.
    """
    days, p, z, y, times, both = np.broadcast_arrays(
        day, decision, recommendation, outcome, n, answered
    )
    p, z, y = (np.asarray(a, float) for a in (p, z, y))
    a = np.where(both, z, p)
    known, w = ~np.isnan(y), times.astype(float)
    e = np.nan_to_num(np.stack([p - y, a - y]))
    own = {
        "absolute": np.abs(e),
        "squared": e**2,
        "quantile": np.maximum(-quantile * e, (1 - quantile) * e),
    }[loss]
    cut_loss = own if largest is None else np.minimum(own, largest)
    l_unit = SQUARED if loss == "squared" else UNIT
    open_ = ~known & (a != p)
    sums: dict[str, Any] = {
        "n": w,
        "known": w * known,
        "open_differ": w * open_,
        "clipped": 0 * w,
        "pairs": w * both,
        "abs_dd": known * (np.abs(e[0]) - np.abs(e[1])) ** 2 / UNIT**2,
        "sq_dd": known * (e[0] ** 2 - e[1] ** 2) ** 2 / SQUARED**2,
        "loss_dd": known * (cut_loss[0] - cut_loss[1]) ** 2 / l_unit**2,
        "y": np.nan_to_num(np.abs(y)) / UNIT,
        "yy": np.nan_to_num(y**2) / UNIT**2,
        "x": both * p / UNIT,
        "z": both * np.nan_to_num(z) / UNIT,
        "xx": both * p**2 / UNIT**2,
        "zz": both * np.nan_to_num(z) ** 2 / UNIT**2,
        "dd": both * np.nan_to_num(z - p) ** 2 / UNIT**2,
        "open_d": open_ * np.abs(a - p) / UNIT,
        "open_dd": open_ * (a - p) ** 2 / UNIT**2,
    }
    for i, arm in enumerate("pa"):
        sums |= {
            f"e_{arm}": known * e[i] / UNIT,
            f"ee_{arm}": known * e[i] ** 2 / UNIT**2,
            f"abs_{arm}": known * np.abs(e[i]) / UNIT,
            f"sq_{arm}": known * e[i] ** 2 / SQUARED,
            f"sqsq_{arm}": known * e[i] ** 4 / SQUARED**2,
            f"loss_{arm}": known * cut_loss[i] / l_unit,
            f"ll_{arm}": known * cut_loss[i] ** 2 / l_unit**2,
            f"y_{arm}": known * np.nan_to_num(np.abs(y)) * np.abs(e[i]) / UNIT**2,
            f"beyond_{('production', 'candidate')[i]}": w * known * (own[i] > cut_loss[i]),
        }
    counts = {"n", "known", "open_differ", "clipped", "pairs"}
    sums = {k: v if k in counts or k.startswith("beyond") else v * w for k, v in sums.items()}
    return {
        "loss_sums": _per_cut(days, segments or {}, sums),
        "loss_difference_bins": _bins(
            days, p, a, cut_loss, known, w, loss, quantile, largest, l_unit
        ),
    }


def _per_cut(days: np.ndarray, cuts: Mapping[str, ArrayLike], sums: dict[str, Any]) -> Columns:
    names = {"all": np.full(len(days), "all"), **{k: np.asarray(v) for k, v in cuts.items()}}
    labels = tuple(sorted({str(s) for values in names.values() for s in values}))
    place = {label: i for i, label in enumerate(labels)}
    parts: list[dict[str, np.ndarray]] = []
    for cut, values in enumerate(names.values()):
        codes = np.array([place[str(s)] for s in values], np.int64)
        key, row = np.unique(np.stack([codes, days.astype(np.int64)]), axis=1, return_inverse=True)
        part = {k: np.bincount(row, v, key.shape[1]) for k, v in sums.items()}
        parts.append(
            {"segment": key[0], "cohort_day": key[1], "cut": np.full(key.shape[1], cut), **part}
        )
    arrays = {k: np.concatenate([part[k] for part in parts]) for k in parts[0]}
    arrays["unit"] = np.full(len(arrays["cut"]), UNIT)
    return Columns(arrays, {"cut": tuple(names), "segment": labels})


def _bins(
    days: np.ndarray,
    p: np.ndarray,
    a: np.ndarray,
    cut_loss: np.ndarray,
    known: np.ndarray,
    w: np.ndarray,
    loss: str,
    quantile: float,
    largest: float | None,
    l_unit: float,
) -> Columns:
    if largest is None:
        return Columns({})
    steep = {"absolute": 1.0, "squared": np.inf, "quantile": max(quantile, 1 - quantile)}[loss]
    with np.errstate(invalid="ignore"):
        stake = np.where(a == p, 0.0, np.minimum(steep * np.abs(a - p), largest))
    d = np.where(known, cut_loss[0] - cut_loss[1], stake)
    with np.errstate(divide="ignore"):
        place = np.floor(-2 * np.log2(np.abs(d) / largest))
    bins = np.where(d == 0, 0, np.sign(d) * (40 - np.minimum(place, 39))).astype(np.int64)
    key, row = np.unique(
        np.stack([days.astype(np.int64), known, bins]), axis=1, return_inverse=True
    )
    return Columns(
        {
            "cohort_day": key[0],
            "outcome_known": key[1],
            "difference_bin": key[2],
            "unit": np.full(key.shape[1], UNIT),
            "n": np.bincount(row, w, key.shape[1]).astype(np.int64),
            "difference": np.bincount(row, w * d / l_unit, key.shape[1]),
        }
    )
