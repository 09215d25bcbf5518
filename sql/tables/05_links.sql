-- What linking found over all current articles; replaced as a whole.
CREATE TABLE IF NOT EXISTS copies (
  article_id VARCHAR NOT NULL, copy_of VARCHAR, origin VARCHAR, similarity DOUBLE, reason VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS linked_stories (
  story_id VARCHAR PRIMARY KEY, headline VARCHAR NOT NULL, updated_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS story_articles (story_id VARCHAR NOT NULL, article_id VARCHAR PRIMARY KEY);
CREATE TABLE IF NOT EXISTS linked_events (
  event_id VARCHAR PRIMARY KEY, kind VARCHAR, label VARCHAR NOT NULL, place VARCHAR, country VARCHAR, lat DOUBLE,
  lon DOUBLE, where_precision VARCHAR, date_low DATE, date_high DATE, date_precision VARCHAR,
  is_aggregate BOOLEAN NOT NULL
);
CREATE TABLE IF NOT EXISTS mentioned_events (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, event_no INTEGER NOT NULL, event_id VARCHAR NOT NULL,
  is_main BOOLEAN NOT NULL, story_id VARCHAR NOT NULL, PRIMARY KEY (article_id, revision, event_no)
);
-- Every id ever published that is gone, and what took its place.
CREATE TABLE IF NOT EXISTS story_aliases (old_id VARCHAR PRIMARY KEY, new_id VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS linked_event_aliases (old_id VARCHAR PRIMARY KEY, new_id VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS actors (
  actor VARCHAR PRIMARY KEY, actor_type VARCHAR NOT NULL, country VARCHAR, aliases VARCHAR[] NOT NULL
);
