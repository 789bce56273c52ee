"""Every cut as a whole: how many of its segments are good, and whether they differ at all."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincc, ndtr

from evaluators.columns import Measures
from evaluators.kinds import Report, Rows
from evaluators.scope import Scope
from evaluators.segments.segment_standing import CutStanding, standings
from evaluators.statistics.conjunction_at_one_look import (
    good_at_least_at_one_look,
    share_of_volume,
)
from evaluators.statistics.intervals import tango_z
from evaluators.statistics.partial_conjunction import good_at_least
from evaluators.wording import count, percent, points


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row a cut.

    Notes
    -----
    ``good_at_least`` and ``volume_good`` are lower bounds that hold at every look, by partial
    conjunction of e-values over segments that share no case, and by Holm on e-values.
    ``good_at_least_one_look`` is Simes closed testing of Tango's score tests: sharper, and right
    only where nobody looked before and nobody will look again. Q, I squared and tau squared say
    whether segments differ more than chance explains; their p-value is of one look too.

    References
    ----------
    Goeman & Solari (2011), doi:10.1214/11-STS356; Vovk & Wang (2021), doi:10.1214/20-AOS2020;
    Tango (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B;
    Higgins & Thompson (2002), doi:10.1002/sim.1186.
    """
    rows = [_row(one, scope) for one in standings(measures, scope)]
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _row(one: CutStanding, scope: Scope) -> dict[str, object]:
    alpha = scope.alpha / 2
    good, worse = one.shown(alpha, each=True)
    least = int(good_at_least(one.log_good, alpha))
    volume = float(share_of_volume(good, one.n))
    n, wins, losses = one.groups.standing.pessimistic
    with np.errstate(invalid="ignore"):
        p = np.where(n > 0, ndtr(-tango_z(n, wins, losses, one.limit)), 1.0)
    size = len(one.names)
    q, freedom = one.shrunk.heterogeneity, size - 1
    row: dict[str, object] = {
        "cut": one.cut,
        "segments": size,
        "pooled": one.groups.pooled,
        "limit": one.limit,
        "good_at_least": least,
        "good_at_least_one_look": int(good_at_least_at_one_look(np.nan_to_num(p, nan=1.0), alpha)),
        "shown_good": int(good.sum()),
        "shown_worse": int(worse.sum()),
        "volume_good": volume,
        "mean": one.shrunk.mean,
        "q": q,
        "q_p": float(gammaincc(freedom / 2, q / 2)) if freedom > 0 else float("nan"),
        "i2": one.shrunk.inconsistency,
        "tau2": one.shrunk.between,
    }
    return {**row, "sentence": _sentence(one, least, int(worse.sum()), volume)}


def _sentence(one: CutStanding, least: int, worse: int, volume: float) -> str:
    size = len(one.names)
    limit = f"within the limit of {points(one.limit)} points"
    many = f"At least {least:,} of {size:,} segments" if least else f"None of {size:,} segments"
    if size == 1:
        many = "The one segment" if least else "Not yet the one segment"
    said = f"{many} by {one.cut} {'is' if least < 2 else 'are'} shown to be as good {limit}"
    said += f"; those shown one by one hold {percent(volume)} of the cases."
    if worse:
        said += f" {count(worse, 'segment')} {'is' if worse == 1 else 'are'} shown to be worse."
    if size > 1 and one.shrunk.between == 0:
        said += " There is no sign that the segments differ from each other."
    elif size > 1:
        said += (
            f" {percent(one.shrunk.inconsistency)} of the spread between segments is more than"
            " chance explains."
        )
    return said


REPORT = Report("segment_cuts", "Every cut as a whole", ("outcome_counts",), tabulate)
