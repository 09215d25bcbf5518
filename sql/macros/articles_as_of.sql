-- Grain: that of the view articles, which is this at 'infinity'; of the revisions known at t by a clock.
CREATE OR REPLACE MACRO articles_as_of(t, clock) AS TABLE
SELECT r.* FROM revisions AS r JOIN known_revisions(t, clock) AS c USING (article_id, revision);
