-- Grain: an article, and whose words it counts as: the outlet it credits, else the origin of what it copies, else its
-- publisher, else itself.
CREATE OR REPLACE VIEW article_origins AS
FROM article_origins_as_of('infinity', 'seen');
