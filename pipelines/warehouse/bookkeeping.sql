-- The warehouse's own tables, around the streams' records.

CREATE TABLE meta (name VARCHAR, value VARCHAR);

CREATE TABLE runs (                 -- one row a commit of an ingest
    run             BIGINT,
    started_at      TIMESTAMPTZ,
    ended_at        TIMESTAMPTZ,
    understudy      VARCHAR                -- version of the software
);
CREATE TABLE sources (              -- the ledger: every file read, and every reading of a table
    source_no       INTEGER,
    run             BIGINT,
    stream          VARCHAR,
    source          VARCHAR,               -- what the study calls the source it belongs to
    path            VARCHAR,
    bytes           BIGINT,
    modified_ns     BIGINT,
    sha256          VARCHAR,
    state           VARCHAR,               -- ingested | refused
    read            BIGINT,
    accepted        BIGINT,
    rejected        BIGINT,
    message         VARCHAR,
    contract_version VARCHAR               -- version of the mapping it was read by; may be empty
);
CREATE TABLE withdrawals (          -- refused files that were taken away
    withdrawn_at    TIMESTAMPTZ,
    source_no       INTEGER
);
CREATE TABLE disputed (             -- keys about which two sources disagree now
    stream          VARCHAR,
    record          VARCHAR[]              -- values of the key, in order
);
CREATE TABLE source_positions (     -- up to where tables of databases were read
    run             BIGINT,
    source_no       INTEGER,
    stream          VARCHAR,
    identity        VARCHAR,               -- connection, watermark column and table or query
    high            VARCHAR,               -- greatest watermark read, as the database writes it
    tail            VARCHAR                -- fingerprint of the rows the next run reads again
);
CREATE TABLE quarantine (           -- rows that were not accepted
    run             BIGINT,
    stream          VARCHAR,
    source_no       INTEGER,
    row_no          BIGINT,                -- in its file, from 1
    reason          VARCHAR,
    field           VARCHAR,
    raw             MAP(VARCHAR, VARCHAR)  -- the source's own columns; sensitive values masked
);
CREATE TABLE resubmissions (        -- rows of the quarantine that were submitted again
    run             BIGINT,
    stream          VARCHAR,
    source_no       INTEGER,               -- the file they came in, and their row there
    row_no          BIGINT,
    entry           VARCHAR,               -- the row's one name: stream, hash of its first file, row there
    first_path      VARCHAR,
    first_row       BIGINT
);
CREATE TABLE set_aside (            -- records that were not taken in because their case is purged
    run             BIGINT,
    stream          VARCHAR,
    source_no       INTEGER,
    reason          VARCHAR,
    records         BIGINT
);
CREATE TABLE purges (               -- raw records that were removed; their counts are kept
    purged_at       TIMESTAMPTZ,
    before          DATE,
    stream          VARCHAR,               -- or `quarantine`: rows whose values were removed
    records         BIGINT
);
CREATE TABLE purged_days (          -- how many decisions were removed of each cohort day
    purged_at       TIMESTAMPTZ,
    cohort_day      DATE,
    decisions       BIGINT
);
CREATE TABLE purged_cases (         -- salted fingerprints, by which late records are known
    purged_at       TIMESTAMPTZ,
    fingerprint     UBIGINT
);
CREATE TABLE books (
    run             BIGINT,
    ended_at        TIMESTAMPTZ,
    subject         VARCHAR,
    rule            VARCHAR,
    terms           VARCHAR,               -- JSON object
    balanced        BOOLEAN
);
CREATE TABLE checks (               -- what was expected of the data, and what was found
    run             BIGINT,
    checked_at      TIMESTAMPTZ,
    stream          VARCHAR,
    "check"         VARCHAR,               -- its name, unique in the suite
    kind            VARCHAR,
    field           VARCHAR,               -- empty: about the stream as a whole
    severity        VARCHAR,               -- critical | warning | info
    status          VARCHAR,
    sentence        VARCHAR,
    expected        VARCHAR,
    unexpected      BIGINT,
    n               BIGINT,
    first_run       BIGINT,                -- rows of this run and later ones were looked at
    definition      VARCHAR,               -- hash of the check
    suite           VARCHAR                -- hash of the suite it belongs to
);
CREATE TABLE arrivals (             -- records by the day they are about and the day they came
    run             BIGINT,
    stream          VARCHAR,
    source_no       INTEGER,
    reporter        VARCHAR,               -- empty: none declared, or not known
    event_day       DATE,                  -- UTC day of the stream's event time
    arrival_day     DATE,                  -- UTC day of the time below
    timed_by        VARCHAR,               -- record | file | run
    n               BIGINT,                -- records that were new; corrections are not counted
    before_event    BIGINT,                -- those recorded before they happened
    after_file      BIGINT                 -- those that happened after their file was changed last
);
CREATE TABLE baselines (            -- profiles of pilot data; the latest one is compared with
    registered_at   TIMESTAMPTZ,
    hash            VARCHAR,               -- SHA-256 of the profile
    pilot           VARCHAR,               -- where the pilot's data were read from
    profile         VARCHAR                -- JSON
);
CREATE TABLE field_counts (         -- values of the records of each run, as the baseline groups them
    run             BIGINT,
    stream          VARCHAR,
    field           VARCHAR,
    value           VARCHAR,               -- null: missing
    n               BIGINT
);
CREATE TABLE file_shapes (          -- what holds for the columns of a stream, source and version
    run             BIGINT,                -- the run whose files it was last told from
    stream          VARCHAR,
    source          VARCHAR,
    version         VARCHAR,
    source_no       INTEGER,               -- the last accepted file
    position        INTEGER,
    "column"        VARCHAR,
    kind            VARCHAR,
    form            VARCHAR[],             -- how dates and times are written
    seen            BIGINT,                -- values looked at
    missing         BIGINT,
    shares          VARCHAR,               -- JSON object: of each kind, the share of the values
    vocabulary      VARCHAR,               -- JSON object, value to count; null: too many; {}: unknown
    files           BIGINT,
    grown           BIGINT,                -- files that brought values not seen before
    open_ended      BOOLEAN,
    rows            BIGINT                 -- looked at in the last file
);
CREATE TABLE schema_changes (       -- files whose columns are not what they were before
    run             BIGINT,
    stream          VARCHAR,
    source          VARCHAR,
    path            VARCHAR,               -- first file with the change
    day             DATE,                  -- first day it is about
    kind            VARCHAR,
    "column"        VARCHAR,
    rule            VARCHAR,               -- accept | quarantine | stop
    what            VARCHAR,               -- in words, without where and since when
    sentence        VARCHAR,
    files           BIGINT                 -- files of the run that show it
);
CREATE TABLE drift_reference (      -- frozen bins of the features, and how many values each held
    run             BIGINT,                -- last run whose records it was made from
    definition      VARCHAR,               -- hash of what was asked for
    feature         VARCHAR,
    pilot           BOOLEAN,               -- made from the baseline, not from the first weeks
    bin             INTEGER,               -- 0, 1, ...; -1: no value, -2: never seen
    label           VARCHAR,
    edge            DOUBLE,                -- of numbers: least value of the bin; null: open, or no number
    centre          DOUBLE,                -- of numbers: mean of its values
    spread          DOUBLE,                -- of numbers: standard deviation of all values
    known           UBIGINT[],             -- of texts: fingerprints of the values it holds
    n               BIGINT
);
CREATE TABLE touched_days (         -- cohort days whose measures have to be computed again
    cohort_day      DATE,
    every_day       BOOLEAN
);
CREATE TABLE registrations (
    registered_at   TIMESTAMPTZ,
    policy_hash     VARCHAR,
    policy          VARCHAR                -- JSON
);
CREATE TABLE verdicts (
    evidence_no     BIGINT,
    published_at    TIMESTAMPTZ,
    data_to         DATE,
    position        INTEGER,
    candidate       VARCHAR,
    model_version   VARCHAR,
    state           VARCHAR,
    sentence        VARCHAR,
    policy_hash     VARCHAR,
    basis           VARCHAR,               -- hash of everything the verdict rests on
    run             BIGINT,                -- last run it knew; null once the warehouse was rebuilt
    gates           VARCHAR                -- rows of the published gates, as JSON
);
CREATE SCHEMA measures;
