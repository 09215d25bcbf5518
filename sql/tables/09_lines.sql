-- One row a short line (`part` whole; of marked ones also their start and end) of a revision whose outlet is known.
-- The keys are the lower half of an MD5: of the folded line or its part, of all of it, of the article's longest line.
CREATE TABLE IF NOT EXISTS article_lines (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, line_no INTEGER NOT NULL, part VARCHAR NOT NULL,
  outlet VARCHAR NOT NULL, line_key UBIGINT NOT NULL, whole_key UBIGINT NOT NULL, place VARCHAR NOT NULL, article_key UBIGINT NOT NULL,
  is_taken BOOLEAN NOT NULL -- cleaning took the line out because it recurs
);
-- One row a line that stands in four articles or more of a publisher, copies of one text counted once; `part` start and
-- end: lines that begin or end so. What is decided bears on runs to come, and on `rebuild`.
CREATE TABLE IF NOT EXISTS recurring_lines (
  line_id VARCHAR PRIMARY KEY, publisher VARCHAR NOT NULL, part VARCHAR NOT NULL, line VARCHAR NOT NULL,
  folded VARCHAR NOT NULL, line_key UBIGINT NOT NULL, form VARCHAR NOT NULL,
  n_articles BIGINT NOT NULL, n_head BIGINT NOT NULL, n_body BIGINT NOT NULL, n_tail BIGINT NOT NULL,
  first_seen_at TIMESTAMPTZ NOT NULL, last_seen_at TIMESTAMPTZ NOT NULL,
  decision VARCHAR NOT NULL, -- drop | keep
  reason VARCHAR NOT NULL, decided_by VARCHAR NOT NULL, -- rules | analyst
  decided_at TIMESTAMPTZ NOT NULL
);
-- What a revision's page offered for its title, authors, instants, publisher and language, and what was taken.
CREATE TABLE IF NOT EXISTS candidate_history (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, field VARCHAR NOT NULL, value VARCHAR NOT NULL,
  source VARCHAR NOT NULL, rank INTEGER NOT NULL, is_chosen BOOLEAN NOT NULL
);
