-- Grain: an event: one thing that happened, or a sum over a period (is_aggregate).
-- A table in the publication, by event_id; per event.
CREATE OR REPLACE VIEW events AS
SELECT
  e.*,
  count(DISTINCT m.article_id) AS n_articles,
  count(DISTINCT o.publisher) AS n_publishers,
  count(DISTINCT o.independent_origin) AS n_origins
FROM known_events AS e
JOIN event_mentions AS m USING (event_id)
JOIN article_origins AS o USING (article_id)
GROUP BY ALL;
