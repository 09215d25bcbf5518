-- Grain: a story and an event that its articles tell of.
-- A table in the publication, by story_id, event_id; per story.
CREATE OR REPLACE VIEW story_events AS
SELECT DISTINCT t.story_id, t.event_id
FROM told_events AS t JOIN current_revisions USING (article_id, revision);
