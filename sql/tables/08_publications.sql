-- One row a publication, and one row each change of a published toll: what readers saw, and from when on.
CREATE TABLE IF NOT EXISTS publications (
  publication_no BIGINT PRIMARY KEY, run_id VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL, rules_version VARCHAR NOT NULL,
  views_version VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS toll_history (
  publication_no BIGINT NOT NULL, "at" TIMESTAMPTZ NOT NULL, run_id VARCHAR NOT NULL, rules_version VARCHAR NOT NULL,
  event_id VARCHAR NOT NULL, label VARCHAR NOT NULL, kind VARCHAR NOT NULL, policy VARCHAR NOT NULL,
  low BIGINT, best BIGINT, high BIGINT, best_modifier VARCHAR, is_open_high BOOLEAN, n_articles BIGINT, n_origins BIGINT,
  best_count_id VARCHAR, change VARCHAR NOT NULL
);
