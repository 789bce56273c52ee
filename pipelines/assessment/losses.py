"""Numbers and their losses as whole numbers of a fixed unit: their sums are exact.

Sums of floating-point numbers depend on the order of the rows, so two ways of splitting the same
cases would give two results. Here every value is divided by a unit, rounded, and added up as a
whole number of up to 128 bits. The unit follows from the study file alone, so that the same cases
are counted alike whenever, and in however many parts, they come.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from data_contracts.study.decision import Decision
from data_contracts.vocabulary import Loss

FRACTION = 20
"""A value is counted in units of the tolerance divided by two to this power."""
SQUARED = 30
"""Binary places by which the unit of squared losses is larger than the squared unit of values."""
LARGEST = 2**49
"""No number counts more units than this, so that sums of squares fit for any number of cases."""
HALF_OCTAVES = 40
"""Bins of loss differences on each side of 0; each next edge is larger by the root of two."""

SUMS = (
    *("known", "open_differ", "beyond_production", "beyond_candidate", "clipped"),
    *("e_p", "e_a", "ee_p", "ee_a", "abs_p", "abs_a", "abs_dd"),
    *("sq_p", "sq_a", "sqsq_p", "sqsq_a", "sq_dd"),
    *("loss_p", "loss_a", "ll_p", "ll_a", "loss_dd"),
    *("y", "yy", "y_p", "y_a", "pairs", "x", "z", "xx", "zz", "dd", "open_d", "open_dd"),
    "difference",
)
"""Columns of `cells` that are sums over its alike cases; null where values are classes."""


@dataclass(frozen=True, slots=True)
class LossColumns:
    """SQL that turns the cases of a numeric study into sums.

    Attributes
    ----------
    values
        Columns to be made of each case first: its numbers in units.
    losses
        Columns to be made of those.
    keys
        Further columns that cases must share to be counted as alike.
    sums
        The sums, by `SUMS`.
    """

    values: str
    losses: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]


def unit_of(decision: Decision) -> float:
    """Return the size of one unit: a power of two, so that dividing by it rounds nothing.

    Examples
    --------
    >>> unit_of(Decision(type="numeric", tolerance=8)) == 8 / 2**FRACTION
    True
    """
    scale = decision.tolerance or decision.largest_loss or 1.0
    return math.ldexp(1.0, math.floor(math.log2(scale)) - FRACTION)


def loss_columns(decision: Decision) -> LossColumns:
    """Return the SQL for a decision's registered loss."""
    unit = unit_of(decision)
    answered = "answer = 'answered' AND recommendation IS NOT NULL"
    given = f"CASE WHEN {answered} THEN recommendation ELSE decision END"
    clipped = f"greatest(abs(decision), abs({given}), coalesce(abs(outcome), 0)) / {unit!r}"
    values = (
        f"{_whole('decision', unit)} AS x, {_whole(given, unit)} AS z,"
        f" {_whole('outcome', unit)} AS y, {answered} AS both_answered,"
        f" coalesce({clipped} > {LARGEST}, false) AS too_large"
    )
    cut, loss_unit = decision.largest_loss, unit
    if decision.loss is Loss.SQUARED:
        loss_unit = unit * unit * 2.0**SQUARED
    most = LARGEST if cut is None else min(LARGEST, max(1, round(cut / loss_unit)))
    parts = [
        f"{side} - y AS e{arm}, abs({side} - y) AS a{arm}, {_squared(f'({side} - y)')} AS s{arm},"
        f" {_loss(decision, side)} AS raw{arm}, {_at_most(_loss(decision, side), most)} AS l{arm}"
        for side, arm in (("x", "p"), ("z", "a"))
    ]
    bounded = cut is not None
    own = bounded or decision.loss is Loss.QUANTILE  # else it is the absolute or squared one
    at_stake = _at_stake(decision, most)
    difference = f"CASE WHEN y IS NULL THEN {at_stake} ELSE lp - la END"
    losses = f"*, {', '.join(parts)}, {difference if bounded else 'NULL'} AS at_stake"
    return LossColumns(values, losses, _keys(bounded, most), _sums(own, bounded, cut is not None))


def _whole(value: str, unit: float) -> str:
    """Return a value in units; null stays null, which `least` and `greatest` would pass over."""
    scaled = f"({value}) / {unit!r}"
    beyond = f"WHEN {scaled} > {LARGEST} THEN {LARGEST} WHEN {scaled} < -{LARGEST} THEN -{LARGEST}"
    return f"CAST(CASE {beyond} ELSE round({scaled}) END AS BIGINT)"


