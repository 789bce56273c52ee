"""Means of numbers that are known by their logarithms, and too large or small to be written out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def log_mean_exp(logs: Numbers, axis: int = -1) -> Numbers:
    """Return the logarithm of the mean of ``exp(logs)`` along an axis.

    Parameters
    ----------
    logs
        Natural logarithms; minus infinity stands for 0.

    Returns
    -------
    array
        One axis less. Where all are minus infinity, minus infinity.

    Examples
    --------
    >>> float(log_mean_exp(np.log(np.array([1.0, 3.0]))).round(4))
    0.6931
    >>> float(log_mean_exp(np.array([1000.0, 1000.0])))
    1000.0
    """
    top = logs.max(axis=axis, keepdims=True)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        mean = np.log(np.exp(logs - safe).mean(axis=axis))
    found: Numbers = np.squeeze(safe, axis) + mean
    return found
