-- Schema 2: runs have a number that no clock moves, a command, an engine and a duration.
ALTER TABLE runs ADD COLUMN run_no BIGINT;
ALTER TABLE runs ADD COLUMN command VARCHAR;
ALTER TABLE runs ADD COLUMN engine VARCHAR;
ALTER TABLE runs ADD COLUMN seconds DOUBLE;
UPDATE runs SET run_no = n.run_no, command = 'run', engine = 'local', seconds = epoch(ended_at - started_at)
FROM (SELECT run_id, row_number() OVER (ORDER BY started_at, run_id) AS run_no FROM runs) AS n
WHERE runs.run_id = n.run_id;
