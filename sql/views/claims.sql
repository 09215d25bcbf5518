-- Grain: a claim that an article's current revision states.
CREATE OR REPLACE VIEW claims AS
SELECT h.* EXCLUDE (revision, seen_at)
FROM claims_history AS h JOIN current_revisions AS c USING (article_id, revision);
