-- The data: what came in, what was found in it, what did not come.

CREATE TABLE books (                -- of every run, oldest first
    run             BIGINT NOT NULL,
    ended_at        TIMESTAMPTZ NOT NULL,
    subject         VARCHAR NOT NULL,      -- stream or candidate
    rule            VARCHAR NOT NULL,      -- in words, e.g. `read = accepted + rejected`
    terms           VARCHAR NOT NULL,      -- JSON object, name to number
    balanced        BOOLEAN NOT NULL
);
CREATE TABLE sources (              -- the ledger: every file read
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,      -- what the study calls the source the file belongs to
    path            VARCHAR NOT NULL,
    state           VARCHAR NOT NULL,      -- ingested | refused | withdrawn
    sha256          VARCHAR NOT NULL,
    bytes           BIGINT NOT NULL,
    read            BIGINT NOT NULL,
    accepted        BIGINT NOT NULL,
    rejected        BIGINT NOT NULL,
    message         VARCHAR NOT NULL,      -- why it was refused, or what was noticed; may be empty
    run             BIGINT NOT NULL,
    contract_version VARCHAR               -- version of the mapping it was read by; may be empty
);
CREATE TABLE quarantine_counts (
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    path            VARCHAR NOT NULL,
    reason          VARCHAR NOT NULL,
    field           VARCHAR NOT NULL,
    state           VARCHAR NOT NULL,      -- waiting | resubmitted | purged: a late record of a purged case
    n               BIGINT NOT NULL
);
CREATE TABLE checks (               -- what was expected of the data, and what was found, run by run
    run             BIGINT NOT NULL,
    checked_at      TIMESTAMPTZ NOT NULL,
    stream          VARCHAR NOT NULL,
    "check"         VARCHAR NOT NULL,      -- its name, unique in the suite
    kind            VARCHAR NOT NULL,
    field           VARCHAR NOT NULL,      -- empty: about the stream as a whole
    severity        VARCHAR NOT NULL,      -- critical | warning | info
    status          VARCHAR NOT NULL,
    sentence        VARCHAR NOT NULL,      -- what was found, in words
    expected        VARCHAR NOT NULL,
    unexpected      BIGINT NOT NULL,       -- rows that are not as expected
    n               BIGINT NOT NULL,       -- rows (or days) looked at
    suite           VARCHAR NOT NULL       -- hash of the suite it belongs to
);
CREATE TABLE schema_changes (       -- files whose columns are not what they were before
    run             BIGINT NOT NULL,
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    path            VARCHAR NOT NULL,      -- first file with the change
    day             DATE,                  -- first day it is about; null where the file has none
    kind            VARCHAR NOT NULL,
    "column"        VARCHAR NOT NULL,
    rule            VARCHAR NOT NULL,      -- accept | quarantine | stop
    files           BIGINT DEFAULT 1,      -- files of the run that show it
    sentence        VARCHAR NOT NULL
);
CREATE TABLE arrival_lags (         -- how long after the event records arrive
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    weekday         INTEGER NOT NULL,      -- of the event, 1 = Monday
    lag_days        INTEGER NOT NULL,
    n               BIGINT NOT NULL
);
CREATE TABLE watermarks (           -- up to which day each source has reported
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    reporter        VARCHAR NOT NULL,      -- unit inside the source, e.g. a store; may be empty
    last_day        DATE NOT NULL,
    n               BIGINT NOT NULL,
    overdue_days    INTEGER NOT NULL       -- 0: on time
);
CREATE TABLE overdue (              -- what was expected and did not come, in words
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    units           INTEGER NOT NULL,      -- reporters, or sources, it is about
    silent          BOOLEAN NOT NULL,      -- still silent; else days left out by units that report again
    since           DATE NOT NULL,         -- last day reported, or first day left out
    days            INTEGER NOT NULL,      -- days owed
    expected        DOUBLE NOT NULL,       -- records a day
    found           DOUBLE NOT NULL,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE arrival_notes (        -- habits of lateness, and records in an impossible order
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    kind            VARCHAR NOT NULL,      -- late_weekday | recorded_before_event | after_file | outcome_before_decision
    n               BIGINT NOT NULL,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE conflicts (            -- cases about which two sources disagree
    stream          VARCHAR NOT NULL,
    field           VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,      -- the one that holds, or the first by name
    other_source    VARCHAR NOT NULL,
    rule            VARCHAR NOT NULL,      -- latest | source_priority | quarantine
    n               BIGINT NOT NULL
);
CREATE TABLE conflict_examples (    -- some of them, with both values
    stream          VARCHAR NOT NULL,
    record          VARCHAR NOT NULL,      -- its key
    field           VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    value           VARCHAR NOT NULL,
    other_source    VARCHAR NOT NULL,
    other_value     VARCHAR NOT NULL
);
CREATE TABLE data_cliff (           -- pilot data against production, field by field
    stream          VARCHAR NOT NULL,
    field           VARCHAR NOT NULL,
    aspect          VARCHAR NOT NULL,      -- missing | range | categories | freshness | duplicates | revisions | set_aside
    pilot           DOUBLE,
    production      DOUBLE,
    "limit"         DOUBLE,
    beyond          BOOLEAN NOT NULL,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE accuracy_change (      -- accuracy in the pilot and in production, and what moved it
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    arm             VARCHAR NOT NULL,      -- production | candidate
    cut             VARCHAR NOT NULL,
    pilot           DOUBLE,
    production      DOUBLE,
    mix             DOUBLE,                -- part of the change that other cases explain
    within          DOUBLE,                -- part that happened inside the segments both have
    within_low      DOUBLE,
    within_high     DOUBLE,
    arrived         DOUBLE,                -- part that segments explain which the pilot never had
    gone            DOUBLE,                -- part that segments explain which only the pilot had
    arrived_share   DOUBLE,                -- their share of production's, of the pilot's cases
    gone_share      DOUBLE,
    interaction     DOUBLE,                -- of the threefold form, seen from the pilot
    n_pilot         BIGINT NOT NULL,
    n_production    BIGINT NOT NULL,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE purges (               -- raw records that were removed; their counts are kept
    purged_at       TIMESTAMPTZ NOT NULL,
    before          DATE NOT NULL,
    stream          VARCHAR NOT NULL,      -- or `quarantine`: rows whose values were removed
    records         BIGINT NOT NULL
);
