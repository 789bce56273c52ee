-- Histogram of production's loss minus the candidate's, as a share of the largest loss a case may
-- count. Edges are fixed: 0 and plus and minus 2^(-k/2); bin b > 0 ends at 2^((b-40)/2), bin 0 holds
-- exactly 0. Where the outcome is not known: by how much the two losses can differ at most.
SELECT candidate, model_version, cohort_day, outcome_known, difference_bin, unit,
       sum(n)::BIGINT AS n, sum(difference) AS difference
FROM cells
WHERE cut = 'all' AND difference_bin IS NOT NULL AND answer NOT IN ('hindsight', 'exposed')
GROUP BY ALL
