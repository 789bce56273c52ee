-- Disagreements that chance alone could have let through, so that their outcome could be seen, by
-- the logged chance. Empty where nothing was left to chance.
SELECT candidate, model_version, cohort_day, answer::VARCHAR AS answer,
       decision::VARCHAR AS decision, recommendation::VARCHAR AS recommendation,
       outcome::VARCHAR AS outcome, round(exploration, 6) AS chance, count(*) AS n
FROM cases
WHERE exploration > 0 AND answer = 'answered' AND decision <> recommendation
GROUP BY ALL
