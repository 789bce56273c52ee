-- Histogram of the candidate's scores by outcome. Edges are fixed, so parts merge: fiftieths
-- between 0 and 1, whole numbers elsewhere; `score_from` is a bin's lower edge.
SELECT candidate, model_version, cohort_day,
       CASE WHEN score BETWEEN 0 AND 1 THEN floor(score * 50) / 50 ELSE floor(score) END AS score_from,
       outcome::VARCHAR AS outcome, count(*) AS n
FROM cases
WHERE score IS NOT NULL AND answer = 'answered'
GROUP BY ALL
