-- fail: unknown is NULL, never an empty text
-- per article
SELECT article_id FROM articles
WHERE title = '' OR publisher = '' OR dateline = '' OR origin = '' OR url = '' OR language = '' OR text = '';
