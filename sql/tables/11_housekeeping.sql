-- One row a document whose raw bytes were let go; its article, text, facts and histories stand.
CREATE TABLE IF NOT EXISTS let_go (
  article_id VARCHAR NOT NULL, raw_sha256 VARCHAR NOT NULL, let_go_at TIMESTAMPTZ NOT NULL, why VARCHAR NOT NULL,
  PRIMARY KEY (article_id, raw_sha256)
);
-- One row a time that housekeeping found something to do, and a part of the data folder.
CREATE TABLE IF NOT EXISTS tidied (
  tidied_at TIMESTAMPTZ NOT NULL, part VARCHAR NOT NULL, n_files BIGINT NOT NULL, n_rows BIGINT NOT NULL,
  n_bytes BIGINT NOT NULL
);
