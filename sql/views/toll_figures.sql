-- Grain: a distinct figure that somebody states for an event's whole toll of a kind, with how well it is supported.
CREATE OR REPLACE VIEW toll_figures AS
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
  arg_min(count_id, (modifier <> 'exact', article_id, char_start)) AS count_id,
  arg_min(modifier, (modifier <> 'exact', article_id, char_start)) AS modifier,
  arg_min(count_id, (modifier NOT IN ('at_least', 'more_than'), article_id, char_start)) AS open_count_id,
  arg_min(modifier, (modifier NOT IN ('at_least', 'more_than'), article_id, char_start)) AS open_modifier
FROM toll_reports
WHERE left_out_reason IS NULL AND figure IS NOT NULL
GROUP BY event_id, kind, figure;
