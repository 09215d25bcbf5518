-- Grain: an event that some revision tells of: one thing that happened, or a sum over a period (is_aggregate).
CREATE OR REPLACE VIEW known_events AS
SELECT * FROM linked_events;
