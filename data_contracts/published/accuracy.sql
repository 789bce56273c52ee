-- Who is right, segment by segment, and whether that has changed.

CREATE TABLE standings (            -- every segment at the latest look, missing outcomes filled
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    segment         VARCHAR NOT NULL,
    state           VARCHAR NOT NULL,      -- pass_superior | pass_noninferior | fail | harm_flag | continue | no_data
    n               BIGINT NOT NULL,
    wins            BIGINT NOT NULL,       -- only the candidate right
    losses          BIGINT NOT NULL,       -- only production right
    open_disagreements BIGINT NOT NULL,
    estimate        DOUBLE,
    low             DOUBLE NOT NULL,       -- valid at every look
    high            DOUBLE NOT NULL,
    "limit"         DOUBLE,                -- worst acceptable difference, where one is registered
    log_e_noninferior DOUBLE,              -- natural logarithms of e-values
    log_e_superior  DOUBLE NOT NULL,
    log_e_different DOUBLE NOT NULL,       -- two-sided, exact: McNemar at every look
    anytime_p       DOUBLE NOT NULL,       -- of log_e_different, over all looks so far
    days            BIGINT NOT NULL,       -- with cases
    entities        BIGINT,                -- of the declared cluster that has fewest
    design_effect   DOUBLE NOT NULL,
    one_look_low    DOUBLE,       -- Tango; null: none; for one look at a number of cases fixed before
    one_look_high   DOUBLE,
    one_look_p      DOUBLE        -- McNemar mid-p; for one look
);
CREATE TABLE change_detection (     -- has the difference fallen since? day by day
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    segment         VARCHAR NOT NULL,
    day             DATE NOT NULL,         -- mature cohort day
    n               BIGINT NOT NULL,
    wins            BIGINT NOT NULL,
    losses          BIGINT NOT NULL,
    open_disagreements BIGINT NOT NULL,
    "floor"         DOUBLE NOT NULL,       -- difference that is watched
    detector        DOUBLE NOT NULL,       -- e-detector; alarm from the threshold on
    threshold       DOUBLE NOT NULL,       -- average days between false alarms of this monitor
    alarm           BOOLEAN NOT NULL,      -- an alarm is open
    alarm_day       DATE,                  -- day it was raised
    change_day      DATE                   -- estimated first day after the change
);
