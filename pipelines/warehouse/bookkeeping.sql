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
    state           VARCHAR,               -- ingested | refused | withdrawn
    read            BIGINT,
    accepted        BIGINT,
    rejected        BIGINT,
    message         VARCHAR
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
CREATE TABLE books (
    run             BIGINT,
    ended_at        TIMESTAMPTZ,
    subject         VARCHAR,
    rule            VARCHAR,
    terms           VARCHAR,               -- JSON object
    balanced        BOOLEAN
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
