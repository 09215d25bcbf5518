-- Grain: a figure or an attribution of a fact that an article changed, added or took out (edit) from one revision to the next
-- without a correction note that says so (has_note is false throughout); those with one stand in fact_edits.
-- A table in the publication, by event_id, article_id, revision, before_id, after_id; per article.
CREATE OR REPLACE VIEW silent_edits AS
SELECT * FROM fact_edits WHERE NOT has_note;
