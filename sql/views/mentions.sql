-- Grain: a name in the text of an article's current revision.
-- A table in the publication, by article_id, char_start, type; per article.
-- An index on article_id.
CREATE OR REPLACE VIEW mentions AS
SELECT m.* EXCLUDE (revision) FROM stated_mentions AS m JOIN current_revisions AS c USING (article_id, revision);
