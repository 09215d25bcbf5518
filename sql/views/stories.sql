-- Grain: a story: the articles about one happening.
-- A table in the publication, by story_id; per story.
CREATE OR REPLACE VIEW stories AS
SELECT
  s.story_id,
  s.headline,
  min(a.published_at) AS first_published_at,
  max(a.published_at) AS last_published_at,
  min(a.first_seen_at) AS first_seen_at,
  s.updated_at,
  count(DISTINCT a.article_id) AS n_articles,
  count(DISTINCT a.publisher) AS n_publishers,
  count(DISTINCT o.independent_origin) AS n_origins
FROM linked_stories AS s
JOIN story_articles AS m USING (story_id)
JOIN articles AS a USING (article_id)
JOIN article_origins AS o USING (article_id)
GROUP BY ALL;
