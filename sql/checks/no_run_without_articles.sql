-- warn: the last run read documents and none of them became an article
SELECT run_id, n_documents, n_rejects FROM runs
WHERE n_new > 0 AND n_articles = 0 AND started_at = (SELECT max(started_at) FROM runs);
