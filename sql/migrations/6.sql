-- Schema 6: the events of older revisions too, so that tolls can be asked as of a time.
CREATE TABLE told AS SELECT m.*, c.revision FROM mentioned_events AS m JOIN current_revisions AS c USING (article_id);
DROP TABLE mentioned_events;
CREATE TABLE mentioned_events (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, event_no INTEGER NOT NULL, event_id VARCHAR NOT NULL,
  is_main BOOLEAN NOT NULL, story_id VARCHAR NOT NULL, PRIMARY KEY (article_id, revision, event_no)
);
INSERT INTO mentioned_events BY NAME FROM told;
DROP TABLE told;
-- From when on a revision was in print: flows/warehouse/times.py says how.
ALTER TABLE revisions ADD COLUMN printed_at TIMESTAMPTZ;
UPDATE revisions SET printed_at = p.printed_at
FROM (
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
  FROM printed
) AS p
WHERE p.article_id = revisions.article_id AND p.revision = revisions.revision;
-- What a change of a toll came of; of older rows it is known only where there was none before.
ALTER TABLE toll_history ADD COLUMN cause VARCHAR;
UPDATE toll_history SET cause = 'new' WHERE change = 'new';
