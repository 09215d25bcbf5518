-- Grain: an event, a kind and a policy: the lowest, the best and the highest figure that somebody states for the whole.
-- independent: most independent origins, then most speakers, then the later published_at (NULL last), then the larger.
-- latest_official: what government, police, military or a hospital said last. conservative: the lowest that two origins
-- or more support. best_count_id is the report that decides: of latest_official what an official said last. best is NULL
-- where no figure qualifies. n_* count every report, left-out ones too. correction_ids: what analysts said of these reports
-- or of the event (NULL: as read and linked).
-- After the UCDP GED codebook, whose best estimate is the most reliable figure and whose low and high are the lowest and the
-- highest that reliable sources give. Where its coders weigh sources, ours are counted, by a policy that is named.
-- n_sources, n_sources_heard, n_sources_failed: those of its event (coverage): of how much of the press a low figure is the
-- word. NULL where no source is known.
CREATE OR REPLACE VIEW tolls AS
SELECT
  t.*,
  nullif(c.n_sources, 0) AS n_sources,
  CASE WHEN c.n_sources > 0 THEN c.n_sources_heard END AS n_sources_heard,
  CASE WHEN c.n_sources > 0 THEN c.n_sources_failed END AS n_sources_failed
FROM event_tolls AS t
LEFT JOIN coverage AS c USING (event_id);
