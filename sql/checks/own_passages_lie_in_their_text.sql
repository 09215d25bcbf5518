-- fail: own passages are those of copies and lie in their text
SELECT p.article_id, p.char_start, p.char_end
FROM own_passages AS p
LEFT JOIN articles AS a USING (article_id)
WHERE a.article_id IS NULL OR p.char_start < 0 OR p.char_start >= p.char_end OR p.char_end > length(a.text)
  OR p.article_id NOT IN (SELECT article_id FROM copies WHERE copy_of IS NOT NULL);
