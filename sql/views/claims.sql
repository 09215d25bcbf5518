-- Grain: a claim that an article's current revision states.
-- A table in the publication, by event_id, claim_id; per article.
CREATE OR REPLACE VIEW claims AS
SELECT h.* EXCLUDE (revision, seen_at)
FROM claims_history AS h JOIN current_revisions AS c USING (article_id, revision);
