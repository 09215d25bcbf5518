-- fail: it is known of every article whose words it counts as
SELECT article_id FROM articles WHERE article_id NOT IN (SELECT article_id FROM linked_origins);
