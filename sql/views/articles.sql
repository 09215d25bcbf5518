-- Grain: an article, its current revision.
CREATE OR REPLACE VIEW articles AS
SELECT r.* FROM revisions AS r JOIN current_revisions AS c USING (article_id, revision);
