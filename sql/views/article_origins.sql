-- Grain: an article, and whose words it counts as. copied_origin: the outlet it credits, else the origin of what it copies,
-- else its publisher, else itself; what stands in its own passages counts as own_origin: its publisher, else itself.
-- independent_origin: the one of the two that most of its words are; of an article that credits an outlet, that outlet.
-- An outlet has one name here: the lexicon's, else its own without "The"; as worded for what linking has not seen yet.
-- A table in the publication, by article_id; per article.
-- An index on article_id.
CREATE OR REPLACE VIEW article_origins AS
FROM article_origins_as_of('infinity', 'seen');
