"""A measure in memory: equally long integer and number columns, texts as codes with labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_DAY = int(np.iinfo(np.int32).min)
"""Day number of a case without a cohort day."""

UNKNOWN = -1
"""Code of a null."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one measure table.

    Attributes
    ----------
    arrays
        Column name to array; all have the same length. Days are whole days since 1970-01-01
        (`NO_DAY` for null), texts are codes into `labels` (`UNKNOWN` for null), truth values are
        1, 0 or `UNKNOWN`, counts are 64-bit integers.
    labels
        Texts of the coded columns.
    memo
        What has been worked out from these columns and would be the same again; evaluators that
        look at the same table share it.
    """

    arrays: Mapping[str, NDArray[Any]]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(next(iter(self.arrays.values()))) if self.arrays else 0

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.arrays[name]

    def code(self, column: str, label: str) -> int:
        """Return the code of a label in a column; `UNKNOWN - 1`, which no row has, if absent.

        Examples
        --------
        >>> table = Columns({"cut": np.array([0, 1])}, {"cut": ("all", "origin")})
        >>> table.code("cut", "origin"), table.code("cut", "carrier")
        (1, -2)
        """
        names = self.labels[column]
        return names.index(label) if label in names else UNKNOWN - 1

    def where(self, keep: NDArray[np.bool_]) -> Columns:
        """Return the rows for which `keep` is true."""
        return Columns({name: array[keep] for name, array in self.arrays.items()}, self.labels)


Measures = Mapping[str, Columns]
"""Measure tables of one candidate version, by the name of their SQL file."""
