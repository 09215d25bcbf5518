-- fail: every fact of a current revision belongs to an event of its article
-- per article
SELECT fact_id FROM facts WHERE event_id IS NULL AND type <> 'quote';
