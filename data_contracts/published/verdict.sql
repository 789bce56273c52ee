-- What a publication is, and its verdict.

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
    policy_hash     VARCHAR NOT NULL,
    run             BIGINT                 -- last run it knew; null once the warehouse was rebuilt
);
CREATE TABLE past_gates (           -- gates of every verdict published so far; one row while nothing changes
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    evidence_no     BIGINT NOT NULL,       -- first verdict it was said in
    last_no         BIGINT NOT NULL,       -- last one, with the same words and figures in between
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
    settings        VARCHAR NOT NULL       -- JSON, defaults filled in
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
