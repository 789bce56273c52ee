-- Scores: whether they come true, and what they would leave to people.

CREATE TABLE reliability (          -- how often scores of each tenth came true; mature cases
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    score_from      DOUBLE NOT NULL,
    score_to        DOUBLE NOT NULL,
    n               BIGINT NOT NULL,
    known           BIGINT NOT NULL,       -- cases whose outcome is known
    mean_score      DOUBLE,                -- of those
    came_true       DOUBLE,                -- share of those
    low             DOUBLE,                -- Wilson interval for one look; null below 20 outcomes
    high            DOUBLE
);
CREATE TABLE risk_coverage (        -- what answering only the surest cases would come to
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    threshold       DOUBLE NOT NULL,       -- least confidence of an answer
    n               BIGINT NOT NULL,       -- mature cases answered with at least that
    known           BIGINT NOT NULL,
    errors          BIGINT NOT NULL,
    coverage        DOUBLE,                -- share of all mature cases
    coverage_low    DOUBLE,                -- intervals valid at any look, each for its own threshold
    coverage_high   DOUBLE,
    risk            DOUBLE,                -- share of errors among answered cases
    risk_low        DOUBLE,
    risk_high       DOUBLE,
    left_share      DOUBLE,                -- share of cases left to people
    left_per_day    DOUBLE,                -- null in a timeless study
    left_per_day_p95 DOUBLE                -- not exceeded on 95 days in 100 (Poisson)
);
