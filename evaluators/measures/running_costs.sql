-- What the candidate's records cost and how many tokens they took, per cohort day. Sums are whole
-- numbers, so that they add up exactly: costs in millionths of the study's currency. `priced` and
-- `metered` are the records that say a cost, and a number of tokens.
SELECT candidate, model_version, cohort_day, count(cost) AS priced,
       coalesce(sum(CAST(round(cost * 1e6) AS BIGINT)), 0)::BIGINT AS millionths,
       coalesce(sum(round(cost * 1e6) * round(cost * 1e6)), 0)::DOUBLE AS squares,
       count(*) FILTER (input_tokens IS NOT NULL OR output_tokens IS NOT NULL) AS metered,
       coalesce(sum(CAST(input_tokens AS BIGINT)), 0)::BIGINT AS input_tokens,
       coalesce(sum(CAST(output_tokens AS BIGINT)), 0)::BIGINT AS output_tokens
FROM cases
WHERE cost IS NOT NULL OR input_tokens IS NOT NULL OR output_tokens IS NOT NULL
GROUP BY ALL
