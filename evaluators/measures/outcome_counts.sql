-- cuts: every
-- Cases by what production decided, what the candidate gave and what turned out to be true.
SELECT candidate, model_version, cohort_day, cut, segment, answer, decision, recommendation, outcome,
       agree, production_right, candidate_right, count(*) AS n
FROM cases
GROUP BY ALL
