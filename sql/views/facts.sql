-- Grain: a fact of any kind, in one shape. what says it in words, after an analyst's word if there is one (correction_id).
-- A table in the publication, by fact_id; per article.
CREATE OR REPLACE VIEW facts AS
SELECT count_id AS fact_id, 'count' AS type, article_id, event_id, field, evidence, evidence_start, char_start, char_end,
  kind || ' ' || coalesce(value::VARCHAR, coalesce(low::VARCHAR, '') || '..' || coalesce(high::VARCHAR, '')) || ' (' || modifier || ', ' || scope || ')' AS what,
  attributed_to AS who, attributed_via AS via, rules_version, correction_id, set_aside
FROM counts
UNION ALL
SELECT claim_id, 'claim', article_id, event_id, field, evidence, evidence_start, char_start, char_end,
  stance || ': ' || actor, asserted_by, attributed_via, rules_version, correction_id, set_aside
FROM claims
UNION ALL
SELECT quote_id, 'quote', article_id, event_id, field, evidence, evidence_start, char_start, char_end,
  text, speaker, NULL, rules_version, correction_id, set_aside
FROM quotes;
