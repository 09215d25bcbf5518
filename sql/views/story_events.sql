-- Grain: a story and an event that its articles tell of.
CREATE OR REPLACE VIEW story_events AS
SELECT DISTINCT story_id, event_id FROM mentioned_events;
