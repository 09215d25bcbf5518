-- One row a line (or part of one) that our rules took out of a revision; line_no is NULL for a block that went before
-- the text had lines.
CREATE TABLE IF NOT EXISTS removed_history (
  article_id VARCHAR NOT NULL, revision INTEGER NOT NULL, line_no INTEGER, text VARCHAR NOT NULL,
  rule VARCHAR NOT NULL
);
