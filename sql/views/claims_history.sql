-- Grain: a claim of any revision. event_id is NULL for what an older revision told and the current one does not.
CREATE OR REPLACE VIEW claims_history AS
SELECT f.*, m.event_id
FROM stated_claims AS f
LEFT JOIN current_revisions AS c USING (article_id, revision)
LEFT JOIN mentioned_events AS m ON m.article_id = c.article_id AND m.event_no = f.event_no;
