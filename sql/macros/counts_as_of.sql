-- Grain: that of the view counts, which is this at 'infinity'; of the revisions known at t by a clock.
CREATE OR REPLACE MACRO counts_as_of(t, clock) AS TABLE
SELECT h.* EXCLUDE (revision, seen_at)
FROM counts_history AS h JOIN known_revisions(t, clock) AS c USING (article_id, revision);