def _at_most(value: str, most: int) -> str:
    return f"CASE WHEN {value} > {most} THEN {most} ELSE {value} END"


def _squared(of: str) -> str:
    square = _at_most(f"{of}::DOUBLE * {of} / {2**SQUARED}", LARGEST)
    return f"CAST(round({square}) AS BIGINT)"


def _loss(decision: Decision, side: str) -> str:
    match decision.loss:
        case Loss.ABSOLUTE:
            return f"abs({side} - y)"
        case Loss.SQUARED:
            return _squared(f"({side} - y)")
        case Loss.QUANTILE:
            q = decision.quantile or 0.0
            steeper = f"greatest({q!r} * (y - {side}), {1 - q!r} * ({side} - y))"
            return f"CAST(round({steeper}) AS BIGINT)"


def _at_stake(decision: Decision, most: int) -> str:
    """Return by how much the two losses can differ at most, whatever the outcome."""
    match decision.loss:
        case Loss.ABSOLUTE:
            return f"least(abs(x - z), {most})"
        case Loss.SQUARED:
            return f"CASE WHEN x = z THEN 0 ELSE {most} END"
        case Loss.QUANTILE:
            steepest = max(decision.quantile or 0, 1 - (decision.quantile or 0))
            return f"least(CAST(ceil({steepest!r} * abs(x - z)) AS BIGINT), {most})"


def _keys(bounded: bool, most: int) -> tuple[str, ...]:
    if not bounded:
        return ()
    place = f"floor(-2 * log2(abs(at_stake) / {float(most)!r}))"
    number = f"{HALF_OCTAVES} - least({place}, {HALF_OCTAVES - 1})"
    return (
        f"CASE WHEN at_stake = 0 THEN 0 ELSE CAST(sign(at_stake) * ({number}) AS INTEGER) END"
        " AS difference_bin",
        "y IS NOT NULL AS outcome_known",
    )


def _sums(own: bool, bounded: bool, cut: bool) -> tuple[str, ...]:
    def total(of: str, name: str, where: str = "") -> str:
        return f"CAST(sum({of}){where} AS HUGEINT) AS {name}"

    def product(left: str, right: str) -> str:
        return f"CAST({left} AS HUGEINT) * {right}"

    def count(where: str, name: str) -> str:
        return f"CAST(count(*) FILTER ({where}) AS HUGEINT) AS {name}"

    nothing = "CAST(NULL AS HUGEINT) AS "
    open_, both = " FILTER (y IS NULL AND x <> z)", " FILTER (both_answered)"
    found = [
        count("y IS NOT NULL", "known"),
        count("y IS NULL AND x <> z", "open_differ"),
        count("rawp > lp" if cut else "false", "beyond_production"),
        count("rawa > la" if cut else "false", "beyond_candidate"),
        count("too_large", "clipped"),
        *(total(f"e{arm}", f"e_{arm}") for arm in "pa"),
        *(total(product(f"e{arm}", f"e{arm}"), f"ee_{arm}") for arm in "pa"),
        *(total(f"a{arm}", f"abs_{arm}") for arm in "pa"),
        total(product("(ap - aa)", "(ap - aa)"), "abs_dd"),
        *(total(f"s{arm}", f"sq_{arm}") for arm in "pa"),
        *(total(product(f"s{arm}", f"s{arm}"), f"sqsq_{arm}") for arm in "pa"),
        total(product("(sp - sa)", "(sp - sa)"), "sq_dd"),
    ]
    if own:
        found += [total(f"l{arm}", f"loss_{arm}") for arm in "pa"]
        found += [total(product(f"l{arm}", f"l{arm}"), f"ll_{arm}") for arm in "pa"]
        found.append(total(product("(lp - la)", "(lp - la)"), "loss_dd"))
    else:
        found += [nothing + name for name in ("loss_p", "loss_a", "ll_p", "ll_a", "loss_dd")]
    found += [
        total("abs(y)", "y"),
        total(product("y", "y"), "yy"),
        *(total(product("abs(y)", f"a{arm}"), f"y_{arm}") for arm in "pa"),
        count("both_answered", "pairs"),
        total("x", "x", both),
        total("z", "z", both),
        total(product("x", "x"), "xx", both),
        total(product("z", "z"), "zz", both),
        total(product("(z - x)", "(z - x)"), "dd", both),
        total("abs(x - z)", "open_d", open_),
        total(product("(x - z)", "(x - z)"), "open_dd", open_),
        total("at_stake", "difference") if bounded else nothing + "difference",
    ]
    return tuple(found)
