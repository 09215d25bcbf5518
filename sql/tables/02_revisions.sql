-- One row an article's revision; its current one is the highest.
CREATE TABLE IF NOT EXISTS revisions (
  article_id VARCHAR NOT NULL,
  input VARCHAR NOT NULL,
  url VARCHAR,
  publisher VARCHAR,
  source_name VARCHAR NOT NULL,
  title VARCHAR,
  authors VARCHAR[],
  published_at TIMESTAMPTZ,
  published_precision VARCHAR,
  published_from VARCHAR,
  modified_at TIMESTAMPTZ,
  dateline VARCHAR,
  origin VARCHAR,
  language VARCHAR,
  text VARCHAR NOT NULL,
  word_count INTEGER,
  extractor VARCHAR NOT NULL,
  raw_sha256 VARCHAR NOT NULL,
  revision INTEGER NOT NULL,
  first_seen_at TIMESTAMPTZ NOT NULL,
  fetched_at TIMESTAMPTZ,
  rules_version VARCHAR NOT NULL,
  facts_version VARCHAR NOT NULL, -- the rules that its facts were read with
  printed_at TIMESTAMPTZ, -- from when on it was in print, as far as its page says; else first_seen_at
  PRIMARY KEY (article_id, revision)
);
-- A document of other bytes that says what a revision of its article says: pages change their ads and clocks all day.
CREATE TABLE IF NOT EXISTS repeats (
  article_id VARCHAR NOT NULL, raw_sha256 VARCHAR NOT NULL, revision INTEGER NOT NULL, seen_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (article_id, raw_sha256)
);
CREATE TABLE IF NOT EXISTS current_revisions (article_id VARCHAR PRIMARY KEY, revision INTEGER NOT NULL);
