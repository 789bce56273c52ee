-- Published evidence: written by pipelines, read by the dashboard and by `understudy status`.
-- One small DuckDB file for each publication. Measures are published beside these tables, under
-- the names of their SQL files, with the columns those files select.

CREATE TABLE publication (          -- one row: what this file is
    format          INTEGER NOT NULL,      -- version of this layout
    evidence_no     BIGINT NOT NULL,       -- counts up with every publication
    published_at    TIMESTAMPTZ NOT NULL,
    understudy      VARCHAR NOT NULL,      -- version of the software
    study           VARCHAR NOT NULL,
    title           VARCHAR NOT NULL,
    mode            VARCHAR NOT NULL,
    risk_tier       VARCHAR NOT NULL,
    decision_type   VARCHAR NOT NULL,
    production      VARCHAR NOT NULL,      -- the system in charge
    owner           VARCHAR NOT NULL,
    sponsor         VARCHAR NOT NULL,
    document        VARCHAR NOT NULL,      -- the whole study file, as JSON
    policy_hash     VARCHAR NOT NULL,
    first_day       DATE,                  -- null in a timeless study
    data_to         DATE,                  -- last cohort day
    mature_to       DATE                   -- last cohort day whose outcomes are expected to be in
);
CREATE TABLE registrations (        -- every policy this study was judged by, oldest first
    registered_at   TIMESTAMPTZ NOT NULL,
    policy_hash     VARCHAR NOT NULL,
    policy          VARCHAR NOT NULL       -- JSON
);
CREATE TABLE cuts (                 -- ways the cases are cut; position 0 is `all`
    position        INTEGER NOT NULL,
    cut             VARCHAR NOT NULL,
    "limit"         DOUBLE                 -- worst acceptable difference, negative; null: no gate
);
CREATE TABLE verdicts (             -- every verdict published so far; the latest has evidence_no of publication
    evidence_no     BIGINT NOT NULL,
    published_at    TIMESTAMPTZ NOT NULL,
    data_to         DATE,
    position        INTEGER NOT NULL,      -- of the candidate in the study; 0 is the headline
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    state           VARCHAR NOT NULL,
    sentence        VARCHAR NOT NULL,
    policy_hash     VARCHAR NOT NULL
);
CREATE TABLE gates (                -- gates of the latest verdicts
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    position        INTEGER NOT NULL,
    gate            VARCHAR NOT NULL,
    kind            VARCHAR NOT NULL,
    family          VARCHAR NOT NULL,
    status          VARCHAR NOT NULL,
    reason          VARCHAR NOT NULL,
    rule            VARCHAR NOT NULL,
    sentence        VARCHAR NOT NULL,
    measured        VARCHAR NOT NULL,
    value           DOUBLE,
    low             DOUBLE,
    high            DOUBLE,
    threshold       DOUBLE,
    n               BIGINT NOT NULL,
    since           DATE,
    earliest        DATE,                  -- forecast of passing
    latest          DATE,
    reachable       BOOLEAN,               -- null: no forecast
    settings        VARCHAR NOT NULL       -- JSON, defaults filled in
);
CREATE TABLE findings (
    metric          VARCHAR NOT NULL,
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    segment         VARCHAR NOT NULL,
    estimate        DOUBLE,
    low             DOUBLE,
    high            DOUBLE,
    n               BIGINT NOT NULL,
    method          VARCHAR NOT NULL,
    status          VARCHAR NOT NULL,
    reason          VARCHAR NOT NULL
);
CREATE TABLE trajectory (           -- overall difference, cumulative, at the end of every whole week
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    week            INTEGER NOT NULL,      -- 1, 2, ...
    day             DATE NOT NULL,         -- last cohort day of the week
    mature          BOOLEAN NOT NULL,      -- whether the outcomes of all its cases are expected to be in
    estimate        DOUBLE,                -- null while outcomes may still come
    low             DOUBLE,                -- interval, missing outcomes filled with the worst and best
    high            DOUBLE,
    possible_low    DOUBLE,                -- what missing outcomes leave possible, without sampling
    possible_high   DOUBLE,
    n               BIGINT NOT NULL
);
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
CREATE TABLE loss_intervals (       -- numeric decisions: production's mean loss minus the candidate's
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    segment         VARCHAR NOT NULL,
    metric          VARCHAR NOT NULL,      -- absolute | squared | quantile
    production_loss DOUBLE,
    candidate_loss  DOUBLE,
    difference      DOUBLE,                -- positive: the candidate is better
    naive_low       DOUBLE,                -- one look, cases independent
    naive_high      DOUBLE,
    serial_low      DOUBLE,                -- one look, days resemble the day before
    serial_high     DOUBLE,
    anytime_low     DOUBLE,                -- every look, days resemble the day before
    anytime_high    DOUBLE,
    design_effect   DOUBLE,                -- variance with days and their order, over the naive one
    dm              DOUBLE,                -- Diebold and Mariano's statistic of daily means
    dm_p            DOUBLE,
    days            INTEGER NOT NULL,
    n               BIGINT NOT NULL
);
