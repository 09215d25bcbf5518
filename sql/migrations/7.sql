-- Schema 7: alerts and what housekeeping let go; tables that are new need no more than their own files.
-- Whose reject it is: that of a page by its fetches, that of a file by the path of its source.
ALTER TABLE rejects ADD COLUMN source_name VARCHAR;
UPDATE rejects SET source_name = f.source_name
FROM (SELECT input, min(source_name) AS source_name FROM fetches WHERE NOT is_source GROUP BY input) AS f
WHERE f.input = rejects.input;
UPDATE rejects SET source_name = s.source_name
FROM sources AS s
WHERE rejects.source_name IS NULL AND (rejects.input = s.location OR starts_with(rejects.input, s.location || '/')
  OR starts_with(rejects.input, s.location || '#') OR starts_with(rejects.input, s.location || ':'));
