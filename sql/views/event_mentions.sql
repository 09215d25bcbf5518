-- Grain: an article and an event that it tells of; at most one an article is what it is about.
CREATE OR REPLACE VIEW event_mentions AS
SELECT article_id, event_id, bool_or(is_main) AS is_main FROM mentioned_events GROUP BY ALL;
