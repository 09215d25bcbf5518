-- Grain: an article, its current revision.
CREATE OR REPLACE VIEW articles AS
FROM articles_as_of('infinity', 'seen');
