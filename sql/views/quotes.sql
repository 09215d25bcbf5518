-- Grain: a quote that an article's current revision states.
-- A table in the publication, by event_id, quote_id; per article.
CREATE OR REPLACE VIEW quotes AS
SELECT h.* EXCLUDE (revision, seen_at)
FROM quotes_history AS h JOIN current_revisions AS c USING (article_id, revision);
