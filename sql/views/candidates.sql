-- Grain: a value that the page of an article's current revision offers for a field; rank 1 was looked at first.
-- A table in the publication, by article_id, field, rank; per article.
-- An index on article_id.
CREATE OR REPLACE VIEW candidates AS
SELECT h.article_id, h.field, h.value, h.source, h.rank, h.is_chosen
FROM candidate_history AS h JOIN current_revisions AS c USING (article_id, revision);
