-- Grain: a correction that holds, and a fact (of any revision) or an event that it bears on.
-- A table in the publication, by correction_id, fact_id, event_id; made anew.
CREATE OR REPLACE VIEW applied_corrections AS
SELECT unnest(correction_ids) AS correction_id, count_id AS fact_id, NULL AS event_id FROM corrected_counts
UNION ALL
SELECT unnest(correction_ids), claim_id, NULL FROM corrected_claims
UNION ALL
SELECT unnest(correction_ids), quote_id, NULL FROM corrected_quotes
UNION ALL
SELECT m.correction_id, f.fact_id, NULL
FROM muted_revisions AS m
JOIN (
  SELECT count_id AS fact_id, article_id, revision FROM stated_counts
  UNION ALL
  SELECT claim_id, article_id, revision FROM stated_claims
  UNION ALL
  SELECT quote_id, article_id, revision FROM stated_quotes
) AS f USING (article_id, revision)
UNION ALL
SELECT unnest(correction_ids), NULL, event_id FROM corrected_events;
