-- Grain: a count that an article's current revision states.
-- A table in the publication, by event_id, count_id; per article.
CREATE OR REPLACE VIEW counts AS
FROM counts_as_of('infinity', 'seen');
