"""The closed sets of words: every state and kind that code, tables and screens share."""

from enum import StrEnum


class Stream(StrEnum):
    """One of the five append-only streams; everything that happens is a record in one of them."""

    DECISIONS = "decisions"
    RECOMMENDATIONS = "recommendations"
    OUTCOMES = "outcomes"
    REVIEWS = "reviews"
    SIGNOFFS = "signoffs"


class Mode(StrEnum):
    """How the candidate runs beside production."""

    SHADOW = "shadow"
    PARALLEL = "parallel"


class RiskTier(StrEnum):
    """How much harm a wrong decision can do; sets the defaults of the policy."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class DecisionType(StrEnum):
    """What kind of value a decision is."""

    BINARY = "binary"
    CATEGORICAL = "categorical"
    ORDINAL = "ordinal"
    NUMERIC = "numeric"


class ScoreMeaning(StrEnum):
    """What a candidate's score says; decides what may be computed from it."""

    PROBABILITY = "probability"
    CONFIDENCE = "confidence"
    RANK = "rank"


class Loss(StrEnum):
    """What one wrong number costs; of a numeric decision."""

    ABSOLUTE = "absolute"
    SQUARED = "squared"
    QUANTILE = "quantile"


class Answer(StrEnum):
    """What a candidate gave for a case.

    Only `ANSWERED` can differ from production. `MISSING` (no record at all), `ABSTAINED`,
    `ESCALATED` and `ERROR` fall back to production: difference 0, counted as unanswered.
    `HINDSIGHT` (dated after the outcome) and `EXPOSED` (the decider had seen it) are reported
    and left out of the comparison.
    """

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    ESCALATED = "escalated"
    ERROR = "error"
    MISSING = "missing"
    HINDSIGHT = "hindsight"
    EXPOSED = "exposed"


class Status(StrEnum):
    """What a finding or a gate came to. `NO_DATA` never passes a gate."""

    PASS = "PASS"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    NO_DATA = "NO_DATA"
    ERROR = "ERROR"


class Shown(StrEnum):
    """What an interval against a limit shows about one segment, singly."""

    BETTER = "better"
    AT_LEAST_AS_GOOD = "at least as good"
    UNDECIDED = "undecided"
    WORSE = "worse"
    NO_DATA = "no data"


class VerdictState(StrEnum):
    """The answer to "may it go live?"."""

    GO = "GO"
    NO_GO = "NO_GO"
    COLLECTING = "COLLECTING"
    BLOCKED = "BLOCKED"


class GateFamily(StrEnum):
    """What a gate is about. A failed `DATA` gate blocks the verdict."""

    DATA = "data"
    DURATION = "duration"
    QUALITY = "quality"
    SEGMENTS = "segments"
    RISK = "risk"
    STABILITY = "stability"
    OPERATIONS = "operations"
    ADOPTION = "adoption"
    GOVERNANCE = "governance"
    BUSINESS = "business"


class Reason(StrEnum):
    """Why a finding or a gate has the status it has; sentences are made at the edge."""

    OK = "ok"
    NO_CASES = "no_cases"
    NO_OUTCOMES = "no_outcomes"
    NO_TIMES = "no_times"
    NOT_MATURE = "not_mature"
    TOO_FEW_WEEKS = "too_few_weeks"
    TOO_FEW_CLUSTERS = "too_few_clusters"
    TOO_FEW_CASES = "too_few_cases"
    SINGLE_CLASS = "single_class"
    WITHIN_LIMIT = "within_limit"
    BEYOND_LIMIT = "beyond_limit"
    UNDECIDED = "undecided"
    DAY_WITHOUT_RECOMMENDATIONS = "day_without_recommendations"
    BOOKS_UNBALANCED = "books_unbalanced"
    FILES_REFUSED = "files_refused"
    ROWS_IN_QUARANTINE = "rows_in_quarantine"
    SOURCES_DISAGREE = "sources_disagree"
    CHECKS_FAILED = "checks_failed"
    REPORTERS_SILENT = "reporters_silent"
    NO_BASELINE = "no_baseline"
    DATA_CHANGED = "data_changed"
    OUTCOMES_BROKEN = "outcomes_broken"
    OUTCOMES_HIDDEN = "outcomes_hidden"
    COVERAGE_DIFFERS = "coverage_differs"
    SCORES_OUTSIDE = "scores_outside"
    NOT_APPLICABLE = "not_applicable"
    FAULT = "fault"


class ValueKind(StrEnum):
    """What the values of a source column look like."""

    EMPTY = "empty"
    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "truth"
    TIME = "time"
    TEXT = "text"


class Standing(StrEnum):
    """What the evidence on a segment's difference allows to say, at every look."""

    PASS_SUPERIOR = "pass_superior"
    PASS_NONINFERIOR = "pass_noninferior"
    FAIL = "fail"
    HARM_FLAG = "harm_flag"
    CONTINUE = "continue"
    NO_DATA = "no_data"
