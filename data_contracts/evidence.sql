-- Published evidence: written by pipelines, read by the dashboard and by `understudy status`.
-- One small DuckDB file for each publication. Measures are published beside these tables, under
-- the names of their SQL files, with the columns those files select; `slice_counts` is not, since
-- all segments at once may single out a person.

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
    policy_hash     VARCHAR NOT NULL
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
CREATE TABLE books (                -- of every run, oldest first
    run             BIGINT NOT NULL,
    ended_at        TIMESTAMPTZ NOT NULL,
    subject         VARCHAR NOT NULL,      -- stream or candidate
    rule            VARCHAR NOT NULL,      -- in words, e.g. `read = accepted + rejected`
    terms           VARCHAR NOT NULL,      -- JSON object, name to number
    balanced        BOOLEAN NOT NULL
);
CREATE TABLE sources (              -- the ledger: every file read
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,      -- what the study calls the source the file belongs to
    path            VARCHAR NOT NULL,
    state           VARCHAR NOT NULL,      -- ingested | refused | withdrawn
    sha256          VARCHAR NOT NULL,
    bytes           BIGINT NOT NULL,
    read            BIGINT NOT NULL,
    accepted        BIGINT NOT NULL,
    rejected        BIGINT NOT NULL,
    message         VARCHAR NOT NULL,      -- why it was refused, or what was noticed; may be empty
    run             BIGINT NOT NULL,
    contract_version VARCHAR               -- version of the mapping it was read by; may be empty
);
CREATE TABLE quarantine_counts (
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    path            VARCHAR NOT NULL,
    reason          VARCHAR NOT NULL,
    field           VARCHAR NOT NULL,
    state           VARCHAR NOT NULL,      -- waiting | resubmitted | purged: a late record of a purged case
    n               BIGINT NOT NULL
);
CREATE TABLE checks (               -- what was expected of the data, and what was found, run by run
    run             BIGINT NOT NULL,
    checked_at      TIMESTAMPTZ NOT NULL,
    stream          VARCHAR NOT NULL,
    "check"         VARCHAR NOT NULL,      -- its name, unique in the suite
    kind            VARCHAR NOT NULL,
    field           VARCHAR NOT NULL,      -- empty: about the stream as a whole
    severity        VARCHAR NOT NULL,      -- critical | warning | info
    status          VARCHAR NOT NULL,
    sentence        VARCHAR NOT NULL,      -- what was found, in words
    expected        VARCHAR NOT NULL,
    unexpected      BIGINT NOT NULL,       -- rows that are not as expected
    n               BIGINT NOT NULL,       -- rows (or days) looked at
    suite           VARCHAR NOT NULL       -- hash of the suite it belongs to
);
CREATE TABLE schema_changes (       -- files whose columns are not what they were before
    run             BIGINT NOT NULL,
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    path            VARCHAR NOT NULL,      -- first file with the change
    day             DATE,                  -- first day it is about; null where the file has none
    kind            VARCHAR NOT NULL,
    "column"        VARCHAR NOT NULL,
    rule            VARCHAR NOT NULL,      -- accept | quarantine | stop
    files           BIGINT DEFAULT 1,      -- files of the run that show it
    sentence        VARCHAR NOT NULL
);
CREATE TABLE arrival_lags (         -- how long after the event records arrive
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    weekday         INTEGER NOT NULL,      -- of the event, 1 = Monday
    lag_days        INTEGER NOT NULL,
    n               BIGINT NOT NULL
);
CREATE TABLE watermarks (           -- up to which day each source has reported
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    reporter        VARCHAR NOT NULL,      -- unit inside the source, e.g. a store; may be empty
    last_day        DATE NOT NULL,
    n               BIGINT NOT NULL,
    overdue_days    INTEGER NOT NULL       -- 0: on time
);
CREATE TABLE overdue (              -- what was expected and did not come, in words
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    units           INTEGER NOT NULL,      -- reporters, or sources, it is about
    silent          BOOLEAN NOT NULL,      -- still silent; else days left out by units that report again
    since           DATE NOT NULL,         -- last day reported, or first day left out
    days            INTEGER NOT NULL,      -- days owed
    expected        DOUBLE NOT NULL,       -- records a day
    found           DOUBLE NOT NULL,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE arrival_notes (        -- habits of lateness, and records in an impossible order
    stream          VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    kind            VARCHAR NOT NULL,      -- late_weekday | recorded_before_event | after_file | outcome_before_decision
    n               BIGINT NOT NULL,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE conflicts (            -- cases about which two sources disagree
    stream          VARCHAR NOT NULL,
    field           VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,      -- the one that holds, or the first by name
    other_source    VARCHAR NOT NULL,
    rule            VARCHAR NOT NULL,      -- latest | source_priority | quarantine
    n               BIGINT NOT NULL
);
CREATE TABLE conflict_examples (    -- some of them, with both values
    stream          VARCHAR NOT NULL,
    record          VARCHAR NOT NULL,      -- its key
    field           VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    value           VARCHAR NOT NULL,
    other_source    VARCHAR NOT NULL,
    other_value     VARCHAR NOT NULL
);
CREATE TABLE data_cliff (           -- pilot data against production, field by field
    stream          VARCHAR NOT NULL,
    field           VARCHAR NOT NULL,
    aspect          VARCHAR NOT NULL,      -- missing | range | categories | freshness | duplicates | revisions | set_aside
    pilot           DOUBLE,
    production      DOUBLE,
    "limit"         DOUBLE,
    beyond          BOOLEAN NOT NULL,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE accuracy_change (      -- accuracy in the pilot and in production, and what moved it
    candidate       VARCHAR NOT NULL,
    model_version   VARCHAR NOT NULL,
    arm             VARCHAR NOT NULL,      -- production | candidate
    cut             VARCHAR NOT NULL,
    pilot           DOUBLE,
    production      DOUBLE,
    mix             DOUBLE,                -- part of the change that other cases explain
    within          DOUBLE,                -- part that happened inside the segments both have
    within_low      DOUBLE,
    within_high     DOUBLE,
    arrived         DOUBLE,                -- part that segments explain which the pilot never had
    gone            DOUBLE,                -- part that segments explain which only the pilot had
    arrived_share   DOUBLE,                -- their share of production's, of the pilot's cases
    gone_share      DOUBLE,
    interaction     DOUBLE,                -- of the threefold form, seen from the pilot
    n_pilot         BIGINT NOT NULL,
    n_production    BIGINT NOT NULL,
    sentence        VARCHAR NOT NULL
);
CREATE TABLE purges (               -- raw records that were removed; their counts are kept
    purged_at       TIMESTAMPTZ NOT NULL,
    before          DATE NOT NULL,
    stream          VARCHAR NOT NULL,      -- or `quarantine`: rows whose values were removed
    records         BIGINT NOT NULL
);
CREATE TABLE standings (            -- every segment at the latest look, missing outcomes filled
);
CREATE TABLE loss_intervals (       -- numeric decisions: production's mean loss minus the candidate's
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
