-- The warehouse's own tables, around the streams' records.

CREATE TABLE meta (name VARCHAR, value VARCHAR);

CREATE TABLE runs (                 -- one row a commit of an ingest
    run             BIGINT,
    started_at      TIMESTAMPTZ,
    ended_at        TIMESTAMPTZ,
    understudy      VARCHAR                -- version of the software
);
CREATE TABLE sources (              -- the ledger: every file read
    source_no       INTEGER,
    run             BIGINT,
    stream          VARCHAR,
    source          VARCHAR,               -- what the study calls the source it belongs to
    path            VARCHAR,
    bytes           BIGINT,
    modified_ns     BIGINT,
    sha256          VARCHAR,
    state           VARCHAR,               -- ingested | refused | withdrawn
    read            BIGINT,
    accepted        BIGINT,
    rejected        BIGINT,
    message         VARCHAR
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
CREATE TABLE books (
    run             BIGINT,
    ended_at        TIMESTAMPTZ,
    subject         VARCHAR,
    rule            VARCHAR,
    terms           VARCHAR,               -- JSON object
    balanced        BOOLEAN
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
    basis           VARCHAR                -- hash of everything the verdict rests on
);
CREATE SCHEMA measures;
