-- Grain: that of the view event_mentions, which is this at 'infinity'; of the revisions known at t by a clock.
CREATE OR REPLACE MACRO event_mentions_as_of(t, clock) AS TABLE
SELECT m.article_id, m.event_id, bool_or(m.is_main) AS is_main
FROM told_events AS m JOIN known_revisions(t, clock) USING (article_id, revision)
GROUP BY ALL;
