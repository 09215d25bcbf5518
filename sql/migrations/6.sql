-- Schema 6: the events of older revisions too, so that tolls can be asked as of a time; corrections.
CREATE TABLE told AS SELECT m.*, c.revision FROM mentioned_events AS m JOIN current_revisions AS c USING (article_id);
DROP TABLE mentioned_events;
CREATE TABLE mentioned_events (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, event_no INTEGER NOT NULL, event_id VARCHAR NOT NULL,
  is_main BOOLEAN NOT NULL, story_id VARCHAR NOT NULL, PRIMARY KEY (article_id, revision, event_no)
);
INSERT INTO mentioned_events BY NAME FROM told;
DROP TABLE told;
-- Aliases of events are linking's and an analyst's: the view event_aliases has both.
ALTER TABLE event_aliases RENAME TO linked_event_aliases;
