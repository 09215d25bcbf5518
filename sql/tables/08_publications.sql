-- One row a publication, and one row each change of a published toll: what readers saw, and from when on. The figure that
-- moved is best, else high, else low. `cause` is the first of these that fits:
--   new: the last publication had no such toll
--   analyst: the revisions known at the last publication read as now already, by what an analyst said since of the event, its
--     facts or its sources, or took back
--   rules: the revisions known at the last publication read as now already, by another rules_version or other views
--   scope: they do by linking, which gave the event other tellings or took some away
--   retraction: nobody reports the toll any more, or who stated the figure before states none in a newer revision
--   scope: the figure was stated and is derived now, or the other way round; or who stated it for the whole states it for a
--     part now; or it is left out now (one side's alone, where others count everyone)
--   correction: an article that stated the figure before states another one in a newer revision
--   support: no figure moved, but who reports it; or one that was reported before has more behind it now than the other;
--     or a policy has its first figure, or none any more
--   rise, fall: a figure that nobody reported before is larger, or smaller, and nobody took the old one back
CREATE TABLE IF NOT EXISTS publications (
  publication_no BIGINT PRIMARY KEY, run_id VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL, rules_version VARCHAR NOT NULL,
  views_version VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS toll_history (
  publication_no BIGINT NOT NULL, "at" TIMESTAMPTZ NOT NULL, run_id VARCHAR NOT NULL, rules_version VARCHAR NOT NULL,
  event_id VARCHAR NOT NULL, label VARCHAR NOT NULL, kind VARCHAR NOT NULL, policy VARCHAR NOT NULL,
  low BIGINT, best BIGINT, high BIGINT, best_modifier VARCHAR, is_open_high BOOLEAN, n_articles BIGINT, n_origins BIGINT,
  best_count_id VARCHAR, change VARCHAR NOT NULL,
  cause VARCHAR -- NULL: published before schema 6, which did not keep what it takes to know
);
