"""The comparison of a table of pairs, with the measures and findings of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from data_contracts.study.decision import Decision, Outcome
from data_contracts.study.mapping import Column
from data_contracts.study.model import Candidate, Streams, Study
from data_contracts.study.policy import Plan, Policy
from data_contracts.study.production import Person, Production
from data_contracts.vocabulary import DecisionType, RiskTier, ScoreMeaning
from evaluators.assess import assess
from evaluators.scope import DataState
from pipelines.assessment.load import load_measures
from pipelines.assessment.measures import refresh_measures
from pipelines.assessment.scopes import scopes_of, study_days
from pipelines.in_memory.pairs import PairsUnusable, Roles, arrow_table, as_label, fill, labels_in
from pipelines.warehouse.tables import ensure_tables

Named = Sequence[str] | Mapping[str, str]


def compare(
    pairs: Any,
    *,
    decision: str = "decision",
    recommendation: str = "recommendation",
    outcome: str = "outcome",
    segments: Named = (),
    combinations: Sequence[Sequence[str]] = (),
    clusters: Named = (),
    day: str | None = None,
    score: str | None = None,
    exposed: str | None = None,
    classes: Sequence[object] | None = None,
    ordered: bool = False,
    positive: object | None = None,
    tolerance: float | None = None,
    score_means: str = "rank",
    matures_after_days: int = 0,
    starts_on: date | None = None,
    plan: Mapping[str, float] | None = None,
    alpha: float = 0.05,
) -> Any:
    """Return every finding about a table of pairs: the numbers a study would publish for them.

    Parameters
    ----------
    pairs
        One row a case: a pandas or Arrow table (or a frame that offers Arrow's C stream).
    decision, recommendation, outcome
        Names of the columns with production's decision, the candidate's recommendation (empty
        where it gave none) and what turned out to be true (empty where it is not known).
    segments, clusters
        Columns that split the cases, and columns that say which cases belong together; a list of
        columns, or name to column.
    combinations
        Segments to be crossed, e.g. ``[["region", "channel"]]``.
    day
        Column with the day or time of the decision, in UTC. Without it the cases count as
        independent and as one cohort, and the intervals are too sure of themselves where they
        are not.
    score, exposed
        Columns with the candidate's score, and with whether the decider had seen the answer.
    classes
        Values a decision may take; those that occur if None. With `ordered`, in ascending order.
    positive
        The class that false positives and negatives are counted for; makes two classes binary.
    tolerance
        Makes the decision numeric: how far from the outcome still counts as right.
    score_means
        ``probability``, ``confidence`` or ``rank``.
    matures_after_days
        Age in days at which a cohort is expected to have its outcomes.
    starts_on
        First day of the study, so that weeks are cut as there; the first day found if None.
    plan
        ``margin``, ``disagreement`` and perhaps ``difference`` that the bets are tuned to.
    alpha
        Two-sided error of an interval, at any number of looks.

    Returns
    -------
    pandas.DataFrame or pyarrow.Table
        What `pairs` was, pandas or else Arrow, with the columns ``metric, cut, segment, estimate,
        low, high, n, method, status, reason``. Shares and differences are fractions.

    Raises
    ------
    PairsUnusable
        When the table cannot be compared; the message says where, what and what to do.

    Notes
    -----
    The same SQL and the same evaluators as `understudy run`, on an in-memory database. Nothing
    is checked, registered or published: for finding out, not for deciding on a go-live.

    Examples
    --------
    >>> table = pa.table({"decision": ["no", "yes", "no"], "recommendation": ["no", "no", "no"],
    ...                   "outcome": ["no", "no", None]})
    >>> found = compare(table, classes=["no", "yes"])
    >>> [row for row in found.to_pylist() if row["metric"] == "paired_difference"][0]["n"]
    3
    """
    roles = Roles(
        decision=decision,
        recommendation=recommendation,
        outcome=outcome,
        day=day,
        score=score,
        exposed=exposed,
        segments=_named(segments),
        clusters=_named(clusters),
    )
    table = arrow_table(pairs, roles)
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("pairs", table)
        if tolerance is None:
            known = classes if classes is not None else labels_in(connection, table, roles)
            decided = _decision([as_label(one) for one in known], ordered, positive, score_means)
        else:
            decided = Decision(type=DecisionType.NUMERIC, tolerance=tolerance)
        study = Study.model_construct(
            name="pairs",
            title="Pairs in memory",
            risk_tier=RiskTier.LOW,
            production=Production(system="production", owner=Person(name="not said")),
            sponsor=Person(name="not said"),
            decision=decided,
            outcome=Outcome(matures_after_days=matures_after_days),
            candidates=(Candidate(name="candidate", version="1"),),
            streams=Streams.model_construct(decisions=None, recommendations=None),
            timeless=day is None,
            starts_on=starts_on,
            segments={name: Column(column=column) for name, column in roles.segments.items()},
            clusters={name: Column(column=column) for name, column in roles.clusters.items()},
            combinations=tuple(tuple(names) for names in combinations),
            policy=Policy.model_construct(
                alpha=alpha, plan=Plan(**plan) if plan else None, gates=()
            ),
        )
        ensure_tables(connection, study)
        fill(connection, study, table, roles)
        connection.unregister("pairs")
        refresh_measures(connection, study)
        days = study_days(connection, study)
        ((candidate, scope),) = scopes_of(study, days, DataState())
        found = assess(load_measures(connection, candidate), scope, ())
    columns = [pa.table(finding.columns()) for finding in found.findings]
    findings = pa.concat_tables(columns).drop_columns(["candidate", "model_version"])
    return findings.to_pandas() if type(pairs).__module__.startswith("pandas.") else findings


def _named(columns: Named) -> dict[str, str]:
    return dict(columns) if isinstance(columns, Mapping) else {name: name for name in columns}


def _decision(
    classes: list[str], ordered: bool, positive: object | None, score_means: str
) -> Decision:
    """Return the decision of a study with these classes."""
    if len(set(classes)) < 2:
        raise PairsUnusable(
            where="The pairs",
            found=f"{len(set(classes))} class in decisions, recommendations and outcomes",
            expected="at least two",
            hint="Name all that are possible in `classes`, or give a `tolerance` for numbers.",
        )
    kind = DecisionType.ORDINAL if ordered else DecisionType.CATEGORICAL
    if positive is not None and len(classes) == 2:
        kind = DecisionType.BINARY
    try:
        return Decision(
            type=kind,
            classes=tuple(classes),
            positive=None if positive is None else as_label(positive),
            score=ScoreMeaning(score_means),
        )
    except ValueError as fault:
        raise PairsUnusable(
            where="`classes`, `positive` and `score_means`",
            found=f"{classes}, {positive!r} and {score_means!r}",
            expected="a positive class among the classes, and a score that fits them",
            hint=str(fault).splitlines()[-1].strip(),
        ) from fault
