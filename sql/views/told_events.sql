-- Grain: an event as one revision tells it, and which event that is, after an analyst's word.
-- A table in the publication, by article_id, revision, event_no; per article.
CREATE OR REPLACE VIEW told_events AS
SELECT t.article_id, t.revision, t.event_no, coalesce(m.event_id, t.event_id) AS event_id, t.is_main, t.story_id
FROM mentioned_events AS t LEFT JOIN moved_tellings AS m USING (article_id, revision, event_no);
