-- Grain: an article, and whose words it counts as. copied_origin: the outlet it credits, else the origin of what it copies,
-- else its publisher, else itself; what stands in its own passages counts as own_origin: its publisher, else itself.
-- independent_origin: the one of the two that most of its words are; of an article that credits an outlet, that outlet.
CREATE OR REPLACE VIEW article_origins AS
WITH copied AS (
  SELECT c.article_id, c.n_own_words, f.origin, f.publisher, coalesce(up.copy_of, c.copy_of) AS copy_of
  FROM copies AS c
  LEFT JOIN copies AS up ON up.article_id = c.copy_of AND up.copy_of IS NOT NULL
  JOIN articles AS f ON f.article_id = coalesce(up.copy_of, c.copy_of)
  WHERE c.copy_of IS NOT NULL
)
SELECT
  a.article_id,
  a.publisher,
  CASE WHEN a.origin IS NULL AND 2 * c.n_own_words > a.word_count THEN coalesce(a.publisher, a.article_id)
    ELSE coalesce(a.origin, c.origin, c.publisher, c.copy_of, a.publisher, a.article_id) END AS independent_origin,
  coalesce(a.origin, c.origin, c.publisher, c.copy_of, a.publisher, a.article_id) AS copied_origin,
  coalesce(a.publisher, a.article_id) AS own_origin
FROM articles AS a
LEFT JOIN copied AS c USING (article_id);
