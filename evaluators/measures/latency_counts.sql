-- Histogram of response times. A bin is a twentieth of a doubling, so a percentile read from it
-- is within 3.6 % of the true one; `latency_bin` b holds the times from 2^(b/20) - 1 ms on.
-- `answered` of the `n` records hold an answer; the others abstained, escalated or failed.
SELECT candidate, model_version, cohort_day,
       CAST(floor(20 * log2(latency_ms + 1)) AS BIGINT) AS latency_bin, count(*) AS n,
       count(*) FILTER (answer = 'answered') AS answered
FROM cases
WHERE latency_ms IS NOT NULL
GROUP BY ALL
