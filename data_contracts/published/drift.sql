-- What has moved since the reference.

CREATE TABLE drift (                -- how far what is watched has moved from its reference
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    kind            VARCHAR NOT NULL,      -- input | mix | recommendation | decision | score | outcome
    name            VARCHAR NOT NULL,      -- of the feature or cut, else of the column
    weeks           INTEGER NOT NULL,      -- 1; more: the last weeks together
    first_day       DATE NOT NULL,
    day             DATE NOT NULL,         -- last cohort day
    n_reference     BIGINT NOT NULL,
    n_current       BIGINT NOT NULL,
    effect          DOUBLE NOT NULL,       -- design effect of days, by which both were divided
    psi             DOUBLE,                -- with half a case per bin; small bins merged
    psi_debiased    DOUBLE,                -- less what chance explains; may be negative
    critical        DOUBLE,                -- what chance exceeds once in twenty: least shift that can be told
    p               DOUBLE,
    p_adjusted      DOUBLE,                -- among all subjects of the same week (false discovery rate)
    js              DOUBLE,                -- Jensen-Shannon distance
    ks              DOUBLE,                -- of ordered values; as the three below
    ks_p            DOUBLE,
    w1              DOUBLE,                -- Wasserstein distance in standard deviations of the reference
    w1_p            DOUBLE,                -- by relabelling; latest rows only
    unseen          DOUBLE,                -- share of values the reference never held
    missing         DOUBLE,                -- share without a value
    alarm           BOOLEAN NOT NULL,      -- beyond chance, and large enough to matter
    cannot_tell     BOOLEAN NOT NULL,      -- too few cases
    sentence        VARCHAR NOT NULL
);
CREATE TABLE drift_bins (           -- shares of cases by bin; bins were frozen with the reference
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    kind            VARCHAR NOT NULL,
    name            VARCHAR NOT NULL,
    position        INTEGER NOT NULL,
    label           VARCHAR NOT NULL,
    centre          DOUBLE,                -- mean of the reference's values in it, of ordered values
    reference       DOUBLE,
    latest          DOUBLE,                -- in the latest whole week
    together        DOUBLE                 -- in the last four whole weeks
);
