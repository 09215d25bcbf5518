-- fail: an article that was forgotten has no revision and no correction; the next run erases it again
SELECT article_id FROM (
  SELECT article_id FROM revisions
  UNION ALL
  SELECT article_id FROM corrections
  UNION ALL
  SELECT article_id FROM correction_tellings
)
JOIN forgotten USING (article_id);
