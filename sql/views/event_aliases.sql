-- Grain: an id of an event that was published and is gone, and the event that took its place: by linking, or by an
-- analyst's word (two events merged, a split undone).
-- A table in the publication, by old_id; made anew.
CREATE OR REPLACE VIEW event_aliases AS
SELECT a.old_id, coalesce(m.new_id, a.new_id) AS new_id, a."at"
FROM linked_event_aliases AS a LEFT JOIN moved_events AS m ON m.old_id = a.new_id
UNION ALL
SELECT old_id, new_id, "at" FROM moved_events;
