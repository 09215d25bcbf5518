-- Grain: a fact, down to its phrase, its sentence, its article and the hash of the raw bytes.
-- A table in the publication, by article_id, fact_id; per article.
-- An index on article_id.
CREATE OR REPLACE VIEW evidence AS
SELECT
  f.fact_id,
  f.type,
  f.what,
  f.who,
  f.via,
  f.event_id,
  f.field,
  (CASE f.field WHEN 'title' THEN a.title ELSE a.text END)[f.char_start + 1 : f.char_end] AS phrase,
  f.evidence,
  f.evidence_start,
  f.char_start,
  f.char_end,
  f.article_id,
  a.title,
  a.input,
  a.url,
  a.publisher,
  a.source_name,
  a.revision,
  a.raw_sha256,
  a.extractor,
  a.fetched_at,
  f.rules_version,
  f.correction_id,
  f.set_aside
FROM facts AS f JOIN articles AS a USING (article_id);
