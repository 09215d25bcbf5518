-- Grain: an address and a run: the 100 that took longest to fetch in the last 7 days, redirects included, pauses for manners not.
-- A table in the publication, by seconds, input; made anew.
CREATE OR REPLACE VIEW slow_pages AS
SELECT source_name, input, outcome, seconds, n_bytes, fetched_at, run_id
FROM fetches
WHERE seconds IS NOT NULL AND fetched_at > (SELECT max(started_at) - INTERVAL 7 DAYS FROM runs)
ORDER BY seconds DESC, input, run_id
LIMIT 100;
