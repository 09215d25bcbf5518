-- Grain: a count or a claim that an article states otherwise than in its revision before (edit: changed), states no longer
-- (removed) or had not stated (added). What stands in the same words under the same speaker has only moved and is no edit;
-- nor is what other rules read otherwise in a sentence that did not change. A fact that was and one that is are one where
-- they are of one event and kind and each is the one most like the other by its sentence, and either the sentences share a
-- quarter of their words or both are the whole toll, or one actor's claim. changed: which of value, range, modifier, speaker,
-- stance, actor differ. seen_at: when the later revision was first seen. has_note: it has a correction note that the revision
-- before had not; note is what it says.
-- A table in the publication, by event_id, article_id, revision, before_id, after_id; per article.
CREATE OR REPLACE VIEW fact_edits AS
WITH revised AS (
  SELECT article_id FROM revisions GROUP BY article_id HAVING count(*) > 1
),
steps AS (
  SELECT
    article_id, revision, first_seen_at AS seen_at, concat_ws(chr(10), title, text) AS said,
    lag(revision) OVER article AS former_revision,
    lag(concat_ws(chr(10), title, text)) OVER article AS said_before
  FROM revisions SEMI JOIN revised USING (article_id)
  WINDOW article AS (PARTITION BY article_id ORDER BY revision)
),
facts AS (
  SELECT
    article_id, revision, event_no, 'count' AS type, kind AS key, kind, count_id AS fact_id, value, low, high, modifier,
    NULL::VARCHAR AS stance, NULL::VARCHAR AS actor, attributed_to AS speaker, scope = 'total' AS is_whole,
    field, char_start, evidence, split_part(rules_version, '-', 1) AS rules,
    (kind, modifier, value, low, high)::VARCHAR AS what
  FROM stated_counts SEMI JOIN revised USING (article_id)
  UNION ALL
  SELECT
    article_id, revision, event_no, 'claim', 'claim', stance, claim_id, NULL, NULL, NULL, NULL,
    stance, actor, asserted_by, false,
    field, char_start, evidence, split_part(rules_version, '-', 1),
    (stance, actor)::VARCHAR
  FROM stated_claims SEMI JOIN revised USING (article_id)
),
told AS (
  SELECT
    f.*, e.event_id,
    list_distinct(regexp_extract_all(lower(f.evidence), '\p{L}+')) AS words,
    row_number() OVER (
      PARTITION BY article_id, revision, type, e.event_id, what, speaker ORDER BY field, char_start, fact_id
    ) AS nth
  FROM facts AS f LEFT JOIN told_events AS e USING (article_id, revision, event_no)
),
before AS (
  SELECT s.revision AS step, s.said, f.*
  FROM told AS f JOIN steps AS s ON s.article_id = f.article_id AND s.former_revision = f.revision
),
after AS (
  SELECT s.revision AS step, s.said_before, f.*
  FROM told AS f JOIN steps AS s ON s.article_id = f.article_id AND s.revision = f.revision
  WHERE s.former_revision IS NOT NULL
),
gone AS (
  FROM before AS b WHERE NOT EXISTS (
    FROM after AS a
    WHERE a.article_id = b.article_id AND a.step = b.step AND a.type = b.type AND a.what = b.what AND a.nth = b.nth
      AND a.event_id IS NOT DISTINCT FROM b.event_id AND a.speaker IS NOT DISTINCT FROM b.speaker
  )
),
come AS (
  FROM after AS a WHERE NOT EXISTS (
    FROM before AS b
    WHERE a.article_id = b.article_id AND a.step = b.step AND a.type = b.type AND a.what = b.what AND a.nth = b.nth
      AND a.event_id IS NOT DISTINCT FROM b.event_id AND a.speaker IS NOT DISTINCT FROM b.speaker
  )
),
likely AS (
  SELECT
    b.article_id, b.step, b.fact_id AS before_id, a.fact_id AS after_id,
    b.field = a.field AS is_same_field, abs(b.char_start - a.char_start) AS apart,
    len(list_intersect(b.words, a.words)) / greatest(len(list_distinct(b.words || a.words)), 1) AS likeness,
    (b.is_whole AND a.is_whole) OR coalesce(b.actor = a.actor, false) AS is_sure
  FROM gone AS b
  JOIN come AS a ON a.article_id = b.article_id AND a.step = b.step AND a.type = b.type AND a.key = b.key
  WHERE a.event_id = b.event_id OR a.event_id IS NULL OR b.event_id IS NULL
),
pairs AS (
  SELECT article_id, step, before_id, after_id
  FROM likely
  WHERE is_sure OR likeness >= 0.25
  QUALIFY
    row_number() OVER (PARTITION BY before_id, step ORDER BY likeness DESC, is_same_field DESC, apart, after_id) = 1
    AND row_number() OVER (PARTITION BY after_id, step ORDER BY likeness DESC, is_same_field DESC, apart, before_id) = 1
),
edits AS (
  SELECT article_id, step, 'changed' AS edit, before_id, after_id FROM pairs
  UNION ALL
  SELECT article_id, step, 'removed', fact_id, NULL FROM gone
  WHERE fact_id NOT IN (SELECT before_id FROM pairs) AND NOT contains(said, evidence)
  UNION ALL
  SELECT article_id, step, 'added', NULL, fact_id FROM come
  WHERE fact_id NOT IN (SELECT after_id FROM pairs) AND NOT contains(said_before, evidence)
),
notes AS (
  SELECT n.article_id, n.revision, string_agg(DISTINCT n.note, ' ' ORDER BY n.note) AS note
  FROM correction_notes AS n
  JOIN steps AS s USING (article_id, revision)
  WHERE NOT EXISTS (
    FROM correction_notes AS o
    WHERE o.article_id = n.article_id AND o.revision = s.former_revision
      AND regexp_replace(lower(o.note), '\W+', ' ', 'g') = regexp_replace(lower(n.note), '\W+', ' ', 'g')
  )
  GROUP BY n.article_id, n.revision
)
SELECT
  e.article_id,
  e.step AS revision,
  s.former_revision,
  s.seen_at,
  coalesce(a.type, b.type) AS type,
  coalesce(a.kind, b.kind) AS kind,
  coalesce(a.event_id, b.event_id) AS event_id,
  e.edit,
  CASE e.edit WHEN 'changed' THEN list_filter([
    CASE WHEN a.value IS DISTINCT FROM b.value THEN 'value' END,
    CASE WHEN (a.low, a.high) IS DISTINCT FROM (b.low, b.high) THEN 'range' END,
    CASE WHEN a.modifier IS DISTINCT FROM b.modifier THEN 'modifier' END,
    CASE WHEN a.stance IS DISTINCT FROM b.stance THEN 'stance' END,
    CASE WHEN a.actor IS DISTINCT FROM b.actor THEN 'actor' END,
    CASE WHEN a.speaker IS DISTINCT FROM b.speaker THEN 'speaker' END
  ], lambda name: name IS NOT NULL) END AS changed,
  b.fact_id AS before_id,
  b.value AS before_value,
  b.low AS before_low,
  b.high AS before_high,
  b.modifier AS before_modifier,
  b.stance AS before_stance,
  b.actor AS before_actor,
  b.speaker AS before_speaker,
  b.evidence AS before_evidence,
  a.fact_id AS after_id,
  a.value AS after_value,
  a.low AS after_low,
  a.high AS after_high,
  a.modifier AS after_modifier,
  a.stance AS after_stance,
  a.actor AS after_actor,
  a.speaker AS after_speaker,
  a.evidence AS after_evidence,
  n.note IS NOT NULL AS has_note,
  n.note
FROM edits AS e
JOIN steps AS s ON s.article_id = e.article_id AND s.revision = e.step
LEFT JOIN before AS b ON b.fact_id = e.before_id AND b.step = e.step
LEFT JOIN after AS a ON a.fact_id = e.after_id AND a.step = e.step
LEFT JOIN notes AS n ON n.article_id = e.article_id AND n.revision = e.step
-- No edit: what other rules read otherwise in the same words, and what stands as it stood but in another place or event.
WHERE e.edit <> 'changed' OR NOT (
  (a.evidence = b.evidence AND a.rules <> b.rules) OR (a.what = b.what AND a.speaker IS NOT DISTINCT FROM b.speaker)
);
