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
    message         VARCHAR,
    contract_version VARCHAR               -- version of the mapping it was read by; may be empty
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
