-- Grain: an article, an event it tells of and a kind: what that article says in sum. is_derived: it states no figure of
-- that kind and ours follows from others: of "four were shot, one fatally" three are wounded (casualties less killed).
CREATE OR REPLACE VIEW article_tolls AS
SELECT article_id, event_id, is_main, kind, low, best, high, false AS is_derived, count_ids
FROM stated_tolls
UNION ALL
SELECT
  c.article_id,
  c.event_id,
  c.is_main,
  'wounded' AS kind,
  greatest(c.low - coalesce(k.high, 0), 0) AS low,
  c.best - coalesce(k.best, 0) AS best,
  greatest(c.high - coalesce(k.low, 0), c.best - coalesce(k.best, 0)) AS high,
  true AS is_derived,
  list_concat(c.count_ids, coalesce(k.count_ids, [])) AS count_ids
FROM stated_tolls AS c
LEFT JOIN stated_tolls AS k ON k.article_id = c.article_id AND k.event_id = c.event_id AND k.kind = 'killed'
WHERE c.kind = 'casualties'
  AND c.best > coalesce(k.best, 0)
  AND NOT EXISTS (
    FROM stated_tolls AS w
    WHERE w.article_id = c.article_id AND w.event_id = c.event_id AND w.kind = 'wounded'
  );
