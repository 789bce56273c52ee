"""The demo's candidate: a boosted-trees model trained on the months before the study."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

NAME = "delay-model"
VERSION = "1.0"
LAST_TRAINING_MONTH = 4
ROUNDS = 150

_NUMBERS = ("dep_delay", "distance", "sched_dep_time", "sched_arr_time")
_NAMES = ("carrier", "origin", "dest")


def late_scores(flights: pa.Table) -> NDArray[np.float64]:
    """Return the candidate's chance of a late arrival, for every flight after its training.

    The model knows what a dispatcher knows when a flight leaves: how late it leaves, how far it
    goes, its schedule, its carrier and its two airports. It has seen January to April only.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    inputs = _inputs(flights)
    month = flights["month"].to_numpy()
    known = pc.is_valid(flights["late"]).to_numpy()
    late = pc.fill_null(flights["late"], False).to_numpy()
    training = (month <= LAST_TRAINING_MONTH) & known
    first_name = len(_NUMBERS)
    model: Any = HistGradientBoostingClassifier(
        max_iter=ROUNDS,
        early_stopping=False,
        random_state=0,
        categorical_features=list(range(first_name, first_name + len(_NAMES))),
    )
    model.fit(inputs[training], late[training])
    scores: NDArray[np.float64] = model.predict_proba(inputs[month > LAST_TRAINING_MONTH])[:, 1]
    return scores


def _inputs(flights: pa.Table) -> NDArray[np.float64]:
    columns = [flights[name].to_numpy() for name in _NUMBERS]
    for name in _NAMES:
        known = pc.unique(flights[name]).sort()
        columns.append(pc.index_in(flights[name], known).to_numpy())
    return np.column_stack(columns).astype(np.float64)
