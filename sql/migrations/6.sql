-- Schema 6: the events of older revisions too, so that tolls can be asked as of a time.
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
-- What a copy adds of its own; linking fills both at the next run.
ALTER TABLE copies ADD COLUMN n_own_words INTEGER;
CREATE TABLE own_passages (
  article_id VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, PRIMARY KEY (article_id, char_start)
);
-- Whose words an article counts as, by what is known before the next run links.
CREATE TABLE linked_origins (
  article_id VARCHAR PRIMARY KEY, publisher VARCHAR, independent_origin VARCHAR NOT NULL, copied_origin VARCHAR NOT NULL,
  own_origin VARCHAR NOT NULL
);
INSERT INTO linked_origins BY NAME
WITH known AS (SELECT r.* FROM revisions AS r JOIN current_revisions AS c USING (article_id, revision))
SELECT
  a.article_id,
  a.publisher,
  coalesce(a.origin, f.origin, f.publisher, c.copy_of, a.publisher, a.article_id) AS independent_origin,
  independent_origin AS copied_origin,
  coalesce(a.publisher, a.article_id) AS own_origin
FROM known AS a
LEFT JOIN copies AS c ON c.article_id = a.article_id AND c.copy_of IS NOT NULL
LEFT JOIN known AS f ON f.article_id = c.copy_of;
