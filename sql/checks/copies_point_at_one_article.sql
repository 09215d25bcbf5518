-- fail: an article is the copy of one other at most, which is here
SELECT article_id, count(*) AS n
FROM copies
WHERE copy_of IS NOT NULL
GROUP BY article_id
HAVING count(*) > 1 OR bool_or(copy_of = article_id OR copy_of NOT IN (SELECT article_id FROM articles));
