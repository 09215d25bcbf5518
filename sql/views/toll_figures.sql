-- Grain: a distinct figure that somebody states for an event's whole toll of a kind, with how well it is supported. Only
-- where nobody states one do derived figures stand here (is_derived), without a count to point at.
CREATE OR REPLACE VIEW toll_figures AS
WITH stated AS (
  SELECT
    event_id,
    kind,
    figure,
    count(DISTINCT article_id) AS n_articles,
    count(DISTINCT independent_origin) AS n_origins,
    count(DISTINCT speaker) AS n_speakers,
    max(published_at) AS last_published_at,
    max(published_at) FILTER (actor_type IN ('government', 'police', 'military', 'hospital')) AS last_official_at,
    bool_or(actor_type IN ('government', 'police', 'military', 'hospital')) AS is_official,
    bool_or(modifier IN ('at_least', 'more_than')) AS is_open,
    arg_min(count_id, (modifier <> 'exact', article_id, field, char_start, count_id)) AS count_id,
    arg_min(modifier, (modifier <> 'exact', article_id, field, char_start, count_id)) AS modifier,
    arg_min(count_id, (modifier NOT IN ('at_least', 'more_than'), article_id, field, char_start, count_id)) AS open_count_id,
    arg_min(modifier, (modifier NOT IN ('at_least', 'more_than'), article_id, field, char_start, count_id)) AS open_modifier
  FROM toll_reports
  WHERE left_out_reason IS NULL AND figure IS NOT NULL
  GROUP BY event_id, kind, figure
)
SELECT *, false AS is_derived FROM stated
UNION ALL
SELECT
  d.event_id,
  d.kind,
  d.best,
  count(DISTINCT d.article_id),
  count(DISTINCT o.independent_origin),
  count(DISTINCT o.independent_origin),
  max(a.published_at),
  NULL,
  false,
  false,
  NULL,
  'exact',
  NULL,
  'exact',
  true
FROM article_tolls AS d
JOIN articles AS a USING (article_id)
JOIN article_origins AS o USING (article_id)
WHERE d.is_derived AND NOT EXISTS (FROM stated AS s WHERE s.event_id = d.event_id AND s.kind = d.kind)
GROUP BY d.event_id, d.kind, d.best;
