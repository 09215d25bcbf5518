-- warn: the last run read documents and none of them became an article
SELECT run_id, n_documents, n_rejects FROM runs
WHERE n_new > 0 AND n_documents > 0 AND n_articles = 0 AND run_no = (SELECT max(run_no) FROM runs);
