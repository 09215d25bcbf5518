-- How the ledger came to be: runs, their stages and batches, what the checks warned of; sources, what each run read of
-- them, and what could not become a row.
CREATE TABLE IF NOT EXISTS runs (
  run_id VARCHAR PRIMARY KEY, started_at TIMESTAMPTZ NOT NULL, ended_at TIMESTAMPTZ, state VARCHAR NOT NULL,
  rules_version VARCHAR NOT NULL, n_documents BIGINT, n_new BIGINT, n_articles BIGINT, n_rejects BIGINT, message VARCHAR,
  run_no BIGINT, command VARCHAR, engine VARCHAR, seconds DOUBLE
);
CREATE TABLE IF NOT EXISTS run_stages (
  run_id VARCHAR NOT NULL, stage VARCHAR NOT NULL, n_batches BIGINT NOT NULL, n_reused BIGINT NOT NULL, seconds DOUBLE
);
CREATE TABLE IF NOT EXISTS run_batches (
  run_id VARCHAR NOT NULL, stage VARCHAR NOT NULL, batch VARCHAR NOT NULL, n_documents BIGINT NOT NULL,
  n_bytes BIGINT NOT NULL, n_rows BIGINT NOT NULL, n_refused BIGINT NOT NULL, seconds DOUBLE NOT NULL,
  worked_by VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS run_warnings (run_id VARCHAR NOT NULL, promise VARCHAR NOT NULL, broken_by VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS sources (
  source_name VARCHAR PRIMARY KEY, type VARCHAR NOT NULL, location VARCHAR NOT NULL, publisher VARCHAR,
  first_seen_at TIMESTAMPTZ NOT NULL, last_read_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS fetches (
  run_id VARCHAR NOT NULL, source_name VARCHAR NOT NULL, input VARCHAR NOT NULL, outcome VARCHAR NOT NULL,
  n_documents BIGINT NOT NULL, n_refused BIGINT NOT NULL, fetched_at TIMESTAMPTZ NOT NULL, verdict VARCHAR,
  n_known BIGINT, is_source BOOLEAN, status INTEGER, detail VARCHAR, final_url VARCHAR, n_bytes BIGINT, seconds DOUBLE
);
CREATE TABLE IF NOT EXISTS rejects (
  input VARCHAR NOT NULL, stage VARCHAR NOT NULL, reason VARCHAR NOT NULL, detail VARCHAR, run_id VARCHAR NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL, article_id VARCHAR, raw_sha256 VARCHAR NOT NULL, rules_version VARCHAR,
  source_name VARCHAR -- NULL where a version before schema 7 kept it and no fetch tells
);
-- What the data folder took at the end of each run, before its publication: the parts are its folders, `free` is what the
-- disk has left.
CREATE TABLE IF NOT EXISTS disk_use (
  run_id VARCHAR NOT NULL, part VARCHAR NOT NULL, n_bytes BIGINT NOT NULL, n_files BIGINT, measured_at TIMESTAMPTZ NOT NULL
);
-- One row an article that was taken down: nothing else of it is kept, and it is not collected again.
CREATE TABLE IF NOT EXISTS forgotten (
  article_id VARCHAR PRIMARY KEY, forgotten_at TIMESTAMPTZ NOT NULL, why VARCHAR NOT NULL
);
