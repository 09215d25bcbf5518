-- Grain: a count of killed, wounded or both that is a person told singly or a member of a list of figures.
-- A table in the publication, by event_id, count_id; per event.
CREATE OR REPLACE VIEW toll_parts AS
FROM toll_parts_as_of('infinity', 'seen');
