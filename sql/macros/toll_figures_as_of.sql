-- Grain: that of the view toll_figures, which is this at 'infinity'; of the revisions known at t by a clock.
CREATE OR REPLACE MACRO toll_figures_as_of(t, clock) AS TABLE
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
    arg_min(modifier, (modifier NOT IN ('at_least', 'more_than'), article_id, field, char_start, count_id)) AS open_modifier,
    arg_min(count_id, (
      published_at IS NULL, coalesce(-epoch_us(published_at), 0), modifier <> 'exact', article_id, field, char_start, count_id
    )) FILTER (actor_type IN ('government', 'police', 'military', 'hospital')) AS official_count_id,
    arg_min(modifier, (
      published_at IS NULL, coalesce(-epoch_us(published_at), 0), modifier <> 'exact', article_id, field, char_start, count_id
    )) FILTER (actor_type IN ('government', 'police', 'military', 'hospital')) AS official_modifier
  FROM toll_reports_as_of(t, clock)
  WHERE left_out_reason IS NULL AND figure IS NOT NULL
  GROUP BY event_id, kind, figure
)
SELECT * EXCLUDE (official_count_id, official_modifier), false AS is_derived, official_count_id, official_modifier
FROM stated
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
  true,
  NULL,
  NULL
FROM article_tolls_as_of(t, clock) AS d
JOIN articles_as_of(t, clock) AS a USING (article_id)
JOIN article_origins_as_of(t, clock) AS o USING (article_id)
LEFT JOIN (SELECT DISTINCT event_id, kind, true AS is_stated FROM stated) AS s USING (event_id, kind)
WHERE d.is_derived AND s.is_stated IS NULL
GROUP BY d.event_id, d.kind, d.best;
