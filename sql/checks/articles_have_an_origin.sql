-- warn: it is known of every article of a story whose words it counts as
SELECT article_id FROM story_articles WHERE article_id NOT IN (SELECT article_id FROM linked_origins);
