-- Grain: an event that some revision tells of: one thing that happened, or a sum over a period (is_aggregate).
-- correction_ids: what merged or split it (NULL: as linked).
-- A table in the publication, by event_id; per event.
CREATE OR REPLACE VIEW known_events AS
SELECT e.*, c.correction_ids
FROM (FROM linked_events UNION ALL BY NAME FROM split_events) AS e
LEFT JOIN corrected_events AS c USING (event_id)
LEFT JOIN moved_events AS m ON m.old_id = e.event_id
WHERE m.old_id IS NULL;
