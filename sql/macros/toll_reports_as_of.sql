-- Grain: that of the view toll_reports, which is this at 'infinity'; of the revisions known at t by a clock.
CREATE OR REPLACE MACRO toll_reports_as_of(t, clock) AS TABLE
WITH stated AS (
  SELECT
    c.*,
    o.publisher,
    CASE WHEN f.fact_id IS NOT NULL THEN o.own_origin ELSE o.copied_origin END AS independent_origin
  FROM counts_as_of(t, clock) AS c
  JOIN article_origins_as_of(t, clock) AS o USING (article_id)
  LEFT JOIN own_facts AS f ON f.fact_id = c.count_id
),
reports AS (
  SELECT
    c.event_id,
    c.kind,
    c.count_id,
    c.article_id,
    c.field,
    c.value AS figure,
    c.low,
    c.high,
    c.modifier,
    c.scope,
    c.scope_reason,
    c.is_attacker,
    c.attributed_to,
    c.actor_type,
    c.char_start,
    c.publisher,
    c.independent_origin,
    CASE
      WHEN c.attributed_to IS NULL THEN c.independent_origin
      WHEN s.is_nobody THEN s.speaker || ', told by ' || c.independent_origin
      ELSE coalesce(s.speaker, c.attributed_to)
    END AS speaker,
    a.published_at,
    m.is_main,
    CASE
      WHEN c.set_aside IS NOT NULL THEN c.set_aside
      WHEN c.scope = 'part' THEN 'a part: ' || c.scope_reason
      WHEN c.scope = 'total' AND c.scope_reason IS NOT NULL THEN c.scope_reason
      WHEN c.scope IN ('change', 'level') THEN 'a ' || c.scope || ' of forces, no toll'
      WHEN c.scope = 'cumulative' AND NOT e.is_aggregate THEN 'a sum over a period, not this event'
      WHEN c.value IS NULL AND c.modifier <> 'between' THEN 'states no number'
    END AS left_out_reason,
    c.set_aside,
    c.correction_id,
    c.kind IN ('killed', 'wounded', 'casualties')
      AND (c.is_attacker OR c.victim_class IS NOT DISTINCT FROM 'militants') AS is_side,
    NOT c.is_attacker AND coalesce(c.victim_class, 'people') = 'people' AND c.value > 0 AND left_out_reason IS NULL
      AS is_everyone
  FROM stated AS c
  JOIN known_events AS e USING (event_id)
  JOIN articles_as_of(t, clock) AS a USING (article_id)
  JOIN event_mentions_as_of(t, clock) AS m USING (article_id, event_id)
  LEFT JOIN speakers AS s USING (event_id, article_id, attributed_to)
),
-- "12 militants" is no toll beside "eight people" of another report; alone, or beside "12 people", it is one.
-- Whom an article has say a figure once has said it wherever that article repeats it, above all in its title.
compared AS (
  SELECT
    *,
    is_side AND left_out_reason IS NULL
      AND bool_or(is_everyone) OVER (PARTITION BY event_id, kind)
      AND NOT bool_or(is_everyone) OVER (PARTITION BY event_id, kind, figure) AS is_one_side,
    min(speaker) FILTER (attributed_to IS NOT NULL AND field = 'text') OVER same AS in_text,
    min(speaker) FILTER (attributed_to IS NOT NULL) OVER same AS named
  FROM reports
  WINDOW same AS (PARTITION BY article_id, event_id, kind, figure, low, high)
)
SELECT
  * EXCLUDE (is_side, is_everyone, in_text, named)
  REPLACE (
    CASE
      WHEN field = 'title' THEN coalesce(in_text, speaker)
      WHEN attributed_to IS NULL THEN coalesce(named, speaker)
      ELSE speaker
    END AS speaker,
    if(is_one_side, 'one side alone, where others count everyone', left_out_reason) AS left_out_reason
  )
FROM compared;
