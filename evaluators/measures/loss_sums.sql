-- Sums of errors, losses and values of numeric decisions, in whole units; `unit` is the size of one.
-- `_p`: production, `_a`: the candidate, or production where it did not answer. `e`: value minus
-- outcome, `abs`: its size, `sq`: its square (in units of `unit`^2 * 2^30), `loss`: the registered
-- loss where it is another one, `y`: size of the outcome; twice a name is its square, `_dd` the
-- square of the difference of the two losses. `x`, `z`: decision and recommendation where both are
-- there. `open_`: the two differ and the outcome is not known.
SELECT candidate, model_version, cohort_day, cut, segment, unit, sum(n)::BIGINT AS n,
       sum(known)::BIGINT AS known, sum(open_differ)::BIGINT AS open_differ,
       sum(beyond_production)::BIGINT AS beyond_production,
       sum(beyond_candidate)::BIGINT AS beyond_candidate, sum(clipped)::BIGINT AS clipped,
       sum(pairs)::BIGINT AS pairs,
       sum(e_p) AS e_p, sum(e_a) AS e_a, sum(ee_p) AS ee_p, sum(ee_a) AS ee_a,
       sum(abs_p) AS abs_p, sum(abs_a) AS abs_a, sum(abs_dd) AS abs_dd,
       sum(sq_p) AS sq_p, sum(sq_a) AS sq_a, sum(sqsq_p) AS sqsq_p, sum(sqsq_a) AS sqsq_a,
       sum(sq_dd) AS sq_dd,
       sum(loss_p) AS loss_p, sum(loss_a) AS loss_a, sum(ll_p) AS ll_p, sum(ll_a) AS ll_a,
       sum(loss_dd) AS loss_dd,
       sum(y) AS y, sum(yy) AS yy, sum(y_p) AS y_p, sum(y_a) AS y_a,
       sum(x) AS x, sum(z) AS z, sum(xx) AS xx, sum(zz) AS zz, sum(dd) AS dd,
       sum(open_d) AS open_d, sum(open_dd) AS open_dd
FROM cells
WHERE unit IS NOT NULL AND answer NOT IN ('hindsight', 'exposed')
GROUP BY ALL
