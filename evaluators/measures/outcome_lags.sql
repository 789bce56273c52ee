-- cuts: all
-- How many whole days after the decision the outcome was observed, by outcome; cases that have
-- none yet stand with a null lag, so that shares have their denominator.
SELECT candidate, model_version, cohort_day, cut, segment, outcome,
       CAST(floor(date_diff('second', decided_at, observed_at) / 86400) AS BIGINT) AS lag_days,
       count(*) AS n
FROM cases
GROUP BY ALL
