-- Grain: a source: when it was last read and last brought something new, and how much of it became articles.
CREATE OR REPLACE VIEW source_health AS
SELECT
  s.source_name,
  s.type,
  s.location,
  s.last_read_at,
  max(a.first_seen_at) AS last_new_at,
  count(DISTINCT a.article_id) AS n_articles,
  (SELECT count(*) FROM rejects AS r WHERE r.input = s.location OR starts_with(r.input, s.location || '/')
     OR starts_with(r.input, s.location || '#') OR starts_with(r.input, s.location || ':')) AS n_rejects,
  count(DISTINCT a.article_id) = 0 AS is_empty
FROM sources AS s
LEFT JOIN articles AS a USING (source_name)
GROUP BY s.source_name, s.type, s.location, s.last_read_at;
