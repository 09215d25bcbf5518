-- Grain: that of tolls, which adds how much of the press was heard: what reports say, whoever was listened to.
-- A table in the publication, by event_id, kind, policy; per event.
CREATE OR REPLACE VIEW event_tolls AS
FROM tolls_as_of('infinity', 'seen');
