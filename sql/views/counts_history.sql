-- Grain: a count of any revision. event_id is NULL for what an older revision told and no other one does.
-- correction_id: the last word of an analyst on it (NULL: as read); set_aside: who left it out and why (NULL: it counts).
-- A table in the publication, by event_id, count_id; per article.
CREATE OR REPLACE VIEW counts_history AS
SELECT
  f.* REPLACE (
    CASE WHEN k.count_id IS NULL THEN f.kind ELSE k.kind END AS kind,
    CASE WHEN k.count_id IS NULL THEN f.value ELSE k.value END AS value,
    CASE WHEN k.count_id IS NULL THEN f.low ELSE k.low END AS low,
    CASE WHEN k.count_id IS NULL THEN f.high ELSE k.high END AS high,
    CASE WHEN k.count_id IS NULL THEN f.modifier ELSE k.modifier END AS modifier,
    CASE WHEN k.count_id IS NULL THEN f.is_attacker ELSE k.is_attacker END AS is_attacker,
    CASE WHEN k.count_id IS NULL THEN f.scope ELSE k.scope END AS scope,
    CASE WHEN k.count_id IS NULL THEN f.scope_reason ELSE k.scope_reason END AS scope_reason,
    CASE WHEN k.count_id IS NULL THEN f.attributed_to ELSE k.attributed_to END AS attributed_to,
    CASE WHEN k.count_id IS NULL THEN f.attributed_role ELSE k.attributed_role END AS attributed_role,
    CASE WHEN k.count_id IS NULL THEN f.attributed_org ELSE k.attributed_org END AS attributed_org,
    CASE WHEN k.count_id IS NULL THEN f.attributed_via ELSE k.attributed_via END AS attributed_via,
    CASE WHEN k.count_id IS NULL THEN f.actor_type ELSE k.actor_type END AS actor_type,
    CASE WHEN k.count_id IS NULL THEN f.victim_no ELSE k.victim_no END AS victim_no
  ),
  m.event_id,
  coalesce(k.correction_ids[-1], u.correction_id) AS correction_id,
  coalesce(k.set_aside, u.set_aside) AS set_aside
FROM stated_counts AS f
LEFT JOIN told_events AS m USING (article_id, revision, event_no)
LEFT JOIN corrected_counts AS k USING (count_id)
LEFT JOIN muted_revisions AS u USING (article_id, revision);
