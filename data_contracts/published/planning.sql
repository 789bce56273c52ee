-- What is still needed, and what it is worth.

CREATE TABLE plan (                 -- what each gate about the difference still needs, segment by segment
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    gate            VARCHAR NOT NULL,
    kind            VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    segment         VARCHAR NOT NULL,
    margin          DOUBLE NOT NULL,
    n               BIGINT NOT NULL,       -- mature cases so far
    disagreement    DOUBLE,                -- as expected of the cases to come
    difference      DOUBLE,
    fixed_cases     BIGINT,                -- cases in all for a test looked at once; null: none is enough
    more_cases      BIGINT,                -- further cases; 0: shown already; null: none is enough
    a_week          DOUBLE,                -- cases a week so far; null: no days
    earliest        DATE,                  -- null: shown already, or no day can be named
    latest          DATE,
    reachable       BOOLEAN NOT NULL
);
CREATE TABLE value_sensitivity (    -- saving per case if one declared cost were another
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    item            VARCHAR NOT NULL,      -- decision, or `unit value`, or `review`
    outcome         VARCHAR NOT NULL,      -- empty where the item has none
    factor          DOUBLE NOT NULL,       -- 1: as declared
    cost            DOUBLE NOT NULL,
    saving          DOUBLE NOT NULL,
    low             DOUBLE NOT NULL,       -- what unknown outcomes leave possible, without sampling
    high            DOUBLE NOT NULL
);
