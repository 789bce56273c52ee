-- cuts: all
-- Records per cohort day: decisions, recommendations that exist for them, outcomes known.
SELECT candidate, model_version, cohort_day, cut, segment,
       count(*) AS decisions,
       count(*) FILTER (answer <> 'missing') AS recommendations,
       count(*) FILTER (observed) AS outcomes
FROM cases
GROUP BY ALL
