-- By how much each cohort day raises the sums over entities (the customers of a cluster, say) from
-- which a design effect follows: running totals of these increments over the days are the sums over
-- all entities with everything they did up to a day. A case without an entity is one of its own.
WITH counted AS (
    SELECT candidate, model_version, cohort_day, cut, segment, cluster, entity,
           count(*) FILTER (compared) AS n_compared,
           count(*) FILTER (compared AND differs) AS differing,
           count(*) FILTER (compared AND differs AND candidate_right AND NOT production_right) AS wins,
           count(*) FILTER (compared AND differs AND production_right AND NOT candidate_right) AS losses,
           count(*) FILTER (compared AND differs AND (candidate_right IS NULL OR production_right IS NULL))
               AS open,
           count(*) FILTER (answer = 'answered') AS n_answered,
           count(*) FILTER (answer = 'answered' AND agree) AS agreeing,
           count(*) FILTER (compared AND known) AS n_known,
           count(*) FILTER (compared AND known AND production_right) AS production,
           count(*) FILTER (compared AND known AND chosen) AS candidate_hits,
           count(*) FILTER (answer <> 'exposed') AS n_offered
    FROM (SELECT *, CASE WHEN differs THEN candidate_right ELSE production_right END AS chosen,
                 production_right IS NOT NULL AND (NOT differs OR candidate_right IS NOT NULL) AS known
          FROM (SELECT *, answer NOT IN ('hindsight', 'exposed') AS compared,
                       coalesce(answer = 'answered' AND NOT agree, false) AS differs
                FROM entities))
    GROUP BY ALL
), each AS (
    SELECT candidate, model_version, cohort_day, cut, segment, cluster, entity, unnest([
        {'quantity': 'worst', 'n': n_compared, 'total': wins - losses - open,
         'squares': wins + losses + open},
        {'quantity': 'best', 'n': n_compared, 'total': wins - losses + open,
         'squares': wins + losses + open},
        {'quantity': 'differ', 'n': n_compared, 'total': differing, 'squares': differing},
        {'quantity': 'known', 'n': n_compared, 'total': n_known, 'squares': n_known},
        {'quantity': 'agree', 'n': n_answered, 'total': agreeing, 'squares': agreeing},
        {'quantity': 'answered', 'n': n_offered, 'total': n_answered, 'squares': n_answered},
        {'quantity': 'production', 'n': n_known, 'total': production, 'squares': production},
        {'quantity': 'candidate', 'n': n_known, 'total': candidate_hits, 'squares': candidate_hits}
    ], recursive := true)
    FROM counted
), running AS (
    SELECT *, entity IS NULL AS alone, row_number() OVER so_far = 1 AS first,
           sum(n) OVER so_far AS n_to, sum(total) OVER so_far AS total_to
    FROM each
    WHERE n > 0
    WINDOW so_far AS (PARTITION BY candidate, model_version, cut, segment, cluster, entity, quantity
                      ORDER BY cohort_day)
)
SELECT candidate, model_version, cohort_day, cut, segment, cluster, quantity,
       sum(CASE WHEN alone THEN n ELSE first::INT END)::BIGINT AS clusters,
       sum(n)::BIGINT AS n, sum(total)::BIGINT AS total, sum(squares)::BIGINT AS squares,
       sum(CASE WHEN alone THEN n ELSE n * (2 * n_to - n) END)::BIGINT AS nn,
       sum(CASE WHEN alone THEN total ELSE n * total_to + total * n_to - n * total END)::BIGINT AS nt,
       sum(CASE WHEN alone THEN squares ELSE total * (2 * total_to - total) END)::BIGINT AS tt
FROM running
GROUP BY ALL
