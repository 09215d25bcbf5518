-- Grain: an article, and whose words it counts as. copied_origin: the outlet it credits, else the origin of what it copies,
-- else its publisher, else itself; what stands in its own passages counts as own_origin: its publisher, else itself.
-- independent_origin: the one of the two that most of its words are; of an article that credits an outlet, that outlet.
-- An outlet has one name here: the lexicon's, else its own without "The"; as worded for what linking has not seen yet.
CREATE OR REPLACE VIEW article_origins AS
SELECT
  a.article_id,
  a.publisher,
  coalesce(l.independent_origin, a.origin, a.publisher, a.article_id) AS independent_origin,
  coalesce(l.copied_origin, a.origin, a.publisher, a.article_id) AS copied_origin,
  coalesce(l.own_origin, a.publisher, a.article_id) AS own_origin
FROM articles AS a
LEFT JOIN linked_origins AS l USING (article_id);
