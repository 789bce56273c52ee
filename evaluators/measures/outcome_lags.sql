-- How many whole days after the decision the outcome was observed. Cases that have no outcome yet
-- stand with a null lag, so that shares have their denominator.
SELECT candidate, model_version, cohort_day, lag_days, count(*) AS n
FROM cases
GROUP BY ALL
