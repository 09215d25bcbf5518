-- fail: an article that was forgotten has no revision; the next run erases it again
SELECT article_id FROM revisions JOIN forgotten USING (article_id);
