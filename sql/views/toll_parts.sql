-- Grain: a count of killed, wounded or both that is a person told singly or a member of a list of figures.
CREATE OR REPLACE VIEW toll_parts AS
FROM toll_parts_as_of('infinity', 'seen');
