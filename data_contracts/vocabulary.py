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


class Treatment(StrEnum):
    """What is done with a sensitive field before anything of it is written anywhere."""

    KEEP = "keep"
    PSEUDONYMISE = "pseudonymise"
    DROP = "drop"


class FileState(StrEnum):
    """What became of a source file in the ledger."""

    INGESTED = "ingested"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConflictRule(StrEnum):
    """Which record holds when two sources of a stream disagree about the same case.

    `LATEST`: the latest, whoever says it. `SOURCE_PRIORITY`: that of the source listed first.
    `QUARANTINE`: none, until they agree.
    """

    LATEST = "latest"
    SOURCE_PRIORITY = "source_priority"
    QUARANTINE = "quarantine"


class Severity(StrEnum):
    """What a failed check means: `CRITICAL` blocks the verdict, `WARNING` is told, `INFO` noted."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class CheckKind(StrEnum):
    """What a check is about; the first five look at single rows, the others at the stream."""

    REQUIRED = "required"
    ALLOWED = "allowed"
    RANGE = "range"
    PATTERN = "pattern"
    MISSING = "missing"
    TYPE = "type"
    UNIQUE = "unique"
    REFERENCE = "reference"
    FRESHNESS = "freshness"
    VOLUME = "volume"
    SET_ASIDE = "set_aside"
    SQL = "sql"


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class TimedBy(StrEnum):
    """What says on which day a record arrived."""

    RECORD = "record"
    FILE = "file"
    RUN = "run"


class ArrivalNote(StrEnum):
    """What is noticed about the order and the lateness of records."""

    LATE_WEEKDAY = "late_weekday"
    RECORDED_BEFORE_EVENT = "recorded_before_event"
    AFTER_FILE = "after_file"
    OUTCOME_BEFORE_DECISION = "outcome_before_decision"


class CliffAspect(StrEnum):
    """In what production data can differ from the pilot's."""

    MISSING = "missing"
    RANGE = "range"
    CATEGORIES = "categories"
    FRESHNESS = "freshness"
    DUPLICATES = "duplicates"
    REVISIONS = "revisions"
    SET_ASIDE = "set_aside"


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
    NOT_APPLICABLE = "not_applicable"
    FAULT = "fault"


class Rejection(StrEnum):
    """Why a row was not accepted and went to quarantine."""

    MISSING_VALUE = "missing_value"
    WRONG_TYPE = "wrong_type"
    NOT_ALLOWED = "not_allowed"
    OUT_OF_RANGE = "out_of_range"
    BAD_TIMESTAMP = "bad_timestamp"
    TIME_WITHOUT_ZONE = "time_without_zone"
    TIME_DOES_NOT_EXIST = "time_does_not_exist"
    UNKNOWN_CANDIDATE = "unknown_candidate"
    NO_RECOMMENDATION = "no_recommendation"
    MALFORMED_ROW = "malformed_row"
    SCHEMA_CHANGED = "schema_changed"


class ChangeKind(StrEnum):
    """How the columns of a file differ from those of the files before it."""

    RENAMED = "renamed"
    RETYPED = "retyped"
    ADDED = "added"
    MISSING = "missing"
    REFORMATTED = "reformatted"
    NEW_VALUES = "new_values"
    VERSION = "version"


class ChangeRule(StrEnum):
    """What is done with a file whose columns have changed."""

    ACCEPT = "accept"
    QUARANTINE = "quarantine"
    STOP = "stop"


class ValueKind(StrEnum):
    """What the values of a source column look like."""

    EMPTY = "empty"
    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "truth"
    TIME = "time"
    TEXT = "text"
