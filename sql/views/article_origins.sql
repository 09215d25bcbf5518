-- Grain: an article, and whose words it counts as. copied_origin: the outlet it credits, else the origin of what it copies,
-- else its publisher, else itself; what stands in its own passages counts as own_origin: its publisher, else itself.
-- independent_origin: the one of the two that most of its words are; of an article that credits an outlet, that outlet.
-- An outlet has one name here: the lexicon's, else its own without "The".
CREATE OR REPLACE VIEW article_origins AS
WITH named AS (
  SELECT
    a.article_id,
    a.publisher,
    a.word_count,
    coalesce(o.outlet, regexp_replace(a.origin, '^[Tt]he ', '')) AS origin,
    coalesce(p.outlet, regexp_replace(a.publisher, '^[Tt]he ', ''), a.article_id) AS own_origin
  FROM articles AS a
  LEFT JOIN outlets AS o ON o.name = lower(a.origin)
  LEFT JOIN outlets AS p ON p.name = lower(a.publisher)
),
copied AS (
  SELECT c.article_id, c.n_own_words, coalesce(f.origin, f.own_origin) AS origin
  FROM copies AS c
  LEFT JOIN copies AS up ON up.article_id = c.copy_of AND up.copy_of IS NOT NULL
  JOIN named AS f ON f.article_id = coalesce(up.copy_of, c.copy_of)
  WHERE c.copy_of IS NOT NULL
)
SELECT
  n.article_id,
  n.publisher,
  CASE WHEN n.origin IS NULL AND 2 * c.n_own_words > n.word_count THEN n.own_origin
    ELSE coalesce(n.origin, c.origin, n.own_origin) END AS independent_origin,
  coalesce(n.origin, c.origin, n.own_origin) AS copied_origin,
  n.own_origin
FROM named AS n
LEFT JOIN copied AS c USING (article_id);
