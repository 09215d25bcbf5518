-- Grain: an article, its current revision.
-- A table in the publication, by article_id; per article.
-- An index on article_id.
CREATE OR REPLACE VIEW articles AS
FROM articles_as_of('infinity', 'seen');
