-- Outcomes: how they arrive, whom they leave out, what cannot be seen.

CREATE TABLE label_arrival (        -- how outcomes arrive by age, class by class and `(any)`
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    outcome         VARCHAR NOT NULL,
    age             INTEGER NOT NULL,      -- whole days after the decision
    arrived         DOUBLE,                -- share of all cases that have this outcome by that age
    arrived_low     DOUBLE,
    arrived_high    DOUBLE,
    share           DOUBLE,                -- of the class's own outcomes, as far as they were watched
    low             DOUBLE,
    high            DOUBLE,
    at_risk         BIGINT NOT NULL,       -- cases watched for so long that had no outcome before
    needed_days     INTEGER,               -- by which 98 % have come, in whole weeks; null: not known
    declared_days   INTEGER NOT NULL,      -- `matures_after_days`
    sentence        VARCHAR NOT NULL
);
CREATE TABLE outcome_coverage_bias (-- which mature cases have their outcome
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    grouping        VARCHAR NOT NULL,      -- `disagreement`, `score`, or the name of a cut
    level           VARCHAR NOT NULL,
    n               BIGINT NOT NULL,
    labelled        BIGINT NOT NULL,
    share           DOUBLE,
    standardised_difference DOUBLE,
    chi_square      DOUBLE,                -- of the grouping
    p               DOUBLE,                -- for one look
    p_holm          DOUBLE,                -- adjusted for the number of groupings
    evidence        DOUBLE,                -- log of an e-value, good at any number of looks
    blocking        BOOLEAN NOT NULL
);
CREATE TABLE selective_bounds (     -- what outcomes that cannot be seen leave possible
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cut             VARCHAR NOT NULL,
    segment         VARCHAR NOT NULL,
    n               BIGINT NOT NULL,
    only_candidate  BIGINT NOT NULL,       -- cases only the candidate got right
    only_production BIGINT NOT NULL,
    hidden          BIGINT NOT NULL,       -- disagreements whose outcome cannot be seen
    late            BIGINT NOT NULL,       -- disagreements whose outcome could be seen and is missing
    worst           DOUBLE,                -- difference in accuracy, without sampling error
    best            DOUBLE,
    low             DOUBLE,                -- Imbens and Manski's interval, for one look
    high            DOUBLE,
    anytime_low     DOUBLE,                -- as in the gates
    anytime_high    DOUBLE,
    margin          DOUBLE NOT NULL,
    break_even      DOUBLE,                -- share of the hidden that must be the candidate's
    comparable_good DOUBLE,                -- where both chose what can be seen: share that was right
    comparable      BIGINT NOT NULL,
    tipping_odds    DOUBLE,                -- how many times worse the odds may be
    trial           BIGINT NOT NULL,       -- hidden cases let through at random, if one did
    trial_reach     DOUBLE,                -- half the width the bar would then have
    explored        DOUBLE,                -- hidden cases that were seen by chance
    explored_effective DOUBLE,
    explored_estimate DOUBLE,
    explored_low    DOUBLE,
    explored_high   DOUBLE,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE selective_sensitivity (-- the difference under assumptions about what cannot be seen
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    assumption      VARCHAR NOT NULL,      -- share: of good ones; odds: how many times worse
    value           DOUBLE NOT NULL,
    good            DOUBLE NOT NULL,       -- share of good ones it comes to
    difference      DOUBLE,
    low             DOUBLE,                -- anytime lower end under the assumption
    margin          DOUBLE NOT NULL
);
CREATE TABLE contraction (          -- failures by share accepted, where outcomes are selective
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    kind            VARCHAR NOT NULL,      -- candidate | decider
    decider         INTEGER NOT NULL,      -- a number; 1 has decided the most cases
    acceptance      DOUBLE NOT NULL,
    failure         DOUBLE,                -- bad cases among the accepted, by all cases decided
    low             DOUBLE,
    high            DOUBLE,
    n               BIGINT NOT NULL,
    assignment_p    DOUBLE,                -- small: cases do not come to deciders at random
    sentence        VARCHAR NOT NULL
);
