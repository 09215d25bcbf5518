-- Schema 5: what became of each address that was asked, and pages that say again what a revision says.
ALTER TABLE fetches ADD COLUMN verdict VARCHAR;
ALTER TABLE fetches ADD COLUMN n_known BIGINT;
ALTER TABLE fetches ADD COLUMN is_source BOOLEAN;
ALTER TABLE fetches ADD COLUMN status INTEGER;
ALTER TABLE fetches ADD COLUMN detail VARCHAR;
ALTER TABLE fetches ADD COLUMN final_url VARCHAR;
ALTER TABLE fetches ADD COLUMN n_bytes BIGINT;
ALTER TABLE fetches ADD COLUMN seconds DOUBLE;
UPDATE fetches SET verdict = 'good', n_known = 0, is_source = true;
