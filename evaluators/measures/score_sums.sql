-- Sums over the candidate's scores where the study says that they are probabilities or confidences;
-- elsewhere `probability` is null and nothing is read. A bin is a fiftieth: `bin` b holds the scores
-- from b/50 on, below a half up to and including (b+1)/50, so that bins mirror each other around a
-- half; -1 holds scores outside 0 to 1, which are counted and nothing else. Sums are whole numbers
-- in units of 1e-9, so parts merge bit for bit; rounding moves one case's part by at most half a
-- unit. `event`: what the score is the probability of came true.
SELECT candidate, model_version, cohort_day, bin, event, candidate_right, count(*) AS n,
       sum(CAST(round(p * 1e9) AS BIGINT))::BIGINT AS probability,
       sum(CAST(round(p * p * 1e9) AS BIGINT))::BIGINT AS probability_squared,
       sum(CAST(round((1 - 2 * p) * (1 - 2 * p) * p * (1 - p) * 1e9) AS BIGINT))::BIGINT AS spread,
       sum(CAST(round(pow(coalesce(event::INTEGER - p, 0), 4) * 1e9) AS BIGINT))::BIGINT AS brier_squared,
       sum(CAST(round(coalesce(loss, 0) * 1e9) AS BIGINT))::BIGINT AS log_loss,
       sum(CAST(round(coalesce(loss * loss, 0) * 1e9) AS BIGINT))::BIGINT AS log_loss_squared
FROM (
    SELECT *, -ln(greatest(CASE WHEN event THEN p WHEN NOT event THEN 1 - p END, 1e-9)) AS loss
    FROM (
        SELECT candidate, model_version, cohort_day, event, recommendation = outcome AS candidate_right,
               CASE WHEN NOT probability BETWEEN 0 AND 1 THEN -1
                    -- In units of 1e-9 first: 0.58 * 50 is a little less than 29 in binary.
                    WHEN probability < 0.5
                        THEN greatest((CAST(round(probability * 1e9) AS BIGINT) + 19999999) // 20000000 - 1, 0)
                    ELSE least(CAST(round(probability * 1e9) AS BIGINT) // 20000000, 49) END AS bin,
               CASE WHEN probability BETWEEN 0 AND 1 THEN probability ELSE 0 END AS p
        FROM cases
        WHERE probability IS NOT NULL AND answer = 'answered'
    )
)
GROUP BY ALL
