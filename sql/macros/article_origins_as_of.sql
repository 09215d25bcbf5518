-- Grain: that of the view article_origins, which is this at 'infinity'; of the revisions known at t by a clock. A copy whose
-- original is not known yet counts as its own publisher's, unless it credits somebody itself.
CREATE OR REPLACE MACRO article_origins_as_of(t, clock) AS TABLE
WITH known AS (
  SELECT
    a.article_id,
    a.publisher,
    coalesce(l.credit, l.own_origin, a.origin, a.publisher, a.article_id) AS alone,
    coalesce(l.own_origin, a.publisher, a.article_id) AS own_origin,
    CASE WHEN l.first_id IS NULL OR f.article_id IS NOT NULL THEN l.independent_origin END AS independent_origin,
    CASE WHEN l.first_id IS NULL OR f.article_id IS NOT NULL THEN l.copied_origin END AS copied_origin
  FROM articles_as_of(t, clock) AS a
  LEFT JOIN linked_origins AS l USING (article_id)
  LEFT JOIN articles_as_of(t, clock) AS f ON f.article_id = l.first_id
)
SELECT
  article_id,
  publisher,
  coalesce(independent_origin, alone) AS independent_origin,
  coalesce(copied_origin, alone) AS copied_origin,
  own_origin
FROM known;
