-- Grain: a line (or part of one) that our rules took out of an article's current revision.
-- A table in the publication, by article_id, line_no; per article.
-- An index on article_id.
CREATE OR REPLACE VIEW removed_lines AS
SELECT r.article_id, r.line_no, r.text, r.rule
FROM removed_history AS r JOIN current_revisions AS c USING (article_id, revision);
