-- Grain: a count that an article's current revision states.
CREATE OR REPLACE VIEW counts AS
FROM counts_as_of('infinity', 'seen');
