-- Grain: an article and an event that it tells of; at most one an article is what it is about.
CREATE OR REPLACE VIEW event_mentions AS
SELECT t.article_id, t.event_id, bool_or(t.is_main) AS is_main
FROM told_events AS t JOIN current_revisions USING (article_id, revision)
GROUP BY ALL;
