-- People's blind reviews of drawn cases, and what they come to.

CREATE TABLE review_queue (         -- cases drawn for review, with what a reviewer is shown
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    round           INTEGER NOT NULL,      -- 1, 2, ...
    position        INTEGER NOT NULL,      -- order of judging, from 1; by chance
    decision_id     VARCHAR NOT NULL,
    cohort_day      DATE,
    stratum         VARCHAR NOT NULL,      -- e.g. `on_time, late` (production, candidate), or `agreement`
    agree           BOOLEAN NOT NULL,      -- one of the agreements that are mixed in as a control
    chance          DOUBLE NOT NULL,       -- of having been drawn
    second          BOOLEAN NOT NULL,      -- judged by two people
    decision        VARCHAR NOT NULL,      -- what production decided
    recommendation  VARCHAR NOT NULL,
    facts           VARCHAR NOT NULL,      -- JSON object: what is known of the case, name to text
    judged          BIGINT NOT NULL        -- people who have judged it, as far as was read
);
CREATE TABLE review_rounds (        -- the draws, and what came of them
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    round           INTEGER NOT NULL,
    drawn_at        TIMESTAMPTZ NOT NULL,
    first_day       DATE,
    last_day        DATE,
    population      BIGINT NOT NULL,
    drawn           BIGINT NOT NULL,
    late            BIGINT NOT NULL        -- cases of these days that came later; never drawn
);
CREATE TABLE review_uses (          -- what became of the reviews that were read
    use             VARCHAR NOT NULL,      -- used | second opinions | further opinions | withdrawn |
    n               BIGINT NOT NULL        --   not drawn | unknown (no such case or candidate)
);
CREATE TABLE review_strata (        -- how many there are, were drawn and have been judged
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    round           INTEGER NOT NULL,
    stratum         VARCHAR NOT NULL,
    agree           BOOLEAN NOT NULL,
    first_day       DATE,
    last_day        DATE,
    population      BIGINT NOT NULL,
    drawn           BIGINT NOT NULL,
    judged          BIGINT NOT NULL
);
CREATE TABLE review_results (       -- who was right: shares of the population, weighted by stratum
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    part            VARCHAR NOT NULL,      -- disagreements | agreements | stratum | segment
    cut             VARCHAR NOT NULL,      -- of a segment; else empty
    name            VARCHAR NOT NULL,      -- of the stratum or segment; else empty
    judgement       VARCHAR NOT NULL,      -- production | candidate | both | neither | cannot_tell |
                                           --   known_difference, whoever was right
    estimate        DOUBLE,
    low             DOUBLE,                -- MOVER-Wilson, of one look
    high            DOUBLE,
    judged          BIGINT NOT NULL,
    drawn           BIGINT NOT NULL,
    population      BIGINT NOT NULL,
    said            BIGINT                 -- of the judged; not weighted, unlike the share
);
CREATE TABLE review_agreement (     -- cases that two people judged
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    cases           BIGINT NOT NULL,
    reviewers       BIGINT NOT NULL,
    agreement       DOUBLE,
    ac1             DOUBLE,                -- Gwet's
    ac1_low         DOUBLE,
    ac1_high        DOUBLE,
    usable          BOOLEAN NOT NULL,      -- AC1 of at least 0.6: the reviews may serve as truth
    sentence        VARCHAR NOT NULL
);
CREATE TABLE review_reasons (       -- why the two differ, as reviewers said
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    reason          VARCHAR NOT NULL,      -- empty: none given
    known           BOOLEAN NOT NULL,      -- a known difference, counted apart
    judged          BIGINT NOT NULL,
    share           DOUBLE,                -- of all disagreements, weighted by stratum
    low             DOUBLE,
    high            DOUBLE
);
