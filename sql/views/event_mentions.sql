-- Grain: an article and an event that it tells of; at most one an article is what it is about.
-- A table in the publication, by event_id, article_id; per event.
CREATE OR REPLACE VIEW event_mentions AS
FROM event_mentions_as_of('infinity', 'seen');
