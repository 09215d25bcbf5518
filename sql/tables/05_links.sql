-- What linking found over all current articles; replaced as a whole.
CREATE TABLE IF NOT EXISTS copies (
  article_id VARCHAR NOT NULL, copy_of VARCHAR, origin VARCHAR, similarity DOUBLE, reason VARCHAR NOT NULL,
  n_own_words INTEGER -- in own_passages; 0: it adds nothing; NULL where only the credit is known
);
-- One row a run of sentences of a copy that no text it was made from holds: characters of its current revision's text.
CREATE TABLE IF NOT EXISTS own_passages (
  article_id VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, PRIMARY KEY (article_id, char_start)
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
  is_main BOOLEAN NOT NULL, story_id VARCHAR NOT NULL, happening_id VARCHAR NOT NULL,
  PRIMARY KEY (article_id, revision, event_no)
);
-- What the articles of one story tell of one thing, and the keys by which those of several stories are found.
CREATE TABLE IF NOT EXISTS happenings (
  happening_id VARCHAR PRIMARY KEY, event_id VARCHAR NOT NULL, story_id VARCHAR NOT NULL, is_main BOOLEAN NOT NULL,
  is_aggregate BOOLEAN NOT NULL, kind VARCHAR, place VARCHAR, lat DOUBLE, lon DOUBLE, date_low DATE, date_high DATE,
  date_precision VARCHAR, names VARCHAR[] NOT NULL, killed BIGINT[] NOT NULL, wounded BIGINT[] NOT NULL
);
CREATE TABLE IF NOT EXISTS happening_keys (happening_id VARCHAR NOT NULL, key VARCHAR NOT NULL);
-- Every id ever published that is gone, and what took its place.
CREATE TABLE IF NOT EXISTS story_aliases (old_id VARCHAR PRIMARY KEY, new_id VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS linked_event_aliases (old_id VARCHAR PRIMARY KEY, new_id VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS actors (
  actor VARCHAR PRIMARY KEY, actor_type VARCHAR NOT NULL, country VARCHAR, aliases VARCHAR[] NOT NULL
);
-- One row an article: whose words it counts as (the view article_origins).
CREATE TABLE IF NOT EXISTS linked_origins (
  article_id VARCHAR PRIMARY KEY, publisher VARCHAR, independent_origin VARCHAR NOT NULL, copied_origin VARCHAR NOT NULL,
  own_origin VARCHAR NOT NULL, credit VARCHAR, first_id VARCHAR
);
-- One row a count or claim of a copy that stands in its own passages: its publisher's words (article_origins.own_origin).
CREATE TABLE IF NOT EXISTS own_facts (fact_id VARCHAR PRIMARY KEY, article_id VARCHAR NOT NULL);
-- One row an event, an article and a speaker of its counts as worded there (attributed_to), and who that is within the
-- event, in the fullest spelling that its articles have. is_nobody: a witness, a source, another one in each article.
CREATE TABLE IF NOT EXISTS speakers (
  event_id VARCHAR NOT NULL, article_id VARCHAR NOT NULL, attributed_to VARCHAR NOT NULL, speaker VARCHAR NOT NULL,
  is_nobody BOOLEAN NOT NULL, PRIMARY KEY (event_id, article_id, attributed_to)
);
-- One row a name, in lower case, of an outlet that the lexicon knows.
CREATE TABLE IF NOT EXISTS outlets (name VARCHAR PRIMARY KEY, outlet VARCHAR NOT NULL);
