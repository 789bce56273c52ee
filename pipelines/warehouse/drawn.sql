-- Cases drawn for review: frozen when drawn, never drawn anew, carried over by a rebuild.

CREATE TABLE IF NOT EXISTS review_rounds (      -- one row a draw
    drawn_at        TIMESTAMPTZ,
    candidate       VARCHAR,
    model_version   VARCHAR,
    round           INTEGER,
    first_day       DATE,                  -- of the cases it drew from; null: timeless
    last_day        DATE,
    population      BIGINT,
    drawn           BIGINT
);
CREATE TABLE IF NOT EXISTS review_frame (       -- what was drawn from, by stratum and segment
    drawn_at        TIMESTAMPTZ,
    candidate       VARCHAR,
    model_version   VARCHAR,
    round           INTEGER,
    stratum         VARCHAR,
    agree           BOOLEAN,
    cut             VARCHAR,
    segment         VARCHAR,
    population      BIGINT,
    drawn           BIGINT
);
CREATE TABLE IF NOT EXISTS review_cases (       -- the cases that were drawn, as they were then
    drawn_at        TIMESTAMPTZ,
    candidate       VARCHAR,
    model_version   VARCHAR,
    round           INTEGER,
    position        INTEGER,
    decision_id     VARCHAR,
    cohort_day      DATE,
    stratum         VARCHAR,
    agree           BOOLEAN,
    chance          DOUBLE,
    second          BOOLEAN,
    decision        VARCHAR,
    recommendation  VARCHAR,
    segments        MAP(VARCHAR, VARCHAR)  -- cut to segment
);
CREATE TABLE IF NOT EXISTS review_kept (        -- judgements of purged cases, counted
    kept_at         TIMESTAMPTZ,
    candidate       VARCHAR,
    model_version   VARCHAR,
    round           INTEGER,
    stratum         VARCHAR,
    agree           BOOLEAN,
    cut             VARCHAR,
    segment         VARCHAR,
    judgement       VARCHAR,
    other           VARCHAR,
    reason          VARCHAR,
    n               BIGINT
);
