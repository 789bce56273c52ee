-- Cases in which the decider said first what they meant to decide: who was right before and after
-- the recommendation, and whether the final decision is the recommended one. Truth values are null
-- where the outcome, or one of the decisions, is not known.
SELECT candidate, model_version, cohort_day, CAST(answer AS VARCHAR) AS answer,
       initial_decision = outcome AS initial_right, recommendation = outcome AS candidate_right,
       decision = outcome AS final_right, decision = recommendation AS followed,
       initial_decision = recommendation AS agreed_before, count(*) AS n
FROM cases
WHERE initial_decision IS NOT NULL
GROUP BY ALL
