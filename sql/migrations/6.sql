-- Schema 6: the events of older revisions too, so that tolls can be asked as of a time; corrections.
CREATE TABLE told AS
SELECT m.*, c.revision, m.event_id AS happening_id FROM mentioned_events AS m JOIN current_revisions AS c USING (article_id);
DROP TABLE mentioned_events;
CREATE TABLE mentioned_events (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, event_no INTEGER NOT NULL, event_id VARCHAR NOT NULL,
  is_main BOOLEAN NOT NULL, story_id VARCHAR NOT NULL, happening_id VARCHAR NOT NULL,
  PRIMARY KEY (article_id, revision, event_no)
);
INSERT INTO mentioned_events BY NAME FROM told;
DROP TABLE told;
-- From when on a revision was in print: flows/warehouse/times.py says how. The table is made anew, for DuckDB alters none
-- that the same transaction (schema 2) has updated.
CREATE TABLE told AS
WITH RECURSIVE numbered AS (
  SELECT article_id, revision, first_seen_at, published_at, modified_at,
    row_number() OVER (PARTITION BY article_id ORDER BY revision) AS nth
  FROM revisions
),
printed AS (
  SELECT article_id, revision, nth, coalesce(published_at, first_seen_at) AS printed_at FROM numbered WHERE nth = 1
  UNION ALL
  SELECT n.article_id, n.revision, n.nth,
    CASE WHEN n.modified_at > p.printed_at THEN n.modified_at ELSE n.first_seen_at END
  FROM printed AS p JOIN numbered AS n ON n.article_id = p.article_id AND n.nth = p.nth + 1
)
SELECT r.*, p.printed_at FROM revisions AS r JOIN printed AS p USING (article_id, revision);
DROP TABLE revisions;
CREATE TABLE revisions (
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
  facts_version VARCHAR NOT NULL,
  printed_at TIMESTAMPTZ,
  PRIMARY KEY (article_id, revision)
);
INSERT INTO revisions BY NAME FROM told ORDER BY article_id, revision;
DROP TABLE told;
-- What a change of a toll came of (sql/tables/08_publications.sql); of older rows it is known only where there was none before.
CREATE TABLE IF NOT EXISTS toll_history ( -- schema 1 had none
  publication_no BIGINT NOT NULL, "at" TIMESTAMPTZ NOT NULL, run_id VARCHAR NOT NULL, rules_version VARCHAR NOT NULL,
  event_id VARCHAR NOT NULL, label VARCHAR NOT NULL, kind VARCHAR NOT NULL, policy VARCHAR NOT NULL,
  low BIGINT, best BIGINT, high BIGINT, best_modifier VARCHAR, is_open_high BOOLEAN, n_articles BIGINT, n_origins BIGINT,
  best_count_id VARCHAR, change VARCHAR NOT NULL
);
ALTER TABLE toll_history ADD COLUMN cause VARCHAR;
UPDATE toll_history SET cause = 'new' WHERE change = 'new';
-- What a copy adds of its own; linking fills both at the next run.
ALTER TABLE copies ADD COLUMN n_own_words INTEGER;
CREATE TABLE own_passages (
  article_id VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, PRIMARY KEY (article_id, char_start)
);
-- Whose words an article counts as, by what is known before the next run links.
CREATE TABLE linked_origins (
  article_id VARCHAR PRIMARY KEY, publisher VARCHAR, independent_origin VARCHAR NOT NULL, copied_origin VARCHAR NOT NULL,
  own_origin VARCHAR NOT NULL, credit VARCHAR, first_id VARCHAR
);
INSERT INTO linked_origins BY NAME
WITH known AS (SELECT r.* FROM revisions AS r JOIN current_revisions AS c USING (article_id, revision))
SELECT
  a.article_id,
  a.publisher,
  coalesce(a.origin, f.origin, f.publisher, c.copy_of, a.publisher, a.article_id) AS independent_origin,
  independent_origin AS copied_origin,
  coalesce(a.publisher, a.article_id) AS own_origin,
  a.origin AS credit,
  c.copy_of AS first_id
FROM known AS a
LEFT JOIN copies AS c ON c.article_id = a.article_id AND c.copy_of IS NOT NULL
LEFT JOIN known AS f ON f.article_id = c.copy_of;
-- Aliases of events are linking's and an analyst's: the view event_aliases has both.
ALTER TABLE event_aliases RENAME TO linked_event_aliases;
