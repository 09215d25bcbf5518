-- One row a line (or part of one) that our rules took out of a revision.
CREATE TABLE IF NOT EXISTS removed_history (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, line_no INTEGER NOT NULL, text VARCHAR NOT NULL,
  rule VARCHAR NOT NULL
);
