-- Numbers and forecasts.

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
