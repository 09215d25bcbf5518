-- Grain: a quote that an article's current revision states.
CREATE OR REPLACE VIEW quotes AS
SELECT h.* EXCLUDE (revision, seen_at)
FROM quotes_history AS h JOIN current_revisions AS c USING (article_id, revision);
