-- By how much each cohort day raises the sums over entities (the customers of a cluster, say) from
-- which a design effect follows: running totals of these increments over the days are the sums over
-- all entities with everything they did up to a day. A case without an entity is one of its own.
WITH counted AS (
    SELECT candidate, model_version, cohort_day, cut, segment, cluster, entity,
           count(*) FILTER (answer <> 'exposed') AS offered,
           count(*) FILTER (answer = 'answered') AS answered,
           count(*) FILTER (answer = 'answered' AND agree) AS agreeing,
           count(*) FILTER (compared) AS compared,
           count(*) FILTER (compared AND differs) AS differing,
           count(*) FILTER (compared AND differs AND candidate_right AND NOT production_right) AS wins,
           count(*) FILTER (compared AND differs AND production_right AND NOT candidate_right) AS losses,
           count(*) FILTER (compared AND differs AND NOT known) AS open,
           count(*) FILTER (compared AND known) AS known,
           count(*) FILTER (compared AND known AND production_right) AS production,
           count(*) FILTER (compared AND known AND chosen) AS chosen
    FROM (SELECT *, CASE WHEN differs THEN candidate_right ELSE production_right END AS chosen,
                 production_right IS NOT NULL AND (NOT differs OR candidate_right IS NOT NULL) AS known
          FROM (SELECT *, answer NOT IN ('hindsight', 'exposed') AS compared,
                       coalesce(answer = 'answered' AND NOT agree, false) AS differs
                FROM entities))
    GROUP BY ALL
), running AS (
    SELECT *, sum(offered) OVER so_far AS all_offered, sum(answered) OVER so_far AS all_answered,
           sum(agreeing) OVER so_far AS all_agreeing, sum(compared) OVER so_far AS all_compared,
           sum(differing) OVER so_far AS all_differing, sum(wins - losses) OVER so_far AS all_gained,
           sum(open) OVER so_far AS all_open, sum(known) OVER so_far AS all_known,
           sum(production) OVER so_far AS all_production, sum(chosen) OVER so_far AS all_chosen
    FROM counted
    WINDOW so_far AS (PARTITION BY candidate, model_version, cut, segment, cluster, entity
                      ORDER BY cohort_day)
), each AS (
    SELECT candidate, model_version, cohort_day, cut, segment, cluster, entity IS NULL AS alone, unnest([
        {'quantity': 'worst', 'n': compared, 'n_to': all_compared, 'squares': wins + losses + open,
         'total': wins - losses - open, 'total_to': all_gained - all_open},
        {'quantity': 'best', 'n': compared, 'n_to': all_compared, 'squares': wins + losses + open,
         'total': wins - losses + open, 'total_to': all_gained + all_open},
        {'quantity': 'differ', 'n': compared, 'n_to': all_compared, 'squares': differing,
         'total': differing, 'total_to': all_differing},
        {'quantity': 'known', 'n': compared, 'n_to': all_compared, 'squares': known,
         'total': known, 'total_to': all_known},
        {'quantity': 'agree', 'n': answered, 'n_to': all_answered, 'squares': agreeing,
         'total': agreeing, 'total_to': all_agreeing},
        {'quantity': 'answered', 'n': offered, 'n_to': all_offered, 'squares': answered,
         'total': answered, 'total_to': all_answered},
        {'quantity': 'production', 'n': known, 'n_to': all_known, 'squares': production,
         'total': production, 'total_to': all_production},
        {'quantity': 'candidate', 'n': known, 'n_to': all_known, 'squares': chosen,
         'total': chosen, 'total_to': all_chosen}
    ], recursive := true)
    FROM running
)
-- n_to = n says that there was nothing of this entity before.
SELECT candidate, model_version, cohort_day, cut, segment, cluster, quantity,
       sum(CASE WHEN alone THEN n ELSE (n_to = n)::INT END)::BIGINT AS clusters,
       sum(n)::BIGINT AS n, sum(total)::BIGINT AS total, sum(squares)::BIGINT AS squares,
       sum(CASE WHEN alone THEN n ELSE n * (2 * n_to - n) END)::BIGINT AS nn,
       sum(CASE WHEN alone THEN total ELSE n * total_to + total * n_to - n * total END)::BIGINT AS nt,
       sum(CASE WHEN alone THEN squares ELSE total * (2 * total_to - total) END)::BIGINT AS tt
FROM each
WHERE n > 0
GROUP BY ALL
