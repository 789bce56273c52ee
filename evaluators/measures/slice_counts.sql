-- Cases by all declared segments at once and by half: slices of one, two or three segments are sums
-- of these. Empty where fewer than two segments are declared. Without an answer production's stands.
SELECT * EXCLUDE (answer, agree, production_right, candidate_right, n),
       sum(n)::BIGINT AS n,
       coalesce(sum(n) FILTER (answer = 'answered' AND NOT agree AND candidate_right
                               AND NOT production_right), 0)::BIGINT AS only_candidate,
       coalesce(sum(n) FILTER (answer = 'answered' AND NOT agree AND production_right
                               AND NOT candidate_right), 0)::BIGINT AS only_production,
       coalesce(sum(n) FILTER (answer = 'answered' AND NOT agree
                               AND (production_right IS NULL OR candidate_right IS NULL)), 0)::BIGINT
           AS open_disagreements
FROM slices
WHERE answer NOT IN ('hindsight', 'exposed')
GROUP BY ALL
