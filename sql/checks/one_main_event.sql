-- fail: an article is about one event at the most
-- per article
SELECT article_id FROM event_mentions WHERE is_main GROUP BY article_id HAVING count(*) > 1;
