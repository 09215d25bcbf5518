-- Grain: a count that stands against another figure of its event and kind, with who says it: attributed_to in the article's
-- words, speaker as toll_reports has it (NULL: the article has nobody say the figure). is_own_number: its speaker claims the
-- event, so that the figure is the attacker's own.
-- A table in the publication, by event_id, kind, figure, count_id; per event.
CREATE OR REPLACE VIEW differing_reports AS
SELECT
  r.event_id,
  r.kind,
  r.figure,
  r.modifier,
  d.is_conflict,
  r.count_id,
  r.article_id,
  coalesce(a.title, a.input) AS article,
  r.attributed_to,
  r.actor_type,
  EXISTS (
    FROM claims AS c
    WHERE c.event_id = r.event_id AND c.stance = 'claimed' AND c.actor IN (r.attributed_to, r.speaker) AND c.set_aside IS NULL
  ) AS is_own_number,
  CASE WHEN r.attributed_to IS NOT NULL OR r.speaker <> r.independent_origin THEN r.speaker END AS speaker,
  r.publisher
FROM toll_reports AS r
JOIN disagreements AS d ON d.event_id = r.event_id AND d.kind = r.kind AND d.value = r.figure
JOIN articles AS a USING (article_id)
WHERE r.left_out_reason IS NULL;
