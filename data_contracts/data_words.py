"""The closed sets of words about data as they arrive: files, rows, checks, changes, arrivals."""

from enum import StrEnum


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


class Treatment(StrEnum):
    """What is done with a sensitive field before anything of it is written anywhere."""

    KEEP = "keep"
    PSEUDONYMISE = "pseudonymise"
    DROP = "drop"


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


class DriftKind(StrEnum):
    """What may drift."""

    INPUT = "input"
    """A declared feature."""
    MIX = "mix"
    """How the cases are shared out among the segments of a cut."""
    RECOMMENDATION = "recommendation"
    """What the candidate says."""
    DECISION = "decision"
    """What production decides."""
    SCORE = "score"
    """The candidate's score."""
    OUTCOME = "outcome"
    """What turned out to be true, of mature cases."""
