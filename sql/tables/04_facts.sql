-- One row a fact of a revision. `event_no` is the article's own event; event_mentions names it across articles.
CREATE TABLE IF NOT EXISTS stated_counts (
  count_id VARCHAR PRIMARY KEY, article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, event_no INTEGER NOT NULL,
  field VARCHAR NOT NULL, evidence VARCHAR NOT NULL, evidence_start INTEGER NOT NULL,
  char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
  kind VARCHAR NOT NULL, value BIGINT, low BIGINT, high BIGINT, modifier VARCHAR NOT NULL, unit VARCHAR,
  victim_class VARCHAR, is_attacker BOOLEAN NOT NULL, scope VARCHAR NOT NULL, scope_reason VARCHAR,
  attributed_to VARCHAR, attributed_role VARCHAR, attributed_org VARCHAR, attributed_via VARCHAR, actor_type VARCHAR,
  seen_at TIMESTAMPTZ NOT NULL, rules_version VARCHAR NOT NULL,
  victim VARCHAR, -- the name, as worded, of a person counted singly
  age INTEGER, -- that person's, in years
  is_more BOOLEAN, -- "another three", "two others": they come on top of others; NULL where rules older than schema 4 read it
  victim_no INTEGER, -- rows of an article with the same number count the same one person
  list_no INTEGER -- rows of an article with the same number are parts told together, to be added ("two women and a man")
);
CREATE TABLE IF NOT EXISTS stated_claims (
  claim_id VARCHAR PRIMARY KEY, article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, event_no INTEGER NOT NULL,
  field VARCHAR NOT NULL, evidence VARCHAR NOT NULL, evidence_start INTEGER NOT NULL,
  char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
  stance VARCHAR NOT NULL, actor VARCHAR NOT NULL, asserted_by VARCHAR, attributed_via VARCHAR,
  seen_at TIMESTAMPTZ NOT NULL, rules_version VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS stated_quotes (
  quote_id VARCHAR PRIMARY KEY, article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, event_no INTEGER NOT NULL,
  field VARCHAR NOT NULL, evidence VARCHAR NOT NULL, evidence_start INTEGER NOT NULL,
  char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
  text VARCHAR NOT NULL, speaker VARCHAR, speaker_role VARCHAR,
  seen_at TIMESTAMPTZ NOT NULL, rules_version VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS stated_mentions (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, type VARCHAR NOT NULL, name VARCHAR NOT NULL,
  canonical VARCHAR, country VARCHAR, lat DOUBLE, lon DOUBLE, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
  rules_version VARCHAR NOT NULL
);
-- One row an event as one revision tells it: what linking compares.
CREATE TABLE IF NOT EXISTS local_events (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, event_no INTEGER NOT NULL, is_main BOOLEAN NOT NULL,
  is_aggregate BOOLEAN NOT NULL, kind VARCHAR, place VARCHAR, date_low DATE, date_high DATE, date_precision VARCHAR,
  time_key VARCHAR, words VARCHAR[], names VARCHAR[],
  country VARCHAR, lat DOUBLE, lon DOUBLE, where_precision VARCHAR
);
