-- Schema 2: runs have a number that no clock moves, a command, an engine and a duration; a revision says which rules its
-- facts were read with, a reject which rules refused it.
ALTER TABLE runs ADD COLUMN run_no BIGINT;
ALTER TABLE runs ADD COLUMN command VARCHAR;
ALTER TABLE runs ADD COLUMN engine VARCHAR;
ALTER TABLE runs ADD COLUMN seconds DOUBLE;
UPDATE runs SET run_no = n.run_no, command = 'run', engine = 'local', seconds = epoch(ended_at - started_at)
FROM (SELECT run_id, row_number() OVER (ORDER BY started_at, run_id) AS run_no FROM runs) AS n
WHERE runs.run_id = n.run_id;
ALTER TABLE revisions ADD COLUMN facts_version VARCHAR;
UPDATE revisions SET facts_version = rules_version;
ALTER TABLE rejects ADD COLUMN rules_version VARCHAR;
UPDATE rejects SET rules_version = r.rules_version FROM runs AS r WHERE r.run_id = rejects.run_id;
