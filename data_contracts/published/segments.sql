-- Segments against each other.

CREATE TABLE segment_ranking (      -- every segment of every cut, the lowest shrunken difference first
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    position        INTEGER NOT NULL,      -- in its cut, from 1
    segment         VARCHAR NOT NULL,
    n               BIGINT NOT NULL,       -- mature cases
    pooled          INTEGER NOT NULL,      -- small segments this row stands for; 0: one segment
    estimate        DOUBLE,
    low             DOUBLE,                -- valid at any look
    high            DOUBLE,
    "limit"         DOUBLE NOT NULL,       -- worst acceptable difference, negative
    shrunken        DOUBLE,                -- for order only
    spread          DOUBLE,                -- standard deviation of the shrunken difference
    log10_e_good    DOUBLE NOT NULL,       -- evidence for "better than the limit"
    log10_e_worse   DOUBLE NOT NULL,
    shown_each      VARCHAR NOT NULL,      -- at least as good | worse | undecided | no data, by Holm
    shown_listed    VARCHAR NOT NULL       -- the same by e-BH: few of the list are wrong
);
CREATE TABLE segment_cuts (         -- every cut as a whole
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    segments        INTEGER NOT NULL,      -- tested singly, and all small ones as one
    pooled          INTEGER NOT NULL,
    "limit"         DOUBLE NOT NULL,
    good_at_least   INTEGER NOT NULL,      -- lower bound, jointly, at any look
    good_at_least_one_look INTEGER NOT NULL, -- lower bound if this were the only look
    shown_good      INTEGER NOT NULL,      -- one by one, by Holm
    shown_worse     INTEGER NOT NULL,
    volume_good     DOUBLE NOT NULL,       -- lower bound on the share of cases in good segments
    mean            DOUBLE,                -- common mean of the segments
    q               DOUBLE,                -- Cochran's Q
    q_p             DOUBLE,                -- of one look
    i2              DOUBLE,
    tau2            DOUBLE,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE worst_slices (         -- the search for slices in which the candidate is worse
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    slice           VARCHAR,               -- null: the row about the search as a whole, always first
    n               BIGINT NOT NULL,       -- cases in the half that confirms; of the search: in the other
    estimate        DOUBLE,                -- difference in the half that confirms
    low             DOUBLE,                -- valid at any look, for this slice alone
    high            DOUBLE,
    error           DOUBLE,                -- at which it is shown worse than production, all together
    effect          DOUBLE,                -- of the search: standardised difference from the rest
    score           DOUBLE,                -- SliceLine's
    searched        INTEGER NOT NULL,      -- slices with enough cases
    shortlisted     INTEGER NOT NULL,      -- of them, held against the other half; at most 20
    confirmed       INTEGER NOT NULL,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE fairness (             -- how often each protected group is selected by each side
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    arm             VARCHAR NOT NULL,      -- production | candidate
    segment         VARCHAR NOT NULL,
    rate            VARCHAR NOT NULL,      -- selected | found (true positive) | alarmed (false positive)
    estimate        DOUBLE,
    low             DOUBLE,                -- Wilson, of one look
    high            DOUBLE,
    n               BIGINT NOT NULL,
    left_out        BOOLEAN NOT NULL       -- without a case, and so not in the gap
);
CREATE TABLE fairness_gaps (        -- largest differences between protected groups
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    gap             VARCHAR NOT NULL,      -- selection | opportunity | odds | selection_ratio
    groups          INTEGER NOT NULL,
    left_out        INTEGER NOT NULL,      -- groups without a case
    production_gap  DOUBLE,
    candidate_gap   DOUBLE,
    change          DOUBLE,                -- candidate minus production
    low             DOUBLE,                -- from drawing days, of one look
    high            DOUBLE,
    low_any_look    DOUBLE,                -- whatever is open, at every look
    high_any_look   DOUBLE,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE fairness_pairs (       -- protected groups two by two, of one look
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    arm             VARCHAR NOT NULL,
    rate            VARCHAR NOT NULL,
    segment         VARCHAR NOT NULL,
    other           VARCHAR NOT NULL,
    difference      DOUBLE,                -- segment minus other
    low             DOUBLE,                -- all pairs together (Bonferroni)
    high            DOUBLE,
    p               DOUBLE                 -- adjusted by Holm
);
