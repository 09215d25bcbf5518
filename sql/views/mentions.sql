-- Grain: a name in the text of an article's current revision.
CREATE OR REPLACE VIEW mentions AS
SELECT m.* EXCLUDE (revision) FROM stated_mentions AS m JOIN current_revisions AS c USING (article_id, revision);
