-- Scored cases by who decided, what was decided, the score and the outcome; only where outcomes are
-- seen after some decisions alone, elsewhere `decided_by` is null. Bins as in `score_counts`. Who
-- it was does not matter, only that it was the same one: names are replaced by a hash.
SELECT candidate, model_version, cohort_day, printf('%016x', hash(decided_by)) AS decider, decision::VARCHAR AS decision,
       CASE WHEN score BETWEEN 0 AND 1 THEN floor(score * 50) / 50 ELSE floor(score) END AS score_from,
       outcome::VARCHAR AS outcome, count(*) AS n
FROM cases
WHERE decided_by IS NOT NULL AND score IS NOT NULL AND answer = 'answered'
GROUP BY ALL
