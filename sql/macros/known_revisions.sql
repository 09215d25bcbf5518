-- Grain: an article that is known at t, and the revision of it that stood then: the latest that was in the ledger (clock
-- 'seen') or in print ('published') by t. At 'infinity' that is the current one, on either clock.
CREATE OR REPLACE MACRO known_revisions(t, clock) AS TABLE
SELECT r.article_id, max(r.revision) AS revision
FROM revisions AS r
WHERE CASE clock WHEN 'seen' THEN r.first_seen_at ELSE r.printed_at END <= asked_time(t, clock)
GROUP BY r.article_id;
