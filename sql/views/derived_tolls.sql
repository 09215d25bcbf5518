-- Grain: an article, an event it tells of and a kind of harm: what follows from what it tells in parts. Persons count once
-- each (who was shot and is not told dead is wounded), a list of figures is added up, and of "four were shot, one fatally"
-- three are wounded. The largest of these stands: lists and persons repeat each other.
-- A table in the publication, by event_id, article_id, kind; per event.
CREATE OR REPLACE VIEW derived_tolls AS
FROM derived_tolls_as_of('infinity', 'seen');
