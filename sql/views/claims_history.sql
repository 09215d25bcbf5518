-- Grain: a claim of any revision. event_id is NULL for what an older revision told and no other one does.
CREATE OR REPLACE VIEW claims_history AS
SELECT f.*, m.event_id
FROM stated_claims AS f LEFT JOIN told_events AS m USING (article_id, revision, event_no);
