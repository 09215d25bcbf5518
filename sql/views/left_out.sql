-- Grain: a count that no toll rests on, and why.
-- A table in the publication, by event_id, kind, count_id; per event.
CREATE OR REPLACE VIEW left_out AS
SELECT
  event_id, kind, count_id, article_id, figure AS value, low, high, modifier, scope, attributed_to,
  left_out_reason AS reason, correction_id
FROM toll_reports
WHERE left_out_reason IS NOT NULL;
