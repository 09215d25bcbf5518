-- Grain: an article, an event it tells of and a kind: what that article states for the whole. best is what it says most
-- often, then what it says first, its text before its title. low, best and high are the UCDP GED codebook's terms, read for
-- one article: best the figure it stands by, low and high the ends of all that it states for the whole, never of its parts.
-- A table in the publication, by event_id, article_id, kind; per event.
CREATE OR REPLACE VIEW stated_tolls AS
FROM stated_tolls_as_of('infinity', 'seen');
