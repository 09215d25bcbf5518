-- Grain: an article, and whose words it counts as: the outlet it credits, else the origin of what it copies, else its
-- publisher, else itself.
CREATE OR REPLACE VIEW article_origins AS
SELECT
  a.article_id,
  a.publisher,
  coalesce(a.origin, first_one.origin, first_one.publisher, c.copy_of, a.publisher, a.article_id) AS independent_origin
FROM articles AS a
LEFT JOIN copies AS c ON c.article_id = a.article_id AND c.copy_of IS NOT NULL
LEFT JOIN articles AS first_one ON first_one.article_id = c.copy_of;
