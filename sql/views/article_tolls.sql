-- Grain: an article, an event it tells of and a kind: what that article says in sum. is_derived: it states no figure for
-- the whole and ours follows from others (derived_tolls).
CREATE OR REPLACE VIEW article_tolls AS
SELECT article_id, event_id, is_main, kind, low, best, high, false AS is_derived, count_ids
FROM stated_tolls
UNION ALL
SELECT d.article_id, d.event_id, d.is_main, d.kind, d.low, d.best, d.high, true, d.count_ids
FROM derived_tolls AS d
WHERE NOT EXISTS (
  FROM stated_tolls AS s WHERE s.article_id = d.article_id AND s.event_id = d.event_id AND s.kind = d.kind
);
