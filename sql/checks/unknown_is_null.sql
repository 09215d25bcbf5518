-- fail: unknown is NULL, never an empty text
SELECT article_id FROM articles
WHERE title = '' OR publisher = '' OR dateline = '' OR origin = '' OR url = '' OR language = '' OR text = '';
