-- Cases of a study that serves them one after the other, by day and score: `score_step` s holds the
-- scores from s/100000 on. `positive`: the outcome is the positive class. Elsewhere `priority` is
-- null and nothing is read. A case without a score is not here: it keeps its day.
SELECT candidate, model_version, cohort_day,
       CAST(floor(priority * 100000) AS BIGINT) AS score_step, positive, count(*) AS n
FROM cases
WHERE priority IS NOT NULL AND answer = 'answered'
GROUP BY ALL
