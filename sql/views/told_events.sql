-- Grain: an event as one revision tells it, and which event that is.
CREATE OR REPLACE VIEW told_events AS
SELECT article_id, revision, event_no, event_id, is_main, story_id FROM mentioned_events;
