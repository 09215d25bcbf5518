-- fail: every article stands in exactly one story
SELECT a.article_id FROM articles AS a LEFT JOIN story_articles AS s USING (article_id) WHERE s.story_id IS NULL;
