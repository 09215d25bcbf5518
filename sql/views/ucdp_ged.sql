-- Grain: an event with somebody killed, in the columns of the UCDP Georeferenced Event Dataset's codebook (version 24.1) as
-- far as reports fill them; the others are NULL, never guessed. best, low and high are the toll of the killed under the
-- default policy, attackers among them. country is ISO 3166. side_b is the one actor that claims the event.
-- A table in the publication, by id; per event.
CREATE OR REPLACE VIEW ucdp_ged AS
WITH told AS (
  SELECT
    r.event_id,
    list(DISTINCT coalesce(a.publisher, a.input) ORDER BY coalesce(a.publisher, a.input)) AS outlets,
    list(DISTINCT r.speaker ORDER BY r.speaker) AS speakers,
    min(a.published_at)::DATE AS first_published,
    arg_min(a.title, (a.published_at, a.article_id)) AS headline
  FROM toll_reports AS r JOIN articles AS a USING (article_id)
  WHERE r.kind = 'killed'
  GROUP BY r.event_id
),
claimed AS (
  SELECT event_id, min(actor) AS actor FROM responsibility WHERE stance = 'claimed'
  GROUP BY event_id
  HAVING count(DISTINCT actor) = 1
)
SELECT
  e.event_id AS id,
  year(e.date_low) AS year,
  NULL::INTEGER AS type_of_violence,
  NULL::VARCHAR AS conflict_name,
  NULL::VARCHAR AS dyad_name,
  NULL::VARCHAR AS side_a,
  c.actor AS side_b,
  t.n_origins AS number_of_sources,
  array_to_string(w.outlets, ';') AS source_article,
  w.first_published AS source_date,
  w.headline AS source_headline,
  array_to_string(w.speakers, ';') AS source_original,
  CASE e.where_precision WHEN 'city' THEN 1 WHEN 'county' THEN 3 WHEN 'region' THEN 4 WHEN 'country' THEN 6 END AS where_prec,
  e.place AS where_coordinates,
  e.label AS where_description,
  e.lat AS latitude,
  e.lon AS longitude,
  'POINT (' || e.lon || ' ' || e.lat || ')' AS geom_wkt,
  -- PRIO-GRID 2.0: half a degree a cell, numbered from the south-west.
  (floor((e.lat + 90) * 2) * 720 + floor((e.lon + 180) * 2) + 1)::INTEGER AS priogrid_gid,
  e.country,
  CASE WHEN e.is_aggregate THEN 2 ELSE 1 END AS event_clarity,
  CASE
    WHEN e.date_low = e.date_high THEN 1
    WHEN e.date_high - e.date_low < 6 THEN 2
    WHEN e.date_high - e.date_low < 7 THEN 3
    WHEN e.date_high - e.date_low < 31 THEN 4
    WHEN e.date_low IS NOT NULL THEN 5
  END AS date_prec,
  e.date_low AS date_start,
  e.date_high AS date_end,
  NULL::BIGINT AS deaths_a,
  NULL::BIGINT AS deaths_b,
  NULL::BIGINT AS deaths_civilians,
  t.best AS deaths_unknown,
  t.best,
  t.high,
  t.low
FROM event_tolls AS t
JOIN known_events AS e USING (event_id)
JOIN told AS w USING (event_id)
LEFT JOIN claimed AS c USING (event_id)
WHERE t.kind = 'killed' AND t.policy = 'independent' AND t.best > 0;
