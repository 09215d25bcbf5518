-- An analyst's word, in the order in which it was said; corrections.jsonl beside the archive is where it lives, this is
-- what stands there. A fact is found again by article, kind (of a claim its stance), the value that the rules read
-- (of a claim its actor, of a quote its text), sentence, and which of several such (nth); an event by its tellings.
CREATE TABLE IF NOT EXISTS corrections (
  correction_id VARCHAR PRIMARY KEY,
  correction_no BIGINT NOT NULL,
  action VARCHAR NOT NULL, -- fix | drop | merge | split | mute | undo
  type VARCHAR NOT NULL, -- what is corrected: count | claim | quote | event | source | correction
  target VARCHAR, -- its id then, or the source's name; NULL where only the anchor was said
  other VARCHAR, -- merge: the event that becomes the target; split: the articles that tell of another, by spaces
  article_id VARCHAR, kind VARCHAR, value VARCHAR, evidence VARCHAR, nth INTEGER,
  sets VARCHAR, -- "column=value; ...", nothing behind = is NULL
  corrected_by VARCHAR NOT NULL, corrected_at TIMESTAMPTZ NOT NULL, why VARCHAR NOT NULL,
  state VARCHAR NOT NULL -- holds | lost (it no longer finds its fact, event or source) | undone
);
-- The tellings that an event had when it was corrected; part 1 are the target's (of a split those that stay), part 2
-- the others. What an article is about needs no words to be found again.
CREATE TABLE IF NOT EXISTS correction_tellings (
  correction_id VARCHAR NOT NULL, telling_no INTEGER NOT NULL, part INTEGER NOT NULL, article_id VARCHAR NOT NULL,
  is_main BOOLEAN NOT NULL, is_aggregate BOOLEAN NOT NULL, kind VARCHAR, time_key VARCHAR, place VARCHAR,
  words VARCHAR[] NOT NULL, PRIMARY KEY (correction_id, telling_no)
);
-- What the corrections that hold make of the facts and events of today; made anew with each of them and each load.
-- set_aside says who left a fact out and why (NULL: it counts).
CREATE TABLE IF NOT EXISTS corrected_counts (
  count_id VARCHAR PRIMARY KEY, kind VARCHAR NOT NULL, value BIGINT, low BIGINT, high BIGINT, modifier VARCHAR NOT NULL,
  is_attacker BOOLEAN NOT NULL, scope VARCHAR NOT NULL, scope_reason VARCHAR, attributed_to VARCHAR,
  attributed_role VARCHAR, attributed_org VARCHAR, attributed_via VARCHAR, actor_type VARCHAR, victim_no INTEGER,
  set_aside VARCHAR, correction_ids VARCHAR[] NOT NULL
);
CREATE TABLE IF NOT EXISTS corrected_claims (
  claim_id VARCHAR PRIMARY KEY, stance VARCHAR NOT NULL, actor VARCHAR NOT NULL, asserted_by VARCHAR,
  set_aside VARCHAR, correction_ids VARCHAR[] NOT NULL
);
CREATE TABLE IF NOT EXISTS corrected_quotes (
  quote_id VARCHAR PRIMARY KEY, set_aside VARCHAR, correction_ids VARCHAR[] NOT NULL
);
CREATE TABLE IF NOT EXISTS muted_revisions (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, set_aside VARCHAR NOT NULL, correction_id VARCHAR NOT NULL,
  PRIMARY KEY (article_id, revision)
);
CREATE TABLE IF NOT EXISTS moved_tellings (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, event_no INTEGER NOT NULL, event_id VARCHAR NOT NULL,
  PRIMARY KEY (article_id, revision, event_no)
);
CREATE TABLE IF NOT EXISTS moved_events (
  old_id VARCHAR PRIMARY KEY, new_id VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS split_events (
  event_id VARCHAR PRIMARY KEY, kind VARCHAR, label VARCHAR NOT NULL, place VARCHAR, country VARCHAR, lat DOUBLE,
  lon DOUBLE, where_precision VARCHAR, date_low DATE, date_high DATE, date_precision VARCHAR,
  is_aggregate BOOLEAN NOT NULL
);
CREATE TABLE IF NOT EXISTS corrected_events (event_id VARCHAR PRIMARY KEY, correction_ids VARCHAR[] NOT NULL);
