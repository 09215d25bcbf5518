-- Grain: a count that an article's current revision states.
CREATE OR REPLACE VIEW counts AS
SELECT h.* EXCLUDE (revision, seen_at)
FROM counts_history AS h JOIN current_revisions AS c USING (article_id, revision);
