-- Grain: an article, an event it tells of and a kind: what that article says in sum. is_derived: it states no figure for
-- the whole and ours follows from others (derived_tolls). correction_ids: what analysts said of its counts (NULL: as read).
-- A table in the publication, by event_id, article_id, kind; per event.
CREATE OR REPLACE VIEW article_tolls AS
FROM article_tolls_as_of('infinity', 'seen');
