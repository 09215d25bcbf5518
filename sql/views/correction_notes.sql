-- Grain: a correction note in a revision of an article that has several: the sentence that says so, and where it stands
-- (title | text | removed: cleaning took its line out). What is one: is_correction_note, of seeds/lexicon/correction_notes.csv.
-- A table in the publication, by article_id, revision, place, note; per article.
CREATE OR REPLACE VIEW correction_notes AS
WITH revised AS (
  SELECT article_id FROM revisions GROUP BY article_id HAVING count(*) > 1
),
lines AS (
  SELECT article_id, revision, 'title' AS place, title AS line
  FROM revisions SEMI JOIN revised USING (article_id)
  WHERE title IS NOT NULL
  UNION ALL
  SELECT article_id, revision, 'text', unnest(string_split(text, chr(10)))
  FROM revisions SEMI JOIN revised USING (article_id)
  UNION ALL
  SELECT article_id, revision, 'removed', unnest(string_split(text, chr(10)))
  FROM removed_history SEMI JOIN revised USING (article_id)
),
sentences AS (
  SELECT
    *,
    string_split(regexp_replace(line, '([.!?][”"’)]*)\s+([\p{Lu}“"(])', '\1' || chr(10) || '\2', 'g'), chr(10)) AS told
  FROM lines
  WHERE is_correction_note(line)
)
SELECT DISTINCT
  article_id,
  revision,
  place,
  coalesce(list_filter(told, lambda sentence: is_correction_note(sentence))[1], line) AS note
FROM sentences;
