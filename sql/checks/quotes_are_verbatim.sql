-- fail: a quote is what stands at its offsets, letter for letter
-- per article
SELECT q.quote_id, q.text
FROM quotes AS q JOIN articles AS a USING (article_id)
WHERE q.text <> (CASE q.field WHEN 'title' THEN a.title ELSE a.text END)[q.char_start + 1 : q.char_end];
