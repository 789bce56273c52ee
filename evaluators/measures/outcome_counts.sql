-- Cases of every segment by what production decided, what the candidate gave and what was true.
SELECT candidate, model_version, cohort_day, cut, segment, answer, decision, recommendation, outcome,
       agree, production_right, candidate_right, sum(n)::BIGINT AS n
FROM cells
GROUP BY ALL
