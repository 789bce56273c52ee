-- Questions that production decided several times: of all with the same number of judgements, how
-- many ordered pairs agree, how many are the most frequent decision of their question, and how many
-- the candidate agrees with; one row for each class. A question belongs to its first cohort day.
-- Empty where the study declares no `repeats`.
WITH counted AS (
    SELECT candidate, model_version, item, decision::VARCHAR AS decision, min(cohort_day) AS first_day,
           count(*) AS n,
           count(*) FILTER (answer = 'answered') AS answered,
           count(*) FILTER (answer = 'answered' AND decision = recommendation) AS agreeing_answers
    FROM repeated
    WHERE answer <> 'exposed' AND item IS NOT NULL AND decision IS NOT NULL
    GROUP BY ALL
), questions AS (
    SELECT candidate, model_version, item, min(first_day) AS cohort_day, sum(n)::BIGINT AS judgements,
           sum(n * (n - 1))::BIGINT AS agreeing_pairs, max(n)::BIGINT AS most,
           sum(answered)::BIGINT AS answered, sum(agreeing_answers)::BIGINT AS agreeing_answers
    FROM counted
    GROUP BY ALL
    HAVING sum(n) > 1
), sizes AS (
    SELECT candidate, model_version, cohort_day, judgements, count(*)::BIGINT AS items,
           sum(agreeing_pairs)::BIGINT AS agreeing_pairs, sum(most)::BIGINT AS most,
           sum(answered)::BIGINT AS answered, sum(agreeing_answers)::BIGINT AS agreeing_answers
    FROM questions
    GROUP BY ALL
)
-- The sums of a size stand in the row without a class, the judgements by class in the others.
SELECT candidate, model_version, cohort_day, judgements, CAST(NULL AS VARCHAR) AS decision, items,
       agreeing_pairs, most, answered, agreeing_answers, 0::BIGINT AS n
FROM sizes
UNION ALL
SELECT candidate, model_version, q.cohort_day, q.judgements, c.decision, 0, 0, 0, 0, 0,
       sum(c.n)::BIGINT
FROM counted c JOIN questions q USING (candidate, model_version, item)
GROUP BY ALL
