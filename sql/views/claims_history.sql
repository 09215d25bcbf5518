-- Grain: a claim of any revision. event_id is NULL for what an older revision told and no other one does.
-- correction_id: the last word of an analyst on it (NULL: as read); set_aside: who left it out and why (NULL: it counts).
-- A table in the publication, by event_id, claim_id; per article.
CREATE OR REPLACE VIEW claims_history AS
SELECT
  f.* REPLACE (
    CASE WHEN k.claim_id IS NULL THEN f.stance ELSE k.stance END AS stance,
    CASE WHEN k.claim_id IS NULL THEN f.actor ELSE k.actor END AS actor,
    CASE WHEN k.claim_id IS NULL THEN f.asserted_by ELSE k.asserted_by END AS asserted_by
  ),
  m.event_id,
  coalesce(k.correction_ids[-1], u.correction_id) AS correction_id,
  coalesce(k.set_aside, u.set_aside) AS set_aside
FROM stated_claims AS f
LEFT JOIN told_events AS m USING (article_id, revision, event_no)
LEFT JOIN corrected_claims AS k USING (claim_id)
LEFT JOIN muted_revisions AS u USING (article_id, revision);
