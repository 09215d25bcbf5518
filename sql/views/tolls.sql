-- Grain: an event, a kind and a policy: the lowest, the best and the highest figure that somebody states for the whole.
-- independent: most independent origins, then most speakers, then the later published_at (NULL last), then the larger.
-- latest_official: what government, police, military or a hospital said last. conservative: the lowest that two origins
-- or more support. best is NULL where no figure qualifies. n_* count every report, left-out ones too. correction_ids:
-- what analysts said of these reports or of the event (NULL: as read and linked).
-- After the UCDP GED codebook, whose best estimate is the most reliable figure and whose low and high are the lowest and the
-- highest that reliable sources give. Where its coders weigh sources, ours are counted, by a policy that is named.
-- A table in the publication, by event_id, kind, policy; per event.
CREATE OR REPLACE VIEW tolls AS
FROM tolls_as_of('infinity', 'seen');
