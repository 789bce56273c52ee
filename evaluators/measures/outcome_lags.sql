-- How many whole days after the decision the outcome was observed, by outcome where it is a class.
-- Cases that have no outcome yet stand with nulls, so that shares have their denominator.
SELECT * REPLACE (outcome::VARCHAR AS outcome)
FROM (SELECT candidate, model_version, cohort_day, lag_days,
             CASE WHEN typeof(outcome) <> 'DOUBLE' THEN outcome END AS outcome, count(*) AS n
      FROM cases
      GROUP BY ALL)
