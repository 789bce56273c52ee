-- Records of each stream per cohort day: decisions, recommendations for them, outcomes of them.
SELECT candidate, model_version, cohort_day,
       count(*) AS decisions,
       count(*) FILTER (answer <> 'missing') AS recommendations,
       count(outcome) AS outcomes
FROM cases
GROUP BY ALL
