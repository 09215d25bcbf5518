-- Grain: that of the view article_origins, which is this at 'infinity'; of the revisions known at t by a clock. A copy whose
-- original is not known yet counts as its own publisher's, unless it credits somebody itself.
CREATE OR REPLACE MACRO article_origins_as_of(t, clock) AS TABLE
SELECT
  a.article_id,
  a.publisher,
  coalesce(
    a.origin, first_one.origin, first_one.publisher, first_one.article_id, a.publisher, a.article_id
  ) AS independent_origin
FROM articles_as_of(t, clock) AS a
LEFT JOIN copies AS c ON c.article_id = a.article_id AND c.copy_of IS NOT NULL
LEFT JOIN articles_as_of(t, clock) AS first_one ON first_one.article_id = c.copy_of;
